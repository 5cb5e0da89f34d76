#!/usr/bin/python3
"""listeners_test.py UNDERSTUDY: SNMP traps and syslog lines as facts, on node processes.

Each job has ports of its own; a port that is taken stops the run; what comes is told although every
console is dead; a community is written nowhere.
"""
import json
import os
import pathlib
import re
import socket
import sys
import tempfile
import threading
import unittest

from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto import api

from harness_under_test import SOURCE, understudy, verdicts

UNDERSTUDY = sys.argv.pop(1)
SECRET = "s3cret-community"

SENDER = """
import socket, sys
host, port = sys.argv[1].rsplit(":", 1)
data = bytes.fromhex(sys.argv[2]) if sys.argv[3] == "hex" else sys.argv[2].encode()
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(data, (host, int(port)))
"""
# extremeMsmFailoverTrap of the MSM in slot 6, keepalive; encoded by pysnmp.
TRAP = (SOURCE / "tests/fuzz/corpus/datagram/v2-failover").read_bytes()[1:]

SUITE = """
suite: dead-consoles
product: p
edition: "1"
documents: {guide: G}
attributes: [traps.failover, syslog.node-failed]
clauses:
  it-is-heard: {level: MUST, source: PUBLIC, citation: "guide, page 1", statement: S}
cases:
  both-consoles-are-dead:
    title: What is sent while no node lives is heard
    given: {master: MASTER, backup: BACKUP}
    steps:
      - do: {lose: chassis}
      - do: {press: {node: backup, button: reset}}
      - expect: {traps sees backup.traps.failover: 1, traps sees backup.failover.cause: keepalive}
        within: 2s
        checks: it-is-heard
      - do: {repair: {node: master, part: fan}}
      - expect: {syslog sees master.syslog.critical: 1, syslog sees master.syslog.node-failed: 1}
        within: 2s
        checks: it-is-heard
      - do: {break: {node: master, part: fan}}
      - expect: {traps sees each.traps: 0}
        for: 200ms
        checks: it-is-heard
"""


ASKING = """
suite: asking
product: p
edition: "1"
documents: {guide: G}
clauses:
  it-answers: {level: MUST, source: PUBLIC, citation: "guide, page 1", statement: S}
cases:
  snmp-answers:
    title: What SNMP get answers is read, whatever becomes of the consoles
    given: {master: MASTER, backup: BACKUP}
    steps:
      - expect: {snmp sees backup.failover.cause: removal}
        checks: it-answers
      - do: {lose: chassis}
      - expect: {snmp sees backup.failover.cause: removal}
        within: 2s
        checks: it-answers
"""


class Agent(threading.Thread):
    """Answers SNMP get as an MSM in slot 6 whose latest failover was a removal; others' communities get nothing."""

    VALUES = {(1, 3, 6, 1, 4, 1, 1916, 1, 1, 2, 1, 0): 6, (1, 3, 6, 1, 4, 1, 1916, 1, 1, 1, 33, 0): 4}

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def run(self):
        module = api.protoModules[api.protoVersion2c]
        while True:
            data, sender = self.socket.recvfrom(4096)
            request, _ = decoder.decode(data, asn1Spec=module.Message())
            if str(module.apiMessage.getCommunity(request)) != SECRET:
                continue
            asked = module.apiMessage.getPDU(request)
            answer = module.apiPDU.getResponse(asked)
            module.apiPDU.setVarBinds(answer, [(name, module.Integer(self.VALUES[tuple(name)]))
                                               for name, _ in module.apiPDU.getVarBinds(asked)])
            message = module.apiMessage.getResponse(request)
            module.apiMessage.setPDU(message, answer)
            self.socket.sendto(encoder.encode(message), sender)


