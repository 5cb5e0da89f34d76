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


# Two devices: one repeats its password when it refuses it, the other prints bytes that are no UTF-8 and a
# character in two pieces, one for each line.
REFUSES = r'''
import os, tty
tty.setraw(0)
os.write(1, b"\r\nlogin: ")
lines, line = 0, b""
while keys := os.read(0, 100):
    for key in keys:
        if key != 13:
            line += bytes([key])
            continue
        lines, said, line = lines + 1, line, b""
        os.write(1, b"\r\nPassword: " if lines % 2 else b"\r\nBad account " + said + b" for admin now")
'''
EIGHT_BITS = r'''
import os, tty
tty.setraw(0)
pieces = [b"\xff\xfe caf\xc3", b"\xa9\r\n\xff\r\n"]
os.write(1, b"\x80> ")
while keys := os.read(0, 100):
    if b"\r" in keys:
        os.write(1, pieces.pop(0) if pieces else b"")
'''

# One that boots in silence for longer than a line of a file waits, asks for a login and stops at a page.
BOOTS = r'''
import os, time, tty
tty.setraw(0)
os.write(1, b"\r\nBooting...\r\n")
time.sleep(1.2)
TABLE = (b"\r\n Unit     Role      Standby state\r\n Unit-1   Primary   -\r\n Unit-2   Backup    Realtime")
ANSWERS = {b"display redundancy": TABLE, b"display clock": b"\r\n10:11:12 UTC Mon 03/04/2013", b"": b"",
           b"screen-length disable": b""}
said, line, asks = b"\r\nlogin: ", b"", "user"
os.write(1, said)
while keys := os.read(0, 100):
    for key in keys:
        if asks == "key":
            asks = "line"
            os.write(1, b"\r                \rvlan 2\r\n<Unit-1>")
        elif key != 13:
            line += bytes([key])
            os.write(1, b"" if asks == "password" else bytes([key]))
        elif asks == "user":
            asks, line = "password", b""
            os.write(1, b"\r\nPassword: ")
        elif asks == "password" and line == b"wrong":
            asks, line = "user", b""
            os.write(1, b"\r\n% Login failed\r\nlogin: ")
        elif asks == "password":
            asks, line = "line", b""
            os.write(1, b"\r\n<Unit-1>")
        elif line == b"save":
            line = b""
            os.write(1, b"\r\nSave it? [Y/N]:")
        elif line == b"display current-configuration":
            asks, line = "key", b""
            os.write(1, b"\r\nvlan 1\r\n  ---- More ----")
        else:
            os.write(1, ANSWERS.get(line, b"\r\n % Unrecognized command") + b"\r\n<Unit-1>")
            line = b""
'''


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

    def test_a_start_that_would_stand_before_another_of_its_name_is_refused(self):
        done = self.call("new", "dialect", "exos")
        self.assertEqual(3, done.returncode)
        self.assertIn("dialects/exos: there is a dialect of this name (take another name", done.stderr)
        self.assertFalse((self.folder / "dialects" / "exos").exists())

    def test_the_start_of_a_testbed_is_of_the_dialect_of_its_name(self):
        self.assertEqual(0, self.call("new", "testbed", "pylon").returncode)
        self.assertIn("dialect: exos ", (self.folder / "testbeds" / "pylon.yaml").read_text(encoding="utf-8"))
        for kind in ("dialect", "testbed"):
            self.assertEqual(0, self.call("new", kind, "jetty").returncode)
        self.assertIn("dialect: jetty ", (self.folder / "testbeds" / "jetty.yaml").read_text(encoding="utf-8"))

    def test_the_start_of_a_suite_leaves_its_testbed_polls_to_decide_its_bound(self):
        for kind in ("suite", "testbed"):
            self.assertEqual(0, self.call("new", kind, "mine").returncode)
        planned = self.call("plan", "mine", "--testbed", "mine").stdout
        self.assertIn("within 3.3s (limits.takeover of mine)", planned)  # three heartbeats of 100ms, polls of 1s

    def test_the_family_is_honest(self):
        status, findings = self.findings()
        self.assertEqual((0, {True}), (status, {found["good"] for found in findings.values()}), findings)
        self.assertIn("2 stops at a page", findings["a long output comes whole, with and without pages"]["words"])

    def test_its_claims_are_judged(self):
        for state, status in (("InSync", 0), ("NotInSync", 1)):
            (self.folder / "offices.yaml").write_text(SUITE.replace("STATE", state), encoding="utf-8")
            done = self.call("run", "offices.yaml", "--testbed", "harbor", "--out", "out-" + state)
            self.assertEqual(status, done.returncode, done.stdout + done.stderr)

    def test_a_dialect_that_does_not_tell_what_is_asked_for_is_named_with_its_folder(self):
        path = self.folder / "testbeds" / "harbor.yaml"
        path.write_text(path.read_text(encoding="utf-8") + "identity: {serial: X1}\n", encoding="utf-8")
        checked = self.call("check", "testbeds/harbor.yaml")
        self.assertEqual(3, checked.returncode)
        self.assertIn("the dialect harbor (dialects/harbor) does not tell `serial`", checked.stderr)

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

    def sent(self, path):
        lines = (self.folder / path).read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["sent"] for line in lines if "sent" in json.loads(line)]

    def test_a_file_is_typed_as_a_run_would(self):
        login = ", login: {user: admin, password: {env: UNDERSTUDY_TEST_PASSWORD}}"
        self.device(BOOTS, login)
        self.change("testbeds/harbor.yaml", "boot: 100ms", "boot: 2s")
        os.environ["UNDERSTUDY_TEST_PASSWORD"] = secret = "hunter2horse"
        done = self.call("record", "--testbed", "harbor", "--node", "Unit-1", "--out", "kept",
                         typed="display nothing\n\ndisplay current-configuration\n \nscreen-length disable\n"
                               "display clock\ndisplay redundancy\n")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(["admin\r", "*" * len(secret) + "\r", "display nothing\r", "\r",
                          "display current-configuration\r", " ", "screen-length disable\r", "display clock\r",
                          "display redundancy\r"], self.sent("kept/Unit-1.session.jsonl"))
        self.assertNotIn("lines", done.stderr)
        self.change("testbeds/harbor.yaml", "{process: [python3, device.py]",
                    "{process: [understudy, replay, kept/Unit-1.session.jsonl]")
        status, findings = self.findings()
        for question in ("it shows a prompt", "an unknown command is refused", "it shows its clock",
                         "`display redundancy` can be read"):
            self.assertTrue(findings[question]["good"], findings[question])

    def test_a_file_of_one_who_logs_in_by_hand_is_typed_at_the_login(self):
        self.device(BOOTS)
        self.change("testbeds/harbor.yaml", "boot: 100ms", "boot: 2s")
        done = self.call("record", "--testbed", "harbor", "--node", "Unit-1", "--out", "kept",
                         typed="admin\nopen sesame\ndisplay clock\n")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(["admin\r", "open sesame\r", "display clock\r"], self.sent("kept/Unit-1.session.jsonl"))
        self.assertIn(b"10:11:12 UTC", (self.folder / "kept" / "Unit-1.console").read_bytes())

    def test_questions_and_unknown_pages_are_answered_by_the_file(self):
        self.device(BOOTS)
        self.change("dialects/harbor/dialect.yaml", "---- More ----", "-- more --")
        done = self.call("record", "--testbed", "harbor", "--node", "Unit-1", "--out", "kept",
                         typed="admin\nopen sesame\ndisplay current-configuration\n \nsave\ny\ndisplay clock\n")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(["admin\r", "open sesame\r", "display current-configuration\r", " ", "save\r", "y\r",
                          "display clock\r"], self.sent("kept/Unit-1.session.jsonl"))
        self.assertIn(b"10:11:12 UTC", (self.folder / "kept" / "Unit-1.console").read_bytes())

    def test_nothing_is_typed_at_a_login_that_lets_nobody_in(self):
        self.device(BOOTS, ", login: {user: admin, password: wrong}")
        done = self.call("record", "--testbed", "harbor", "--node", "Unit-1", "--out", "kept",
                         typed="display clock\ndisplay redundancy\n")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("2 lines were not typed: the login was refused", done.stderr)
        self.assertEqual({"admin\r", "*****\r"}, set(self.sent("kept/Unit-1.session.jsonl")))

    def test_lines_that_no_prompt_invites_are_told(self):
        self.device(BOOTS, ", login: {user: admin, password: right}")
        self.change("dialects/harbor/dialect.yaml", r"(?<prompt><[\w.-]+>)", r"(?<prompt>[\w.-]+#)")
        done = self.call("record", "--testbed", "harbor", "--node", "Unit-1", "--out", "kept",
                         typed="display clock\ndisplay redundancy\n")
        self.assertIn("no prompt that the dialect knows came before some lines", done.stderr)
        self.assertEqual(["admin\r", "*****\r", "display clock\r", "display redundancy\r"],
                         self.sent("kept/Unit-1.session.jsonl"))

    def test_a_recording_is_not_written_over(self):
        (self.folder / "kept").mkdir()
        (self.folder / "kept" / "Unit-1.session.jsonl").write_text("long work\n", encoding="utf-8")
        done = self.call("record", "--testbed", "harbor", "--node", "Unit-1", "--out", "kept", typed="one\n")
        self.assertEqual(3, done.returncode, done.stdout + done.stderr)
        self.assertIn("kept/Unit-1.session.jsonl: is there already", done.stderr)
        self.assertEqual("long work\n",
                         (self.folder / "kept" / "Unit-1.session.jsonl").read_text(encoding="utf-8"))

    def test_a_line_that_was_never_recorded_brings_the_prompt_back(self):
        played = subprocess.run([UNDERSTUDY, "replay", "sessions/Unit-1.session.jsonl"], cwd=self.folder, timeout=60,
                                input=b"reboot\rdisplay clock\r", capture_output=True, check=True)
        self.assertTrue(played.stdout.endswith(b"<Unit-1>reboot\r\n<Unit-1>display clock\r\n"
                                               b"10:11:12 UTC Mon 03/04/2013\r\n<Unit-1>"), played.stdout)

    def device(self, script, login=""):
        (self.folder / "device.py").write_text(script, encoding="utf-8")
        self.change("testbeds/harbor.yaml", "{process: [understudy, replay, sessions/Unit-1.session.jsonl], pty: true}",
                    "{process: [python3, device.py], pty: true" + login + "}")
        self.change("testbeds/harbor.yaml", "boot: 1s", "boot: 100ms")

    def test_every_byte_is_kept_and_played_back(self):
        self.device(EIGHT_BITS)
        done = subprocess.run([UNDERSTUDY, "record", "--testbed", "harbor", "--node", "Unit-1", "--out", "kept"],
                              cwd=self.folder, timeout=60, input=b"one\ntwo\n", capture_output=True, check=True)
        printed = b"\x80> \xff\xfe caf\xc3\xa9\r\n\xff\r\n"
        self.assertEqual(printed, done.stdout)
        self.assertEqual(printed, (self.folder / "kept" / "Unit-1.console").read_bytes())
        for line in (self.folder / "kept" / "Unit-1.session.jsonl").read_text(encoding="utf-8").splitlines():
            self.assertTrue({"sent", "received"} & json.loads(line).keys(), line)
        played = subprocess.run([UNDERSTUDY, "replay", "kept/Unit-1.session.jsonl"], cwd=self.folder, timeout=60,
                                input=b"one\rtwo\r", capture_output=True, check=True)
        self.assertEqual(printed, played.stdout)

    def test_no_secret_is_told_by_a_probe_or_kept_by_a_recording(self):
        self.device(REFUSES, ", login: {user: admin, password: {env: UNDERSTUDY_TEST_PASSWORD}}")
        os.environ["UNDERSTUDY_TEST_PASSWORD"] = secret = "hunter2horse"
        told = []
        for words in (("probe", "--out", "kept"), ("probe", "--out", "kept", "--json"),
                      ("record", "--node", "Unit-1", "--out", "kept")):
            done = self.call(*words, "--testbed", "harbor", typed=f"admin\n{secret}\n")
            self.assertEqual(0 if words[0] == "record" else 2, done.returncode, done.stdout + done.stderr)
            told.append(done.stderr if words[0] == "record" else done.stdout + done.stderr)
            self.assertNotIn(secret, told[-1])
            for path in (self.folder / "kept").rglob("*"):
                self.assertFalse(path.is_file() and secret.encode() in path.read_bytes(), path)
        self.assertIn("Bad account ************ for admin now", told[0])
        kept = (self.folder / "kept" / "Unit-1.session.jsonl").read_text(encoding="utf-8")
        self.assertIn('"sent":"************\\r"', kept)
        self.assertIn("Bad account ************ for admin now", kept)
        self.assertIn(b"Bad account ************ for admin now",
                      (self.folder / "kept" / "Unit-1.console").read_bytes())
        played = subprocess.run([UNDERSTUDY, "replay", "kept/Unit-1.session.jsonl"], cwd=self.folder, timeout=60,
                                input=b"admin\rwhatever it is\r", capture_output=True, check=True)
        self.assertIn(b"Bad account", played.stdout, "a line of stars is any line")

    def test_a_node_that_is_not_there_is_answered_with_those_that_are(self):
        done = self.call("record", "--testbed", "harbor", "--node", "MSM-A")
        self.assertEqual(3, done.returncode)
        self.assertIn("has no node `MSM-A` (there are: Unit-1, Unit-2)", done.stderr)

    def test_what_is_no_session_is_refused_with_its_line(self):
        (self.folder / "bad.jsonl").write_text('{"at":1,"received":"x"}\n{"at":2}\n', encoding="utf-8")
        done = self.call("replay", "bad.jsonl")
        self.assertEqual(3, done.returncode)
        self.assertIn("bad.jsonl:2: is no line of a session", done.stderr)


if __name__ == "__main__":
    unittest.main()
