#!/usr/bin/python3
"""new_family_test.py UNDERSTUDY: a device family added without a compiler.

fixtures/new-family is what docs/new-family.md leads to: a dialect written from `understudy new dialect`, and
recorded sessions that `understudy replay` plays as devices. It is probed, run, and damaged in every way that
the guide promises words for; a session is recorded from it and played back.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from harness_under_test import understudy

UNDERSTUDY = os.path.abspath(sys.argv.pop(1))
FAMILY = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "new-family"
SUITE = """
suite: offices
title: What the units say of themselves
product: Harbor
edition: "4.2"
limits: {boot: {is: 4 * boot, source: "the testbed"}}
clauses:
  offices-are-told: {level: MUST, source: SEED, citation: "manual, page 1", statement: Offices are told.}
cases:
  offices-are-told:
    title: Primary and backup are told, and the backup's standby state
    given: {master: MASTER, backup: BACKUP}
    steps:
      - expect: {backup.state: BACKUP, master sees backup.sync: STATE, master.sync: none}
        checks: offices-are-told
"""


class NewFamily(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name) / "lab"
        shutil.copytree(FAMILY, self.folder)
        os.environ["PATH"] = os.path.dirname(UNDERSTUDY) + os.pathsep + os.environ["PATH"]

    def call(self, *arguments, **options):
        return understudy(UNDERSTUDY, *arguments, cwd=self.folder, timeout=120, **options)

    def change(self, name, old, new):
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def findings(self):
        done = self.call("probe", "--testbed", "harbor", "--json")
        return done.returncode, {found["question"]: found for found in json.loads(done.stdout)
                                 if found["node"] == "Unit-1"}

    def test_every_start_is_sound_and_never_written_over(self):
        for kind, path in (("testbed", "testbeds/mine.yaml"), ("dialect", "dialects/mine"), ("suite", "suites/mine")):
            self.assertEqual(0, self.call("new", kind, "mine").returncode)
            checked = self.call("check", path)
            self.assertEqual((0, ""), (checked.returncode, checked.stderr))
            again = self.call("new", kind, "mine")
            self.assertEqual(3, again.returncode)
            self.assertIn("is there already", again.stderr)
        self.assertEqual(3, self.call("new", "suite", "../elsewhere").returncode)

    def test_the_family_is_honest(self):
        status, findings = self.findings()
        self.assertEqual((0, {True}), (status, {found["good"] for found in findings.values()}), findings)
        self.assertIn("2 stops at a page", findings["a long output comes whole, with and without pages"]["words"])

    def test_its_claims_are_judged(self):
        for state, status in (("InSync", 0), ("NotInSync", 1)):
            (self.folder / "offices.yaml").write_text(SUITE.replace("STATE", state), encoding="utf-8")
            done = self.call("run", "offices.yaml", "--testbed", "harbor", "--out", "out-" + state)
            self.assertEqual(status, done.returncode, done.stdout + done.stderr)

    def test_a_wrong_prompt_is_told_with_the_line_that_it_does_not_fit(self):
        self.change("dialects/harbor/dialect.yaml", r"(?<prompt><[\w.-]+>)", r"(?<prompt>[\w.-]+#)")
        self.change("testbeds/harbor.yaml", "answer: 3s", "answer: 1s")
        status, findings = self.findings()
        self.assertEqual(2, status)
        words = findings["it shows a prompt"]["words"]
        self.assertIn("console.prompt does not fit the last line, `<Unit-1>`", words)

    def test_a_wrong_refusal_is_told_with_the_answer_that_it_does_not_fit(self):
        self.change("dialects/harbor/dialect.yaml", "Unrecognized|", "")
        status, findings = self.findings()
        self.assertEqual(2, status)
        self.assertIn("which no pattern of refusals fits", findings["an unknown command is refused"]["words"])

    def test_a_wrong_word_is_told_with_its_line(self):
        self.change("dialects/harbor/dialect.yaml", "{Primary: MASTER}", "{Master: MASTER}")
        status, findings = self.findings()
        self.assertEqual(2, status)
        self.assertIn("Primary", findings["`display redundancy` can be read"]["words"])

    def test_a_pager_that_the_dialect_does_not_know_is_told(self):
        self.change("dialects/harbor/dialect.yaml", "---- More ----", "-- more --")
        status, findings = self.findings()
        self.assertEqual(2, status)
        self.assertFalse(findings["a long output comes whole, with and without pages"]["good"])

    def test_a_recorded_session_plays_back_as_it_was(self):
        typed = "display redundancy\ndisplay current-configuration\n \n \ndisplay clock\n"
        done = self.call("record", "--testbed", "harbor", "--node", "Unit-2", "--out", "kept", typed=typed)
        self.assertEqual(0, done.returncode, done.stderr)
        printed = (self.folder / "kept" / "Unit-2.console").read_bytes()
        self.assertIn(b"10:11:12 UTC", printed)
        played = subprocess.run([UNDERSTUDY, "replay", "kept/Unit-2.session.jsonl"], cwd=self.folder, timeout=60,
                                input=b"display redundancy\rdisplay current-configuration\r  display clock\r",
                                capture_output=True, check=True)
        self.assertEqual(printed, played.stdout)

    def test_a_line_that_was_never_recorded_brings_the_prompt_back(self):
        played = subprocess.run([UNDERSTUDY, "replay", "sessions/Unit-1.session.jsonl"], cwd=self.folder, timeout=60,
                                input=b"reboot\rdisplay clock\r", capture_output=True, check=True)
        self.assertTrue(played.stdout.endswith(b"<Unit-1>reboot\r\n<Unit-1>display clock\r\n"
                                               b"10:11:12 UTC Mon 03/04/2013\r\n<Unit-1>"), played.stdout)

    def test_what_is_no_session_is_refused_with_its_line(self):
        (self.folder / "bad.jsonl").write_text('{"at":1,"received":"x"}\n{"at":2}\n', encoding="utf-8")
        done = self.call("replay", "bad.jsonl")
        self.assertEqual(3, done.returncode)
        self.assertIn("bad.jsonl:2: is no line of a session", done.stderr)


if __name__ == "__main__":
    unittest.main()
