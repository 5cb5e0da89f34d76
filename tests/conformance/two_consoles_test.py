#!/usr/bin/python3
"""two_consoles_test.py UNDERSTUDY UNDERSTUDY_NODE: procurve-8212zl on a chassis that is already there, by two consoles.

The modules are processes that nobody of ours has started; each has its console at a TCP port, as behind a
terminal server. Both consoles are asked whose they are; what a case leaves behind is told.
"""
import functools
import pathlib
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import unittest

from harness_under_test import not_passed, understudy

UNDERSTUDY, NODE = sys.argv[1:3]
del sys.argv[1:3]
SERIAL = "SG735SU0AA"
CHANGES = "[reads, changes, disrupts, wears-flash]"


def free_ports(count, kind):
    probes = [socket.socket(type=kind) for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Outlets(socketserver.ThreadingTCPServer):
    """Switches the modules: "on 1", "off 1", "state 1"."""
    daemon_threads = True

    class RequestHandlerClass(socketserver.StreamRequestHandler):
        def handle(self):
            word, slot = self.rfile.readline().decode().split()
            self.wfile.write(self.server.switch(word, slot).encode())

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.RequestHandlerClass)
        self.commands, self.nodes = {}, {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def switch(self, word, slot):
        if word == "on" and slot not in self.nodes:
            self.nodes[slot] = subprocess.Popen(self.commands[slot], stdin=subprocess.DEVNULL)
        if word == "off" and slot in self.nodes:
            node = self.nodes.pop(slot)
            node.kill()
            node.wait(timeout=30)
        return "on" if slot in self.nodes else "off"

    def words(self, word, slot):
        port = self.server_address[1]
        return f'[bash, -c, "exec 3<>/dev/tcp/127.0.0.1/{port}; echo {word} {slot} >&3; cat <&3"]'

    def close(self):
        for slot in list(self.nodes):
            self.switch("off", slot)
        self.shutdown()
        self.server_close()


class Chassis(unittest.TestCase):
    login = "none"

    def setUp(self):
        keep = tempfile.TemporaryDirectory()
        self.addCleanup(keep.cleanup)
        self.root = pathlib.Path(keep.name)
        self.outlets = Outlets()
        self.addCleanup(self.outlets.close)
        self.consoles = free_ports(2, socket.SOCK_STREAM)
        links = free_ports(2, socket.SOCK_DGRAM)
        for slot, console, own, peer in zip("12", self.consoles, links, reversed(links)):
            self.outlets.commands[slot] = [
                NODE, "--profile", "procurve-8212zl", "--slot", slot, "--listen", f"127.0.0.1:{own}",
                "--peer", f"127.0.0.1:{peer}", "--state", str(self.root / slot), "--login", self.login,
                "--console", f"tcp:127.0.0.1:{console}", "--chassis-serial", SERIAL,
                "--heartbeat", "100ms", "--limit", "3", "--boot", "1s", "--finish-boot", "500ms"]
            self.outlets.switch("on", slot)

    def run_case(self, case, ports=None, serial=SERIAL, scratch="{}", allow="[reads]", timing=""):
        first, second = ports or self.consoles
        on, off, state = (functools.partial(self.outlets.words, word) for word in ("on", "off", "state"))
        testbed = self.root / "lab.yaml"
        testbed.write_text(f"""\
testbed: lab
dialect: procurve
identity: {{serial: {serial}}}
nodes:
  MM1: {{console: {{tcp: "127.0.0.1:{first}"}}, identity: MM1}}
  MM2: {{console: {{tcp: "127.0.0.1:{second}"}}, identity: MM2}}
outlets:
  first: {{feeds: [MM1], "on": {on("1")}, "off": {off("1")}, state: {state("1")}}}
  second: {{feeds: [MM2], "on": {on("2")}, "off": {off("2")}, state: {state("2")}}}
scratch: {scratch}
allow: {allow}
timing: {{heartbeat: 100ms, limit: 3, boot: 1s, poll: 50ms, answer: 5s{timing}}}
""")
        return understudy(UNDERSTUDY, "run", "procurve-8212zl", "--testbed", testbed, "--case", case, "--out",
                          self.root / "out", timeout=120)

    def passes(self, ended):
        self.assertEqual(0, ended.returncode, ended.stdout + ended.stderr)
        self.assertEqual({}, not_passed(self.root / "out"))


class TwoConsoles(Chassis):
    def test_both_consoles_tell_the_chassis_and_their_module(self):
        self.passes(self.run_case("module-states-are-the-published-ones"))

    def test_swapped_cables_are_noticed(self):
        ended = self.run_case("module-states-are-the-published-ones", ports=self.consoles[::-1])
        self.assertEqual(3, ended.returncode, ended.stdout + ended.stderr)
        self.assertRegex(ended.stderr, "console is `MM[12]`, and the testbed says `MM[12]`")

    def test_another_chassis_is_noticed(self):
        ended = self.run_case("module-states-are-the-published-ones", serial="SG000")
        self.assertEqual(3, ended.returncode, ended.stdout + ended.stderr)
        self.assertIn(f"serial is `{SERIAL}`, and the testbed says `SG000`", ended.stderr)

    def test_a_key_is_replaced_only_where_the_testbed_says_so_and_is_told(self):
        ended = self.run_case("a-new-key-is-in-force", allow=CHANGES)
        self.assertIn("scratch ssh-key", ended.stdout + ended.stderr)
        ended = self.run_case("a-new-key-is-in-force", scratch="{ssh-key: rsa}", allow=CHANGES)
        self.passes(ended)
        self.assertRegex(ended.stderr, "left: .*a key that was replaced cannot be put back")


    def test_a_password_is_taken_off_by_the_case(self):
        self.passes(self.run_case("a-password-goes-on-after-a-failover", scratch="{password: understudy}",
                                  allow=CHANGES))
        self.passes(self.run_case("module-states-are-the-published-ones"))

    def test_a_password_is_taken_off_after_a_case_that_ended_before_it_did(self):
        ended = self.run_case("a-password-goes-on-after-a-failover", scratch="{password: understudy}",
                              allow=CHANGES, timing=", failover: 1ms")
        self.assertEqual(2, ended.returncode, ended.stdout + ended.stderr)
        self.assertNotIn("left:", ended.stderr)
        self.passes(self.run_case("module-states-are-the-published-ones"))


class APasswordThatACaseLeft(Chassis):
    login = "manager:understudy"

    def test_locks_nobody_out_of_a_testbed_that_has_it_as_scratch(self):
        self.passes(self.run_case("module-states-are-the-published-ones", scratch="{password: understudy}"))


if __name__ == "__main__":
    unittest.main()