class Listeners(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.keep = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.keep.name)
        self.text = (SOURCE / "fixtures/testbeds/exos-11.3-processes.yaml").read_text()

    def tearDown(self):
        self.keep.cleanup()

    def lab(self, listeners, text=None):
        text = re.sub(r"(?m)^listeners:.*$", listeners, text or self.text)
        path = self.root / "lab.yaml"
        path.write_text(text)
        return path

    def run_cases(self, testbed, case, *more, suite="exos-11.3"):
        return understudy(UNDERSTUDY, "run", suite, "--testbed", testbed, "--case", case, "--out", self.root / "out",
                          *more)

    def assert_secret_is_nowhere(self):
        # What modules say to each other is captured as it is, and they relay their configuration.
        files = [path for path in (self.root / "out").rglob("*")
                 if path.is_file() and not path.name.startswith("backplane.")]
        self.assertGreater(len(files), 5)
        for path in files:
            self.assertFalse(SECRET.encode() in path.read_bytes(), path)

    def outcomes(self):
        return {key[:2]: value[0] for key, value in verdicts(self.root / "out").items()}

    def test_two_jobs_at_once_hear_their_own_switch_alone(self):
        done = self.run_cases("exos-11.3-processes", "an-ordered-failover-is-notified", "--jobs", "2")
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        captures = list((self.root / "out").rglob("traps.pcap"))
        self.assertEqual(2, len(captures))
        ports = set()
        for path in captures:
            data = path.read_bytes()
            self.assertIn(bytes.fromhex("2b060104018e7c01010121"), data)  # extremeMsmFailoverCause
            ports.add(data[24 + 16 + 22:24 + 16 + 24])
            sealed = json.loads((path.parent / "run.json").read_text())
            self.assertIn("traps.pcap", json.dumps(sealed))
        self.assertEqual(2, len(ports))

    def test_a_port_that_is_taken_is_one_line_and_status_3(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            testbed = self.lab(f'listeners: {{traps: "udp:127.0.0.1:{port}"}}')
            done = self.run_cases(testbed, "a-lost-master-is-notified")
        self.assertEqual(3, done.returncode, done.stdout)
        self.assertRegex(done.stderr.strip().splitlines()[-1],
                         rf"lab.yaml:\d+: traps cannot listen on 127.0.0.1:{port}: Address already in use")

    def test_without_a_listener_the_case_is_not_run_with_the_word(self):
        testbed = self.lab("")
        self.run_cases(testbed, "a-lost-master-is-notified")
        self.assertEqual({("NOT RUN", "listener traps")},
                         {value[:2] for value in verdicts(self.root / "out").values()})

    def test_a_community_is_written_nowhere(self):
        os.environ["UNDERSTUDY_TEST_COMMUNITY"] = SECRET
        testbed = self.lab(
            'listeners: {traps: {at: "udp:127.0.0.1", community: {env: UNDERSTUDY_TEST_COMMUNITY}}}')
        done = self.run_cases(testbed, "a-lost-master-is-notified")
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        # It passed, so the switch sent with it: a trap with another one is not believed.
        self.assert_secret_is_nowhere()
        self.assertNotIn(SECRET, done.stdout + done.stderr)

    def ask(self, community):
        (self.root / "asking").mkdir(exist_ok=True)
        (self.root / "asking/clauses.yaml").write_text(ASKING)
        agent = Agent()
        agent.start()
        os.environ["UNDERSTUDY_TEST_COMMUNITY"] = community
        testbed = self.lab(
            f'snmp: {{address: "127.0.0.1:{agent.port}", community: {{env: UNDERSTUDY_TEST_COMMUNITY}}}}')
        return self.run_cases(testbed, "*", suite=self.root / "asking")

    def test_snmp_get_is_answered_whatever_becomes_of_the_consoles(self):
        done = self.ask(SECRET)
        self.assertEqual({"PASS"}, set(self.outcomes().values()), done.stdout + done.stderr)
        self.assert_secret_is_nowhere()

    def test_an_agent_that_does_not_answer_is_inconclusive_and_never_a_failure(self):
        self.ask("another")
        found = {value[:2] for key, value in verdicts(self.root / "out").items() if key[1] == "it-answers"}
        self.assertEqual({"INCONCLUSIVE"}, {outcome for outcome, _ in found}, found)

    def test_what_comes_is_heard_although_every_console_is_dead(self):
        (self.root / "send.py").write_text(SENDER)
        (self.root / "suite").mkdir()
        (self.root / "suite/clauses.yaml").write_text(SUITE)
        send = f"/usr/bin/python3, {self.root}/send.py"
        hands = (f'hands:\n  press: [{send}, "${{traps}}", {TRAP.hex()}, hex]\n'
                 f'  repair: [{send}, "${{syslog}}", "<130>Jun  2 10:42:18 MSM-A NM: <Crit:NM.NodeStateFail> x", text]\n'
                 f'  break: [{send}, "${{traps}}", "no BER at all", text]\n')
        text = re.sub(r"(?ms)^hands:\n.*?^timing:", hands + "timing:", self.text)
        text = re.sub(r"(?m)^    address:.*\n", "", text)
        testbed = self.lab('listeners: {traps: "udp:127.0.0.1", syslog: "udp:127.0.0.1"}', text)
        done = self.run_cases(testbed, "*", suite=self.root / "suite")
        self.assertNotEqual(3, done.returncode, done.stderr)
        self.assertEqual({"PASS"}, set(self.outcomes().values()) - {"NOT RUN"}, done.stdout + done.stderr)
        history = "".join(path.read_text() for path in (self.root / "out").rglob("history.jsonl"))
        self.assertEqual(1, history.count("13 bytes from 127.0.0.1"), "one line about what could not be read")


if __name__ == "__main__":
    unittest.main()
