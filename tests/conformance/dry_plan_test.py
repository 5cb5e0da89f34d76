#!/usr/bin/python3
"""dry_plan_test.py UNDERSTUDY: `plan --dry` of a device says all that a run may send, before it sends any.

A chassis with two consoles, a login on each, one outlet for both modules and hands at the terminal. None of it
is there: a plan starts nothing.
"""
import pathlib
import sys
import tempfile
import unittest

from harness_under_test import understudy

UNDERSTUDY = sys.argv.pop(1)
TESTBED = """
testbed: lab-7
dialect: exos
nodes:
  MSM-A: {console: {telnet: "ts1:7001", login: {user: admin, password: hunter2horse}},
          power: {by: operator}, identity: MSM-A}
  MSM-B: {console: {telnet: "ts1:7002", login: {user: admin, password: hunter2horse}},
          power: {by: operator}, identity: MSM-B}
outlets:
  pdu3-12: {feeds: [MSM-A, MSM-B], "on": [pdu, "on", "12"], "off": [pdu, "off", "12"], state: [pdu, state, "12"]}
hands: {remove: operator}
timing: {heartbeat: 100ms, limit: 3, boot: 1s, answer: 2s, resolve: 1s}
allow: [reads, changes, disrupts, wears-flash]
scratch: {vlans: 3900-3999, config: understudy}
"""
SUITE = """
suite: tiny
title: A small suite
product: Any
edition: "1"
clauses:
  it-holds: {level: MUST, source: SEED, citation: "manual, page 1", statement: It holds.}
cases:
  chassis-loses-power:
    title: What was saved is there after the power was away
    given: {master: MASTER}
    steps:
      - do: {save: master}
      - do: {lose: chassis}
      - do: {power-on: chassis}
      - expect: {any.state: MASTER}
        within: 20s
        checks: it-holds
  master-is-taken-out:
    title: A module is taken out
    given: {master: MASTER}
    steps:
      - do: {remove: master}
      - pause: 5s
      - expect: {any.state: MASTER}
        within: 20s
        checks: it-holds
"""


class DryPlan(unittest.TestCase):
    def setUp(self):
        keep = tempfile.TemporaryDirectory()
        self.addCleanup(keep.cleanup)
        self.folder = pathlib.Path(keep.name)
        (self.folder / "tiny.yaml").write_text(SUITE, encoding="utf-8")
        (self.folder / "lab.yaml").write_text(TESTBED, encoding="utf-8")

    def dry(self, *more):
        done = understudy(UNDERSTUDY, "plan", "tiny.yaml", "--testbed", "lab.yaml", "--dry", *more, cwd=self.folder)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        return done.stdout

    def test_logins_keys_custody_and_recovery_are_told(self):
        lines = self.dry().splitlines()
        for line in ('  each console, where it is silent: "\\r"', "  MSM-A, asked for a login: admin",
                     "  MSM-B, asked for a password: ********", "  each console, after login: disable clipaging",
                     "  leader, to put sysname back where it changed: configure snmp sysname {value}",
                     "  leader, where a case leaves the device down: reboot",
                     "  outlet pdu3-12, where a case leaves the device down: pdu off 12"):
            self.assertIn(line, lines)
        self.assertNotIn("hunter2horse", "\n".join(lines))

    def test_each_command_is_told_once_with_all_that_it_is_for(self):
        asked = [line for line in self.dry().splitlines() if line.endswith(": show switch")]
        self.assertEqual(1, len(asked), asked)
        for purpose in ("whose it is", "to take sysname", "to read", "after a failure"):
            self.assertIn(purpose, asked[0])

    def test_the_commands_of_an_outlet_stand_below_the_act(self):
        text = self.dry()
        self.assertIn("  bench: lose chassis\n    outlet pdu3-12 of MSM-A, MSM-B: pdu off 12\n"
                      "    outlet pdu3-12 of MSM-A, MSM-B: pdu state 12\n", text)
        self.assertIn("  bench: power-on chassis\n    outlet pdu3-12 of MSM-A, MSM-B: pdu on 12\n", text)

    def test_what_wears_a_flash_is_counted(self):
        text = self.dry()
        self.assertIn("  master: save configuration\n", text)
        self.assertIn("  flash writes: master 1\n", text)
        self.assertIn("\nflash writes: master 1; custody adds one for each thing in flash", text)

    def test_what_does_not_run_adds_nothing_to_what_is_waited_for(self):
        self.assertIn("\n2 plans, 1 not run; pauses and spans add up to 0s\n", self.dry())
        self.assertIn("\n2 plans; pauses and spans add up to 5s\n", self.dry("--attended"))
        read_only = TESTBED.replace("allow: [reads, changes, disrupts, wears-flash]", "")
        (self.folder / "read-only.yaml").write_text(read_only, encoding="utf-8")
        done = understudy(UNDERSTUDY, "plan", "exos-11.3", "--testbed", "read-only.yaml", "--dry", cwd=self.folder)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertNotIn("waits add up to 0s", done.stdout)

    def test_hands_are_asked_for_where_somebody_attends(self):
        self.assertIn("  not run: act remove: only hands can do it here; --attended asks for them\n", self.dry())
        self.assertIn("    by hand, asked for at the terminal: remove master\n", self.dry("--attended"))


if __name__ == "__main__":
    unittest.main()
