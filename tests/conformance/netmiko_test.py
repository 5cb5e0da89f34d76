#!/usr/bin/python3
"""netmiko_test.py UNDERSTUDY_NODE: Netmiko's extreme_exos driver at the TCP console of one node.

The driver knows nothing of us: it logs in, turns paging and questions off, tells prompts with a counter
and an unsaved mark from answers, and saves.
"""
import socket
import subprocess
import sys
import tempfile
import unittest

from netmiko import ConnectHandler

NODE = sys.argv.pop(1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Netmiko(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory()
        port = free_port()
        cls.node = subprocess.Popen(
            [NODE, "--slot", "A", "--listen", "127.0.0.1:0", "--state", cls.keep.name,
             "--console", f"tcp:127.0.0.1:{port}", "--boot", "100ms", "--election", "100ms"],
            stdin=subprocess.DEVNULL)
        while cls.node.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                pass
        cls.device = ConnectHandler(device_type="extreme_exos_telnet", host="127.0.0.1", port=port,
                                    username="admin", password="")
        while "MASTER" not in cls.device.send_command("show switch"):
            pass

    @classmethod
    def tearDownClass(cls):
        cls.device.disconnect()
        cls.node.terminate()
        cls.node.wait(timeout=30)
        cls.keep.cleanup()

    def test_a_long_answer_comes_whole_and_without_its_pager(self):
        answer = self.device.send_command("show configuration")
        self.assertNotIn("Press <SPACE>", answer)
        self.assertIn("End of configuration", answer + self.device.send_command("show configuration"))

    def test_commands_may_be_abbreviated_and_their_answers_filtered(self):
        self.assertRegex(self.device.send_command("sh sw | include State"), r"\ACurrent State: +MASTER\s*\Z")

    def test_a_change_marks_the_prompt_until_it_is_saved(self):
        self.assertEqual("", self.device.send_command("create vlan v7"))
        self.assertRegex(self.device.find_prompt(), r"^\* BD-8810\.\d+ #$")
        self.assertIn("v7", self.device.send_command("show vlan | include v7"))
        self.assertIn("done!", self.device.save_config())
        self.assertRegex(self.device.find_prompt(), r"^BD-8810\.\d+ #$")

    def test_errors_read_as_the_platform_prints_them(self):
        self.assertIn("%% Invalid input detected at '^' marker.", self.device.send_command("show bogus"))
        self.assertIn("%% Incomplete command", self.device.send_command("create vlan"))


if __name__ == "__main__":
    unittest.main()
