#!/usr/bin/python3
"""labs_test.py UNDERSTUDY sshd|serial|chassis [all]: exos-11.3 through the doors of a lab.

Ten cases on each (or the whole suite); verdicts as on processes, where the lab can do what they need. What
stands in the way of a session is told in one line before anything is done. No password is in anything that
a run writes.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from harness_under_test import SOURCE, environment, not_passed, report

UNDERSTUDY = sys.argv.pop(1)
KIND = sys.argv.pop(1)
PATTERN = "*" if sys.argv[1:] == ["all"] and sys.argv.pop() else "unsaved-changes-*"
LAB = SOURCE / "fixtures/labs/lab.py"
TESTBED = SOURCE / f"fixtures/testbeds/exos-11.3-{KIND}.yaml"
FEWEST_CASES = 150 if PATTERN == "*" else 10


def in_lab(*words, timeout=3000, **more):
    path = f"{pathlib.Path(UNDERSTUDY).resolve().parent}:{os.environ['PATH']}"
    return subprocess.run([LAB, KIND, *map(str, words)], env={**environment(), "PATH": path, **more}, text=True,
                          timeout=timeout, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(testbed, out, *more, jobs=2):
    return ["understudy", "run", "exos-11.3", "--testbed", testbed, "--out", out, "--jobs", jobs, *more]


class Lab(unittest.TestCase):
    def setUp(self):
        keep = tempfile.TemporaryDirectory()
        self.addCleanup(keep.cleanup)
        self.root = pathlib.Path(keep.name)
        self.out = self.root / "out"

    def changed(self, *pairs):
        text = TESTBED.read_text()
        for before, after in pairs:
            self.assertIn(before, text)
            text = text.replace(before, after)
        path = self.root / "changed.yaml"
        path.write_text(text)
        return path


class Doors(Lab):
    def test_the_verdicts_are_those_of_processes(self):
        ended = in_lab(*run(TESTBED, self.out, "--case", PATTERN))
        cases = report(self.out)["cases"]
        self.assertEqual({}, not_passed(self.out), ended.stderr)
        self.assertGreaterEqual(len({case["case"] for case in cases}), FEWEST_CASES)
        self.assertEqual(0, ended.returncode)


class Ssh(Lab):
    ONE = ("--case", "both-msms-tell-both-states")

    def refused(self, testbed, **more):
        ended = in_lab(*run(testbed, self.out, *self.ONE), **more)
        self.assertEqual(3, ended.returncode, ended.stdout + ended.stderr)
        self.assertEqual(1, len(ended.stderr.strip().splitlines()), ended.stderr)
        self.assertIn("changed.yaml:", ended.stderr)
        return ended.stderr

    def passes(self, testbed, *before, **more):
        ended = in_lab(*before, *run(testbed, self.out, *self.ONE), **more)
        self.assertEqual(0, ended.returncode, ended.stdout + ended.stderr)
        self.assertEqual({}, not_passed(self.out))

    def test_a_server_that_is_not_known_is_refused(self):
        testbed = self.changed(("${UNDERSTUDY_LAB}/known_hosts", str(self.root / "empty")))
        self.assertIn("its host key is not known: SHA256:", self.refused(testbed))

    def test_a_server_that_is_not_known_is_believed_once_where_the_testbed_says_so(self):
        known = self.root / "known"
        self.passes(self.changed(("${UNDERSTUDY_LAB}/known_hosts", str(known)),
                                 ("login:", "host-key: trust-on-first-use, login:")))
        self.assertIn("ssh-ed25519", known.read_text())

    def test_a_key_that_is_not_authorised_is_refused(self):
        self.assertIn("the login was refused", self.refused(self.changed(("/MSM-A\"", "/host_key\""))))

    def test_an_agent_has_the_key(self):
        testbed = self.changed(('key: "${UNDERSTUDY_LAB}/MSM-A", ', ""), ('key: "${UNDERSTUDY_LAB}/MSM-B", ', ""))
        self.passes(testbed, "ssh-agent", "sh", "-c", 'ssh-add -q "$UNDERSTUDY_LAB/MSM-A" && exec "$@"', "sh",
                    HOME=str(self.root))

    def test_a_jump_host_leads_there(self):
        self.passes(self.changed(("login:", 'jump: "${UNDERSTUDY_LAB_USER}@${UNDERSTUDY_LAB_SSH}", login:')))

    def test_a_lab_that_is_not_there_is_named(self):
        ended = subprocess.run([UNDERSTUDY, "check", TESTBED], env=environment(), text=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(3, ended.returncode)
        self.assertIn("fixtures/labs/lab.py", ended.stdout + ended.stderr)


class Chassis(Lab):
    PASSWORD = "correct.horse.42"

    def run_attended(self):
        return in_lab(LAB, "operator", *run(TESTBED, self.out, "--case", PATTERN, "--attended", jobs=1))

    def test_what_can_be_done_is_judged_and_nothing_fails(self):
        ended = self.run_attended()
        cases = report(self.out)["cases"]
        names = {case["case"] for case in cases}
        were_run = {case["case"] for case in cases if case["outcome"] == "PASS"}
        missed = {key: value for key, value in not_passed(self.out).items() if value[0] != "NOT RUN"}
        self.assertEqual({}, missed, ended.stdout[-2000:])
        self.assertGreaterEqual(len(were_run), 0.45 * len(names))
        for case in cases:
            for verdict in case["verdicts"]:
                if verdict["outcome"] == "NOT RUN":
                    self.assertTrue(verdict["cause"], case["plan"])

    def test_one_module_alone_wants_an_operator(self):
        ended = in_lab(*run(TESTBED, self.out, "--case", "master-loses-power", jobs=1))
        self.assertIn("NOT RUN      master-loses-power  lose: ", ended.stdout)
        self.assertIn("outlet pdu3-12 feeds MSM-", ended.stdout)

    def test_the_password_is_in_nothing_that_a_run_writes(self):
        ended = in_lab(*run(TESTBED, self.out, "--case", "backup-reboots", jobs=1),
                       UNDERSTUDY_LAB_PASSWORD=self.PASSWORD)
        self.assertIn(ended.returncode, (0, 2), ended.stdout + ended.stderr)  # a busy machine is too slow
        written = {path: path.read_bytes() for path in self.out.rglob("*") if path.is_file()}
        sent = b"".join(text for path, text in written.items() if path.name.endswith(".console.jsonl"))
        self.assertTrue(b'"' + b"*" * len(self.PASSWORD) in sent, "the password was never sent")
        for path, text in written.items():
            self.assertFalse(self.PASSWORD.encode() in text, path)
        self.assertNotIn(self.PASSWORD, ended.stdout + ended.stderr)


KINDS = {"sshd": (Doors, Ssh), "serial": (Doors,), "chassis": (Chassis,)}

if __name__ == "__main__":
    unittest.main(defaultTest=[each.__name__ for each in KINDS[KIND]])
