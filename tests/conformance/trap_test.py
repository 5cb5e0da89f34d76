#!/usr/bin/python3
"""trap_test.py UNDERSTUDY_NODE: a failover between two nodes sends an SNMP trap that others can read.

The trap is decoded by pysnmp, which knows nothing of us; EXTREME-TRAP-MIB names its objects.
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

from pyasn1.codec.ber import decoder
from pysnmp.proto import api

NODE = sys.argv.pop(1)
ADMIN, KEEPALIVE = 2, 7


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Console:
    """A node's standard input and output; reads until a text comes."""

    def __init__(self, slot, listen, peer, state):
        self.process = subprocess.Popen(
            [NODE, "--slot", slot, "--listen", f"127.0.0.1:{listen}", "--peer", f"127.0.0.1:{peer}",
             "--state", str(state), "--login", "none", "--boot", "100ms", "--election", "200ms",
             "--heartbeat", "50ms"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.seen = b""

    def expect(self, text):
        while text.encode() not in self.seen:
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                raise AssertionError(f"ended before {text!r}: {self.seen[-500:]!r}")
            self.seen += more
        seen, _, self.seen = self.seen.partition(text.encode())
        return seen.decode()

    def type(self, line):
        self.process.stdin.write(line.encode() + b"\r")

    def ask_until(self, command, text):
        """Repeats `command` until its answer holds `text`."""
        while True:
            self.type(command + " | include State")
            self.expect("Current State:")
            if text in self.expect("# "):
                return


class Trap(unittest.TestCase):
    def setUp(self):
        self.keep = tempfile.TemporaryDirectory()
        self.receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.receiver.bind(("127.0.0.1", 0))
        self.receiver.settimeout(60)
        ports = free_port(), free_port()
        folder = pathlib.Path(self.keep.name)
        self.a = Console("A", ports[0], ports[1], folder / "a")
        self.b = Console("B", ports[1], ports[0], folder / "b")
        self.a.expect("# ")
        self.b.expect("# ")
        self.a.ask_until("show switch", "MASTER")
        self.a.type(f"configure snmp add trapreceiver 127.0.0.1 port {self.receiver.getsockname()[1]} community lab")
        self.a.expect("# ")
        self.a.ask_until("show switch", "(In Sync)")

    def tearDown(self):
        for node in self.a, self.b:
            node.process.kill()
            node.process.wait()
            node.process.stdin.close()
            node.process.stdout.close()
        self.receiver.close()
        self.keep.cleanup()

    def take_trap(self):
        bytes_ = self.receiver.recv(4096)
        module = api.protoModules[api.decodeMessageVersion(bytes_)]
        message, rest = decoder.decode(bytes_, asn1Spec=module.Message())
        self.assertEqual(b"", rest)
        self.assertEqual("lab", str(module.apiMessage.getCommunity(message)))
        pdu = module.apiMessage.getPDU(message)
        self.assertTrue(pdu.isSameTypeWith(module.SNMPv2TrapPDU()))
        return {str(name): value for name, value in module.apiPDU.getVarBinds(pdu)}

    def check(self, trap, cause):
        self.assertEqual("1.3.6.1.4.1.1916.4.1.0.5", str(trap["1.3.6.1.6.3.1.1.4.1.0"]))
        self.assertIn("ExtremeWare XOS version 11.3", str(trap["1.3.6.1.2.1.1.1.0"]))
        self.assertEqual(6, int(trap["1.3.6.1.4.1.1916.1.1.2.1.0"]))  # MSM-B of an 8810
        self.assertEqual(cause, int(trap["1.3.6.1.4.1.1916.1.1.1.33.0"]))
        self.assertIn("1.3.6.1.2.1.1.3.0", trap)

    def test_an_ordered_failover_tells_admin(self):
        self.a.type("run msm-failover")
        self.check(self.take_trap(), ADMIN)

    def test_a_lost_master_tells_keepalive(self):
        self.a.process.send_signal(signal.SIGKILL)
        self.check(self.take_trap(), KEEPALIVE)


if __name__ == "__main__":
    unittest.main()
