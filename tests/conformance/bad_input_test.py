#!/usr/bin/python3
"""bad_input_test.py UNDERSTUDY: files that are wrong, devices that are wrong.

A wrong file or command ends with status 3 and one clear line. A device that prints garbage or answers
nothing is inconclusive, status 2, with the cause. One that dies before its first prompt could not start;
one that dies later without an act of ours fails the harness's own clause. Nothing is left running.
"""
import fcntl
import json
import os
import pathlib
import shlex
import sys
import tempfile
import unittest

from harness_under_test import understudy, verdicts

UNDERSTUDY = sys.argv.pop(1)

SUITE = """
suite: tiny
title: A small suite
product: Any
edition: "1"
limits: {boot: {is: 4 * boot, source: "the testbed"}}
clauses:
  it-answers: {level: MUST, source: SEED, citation: "manual, page 1", statement: It answers.}
cases:
  it-answers:
    title: It answers
    given: {master: MASTER}
    steps:
      - expect: {master.state: MASTER}
        for: 2s
        checks: it-answers
"""

TESTBED = """
testbed: tiny
dialect: exos
nodes:
  MSM-A:
    console: {process: COMMAND, pty: true}
    power: {by: signal}
timing: {heartbeat: 100ms, limit: 3, boot: 500ms, poll: 50ms, resolve: 1s}
"""

SWITCH = r'''
import os, sys, time, tty
tty.setraw(0)
prompt, life = b"\r\nBD.1 # ", float(sys.argv[1])
start = time.monotonic()
os.write(1, prompt)
line = b""
import select
while time.monotonic() - start < life:
    if not select.select([0], [], [], 0.05)[0]:
        continue
    for key in os.read(0, 100):
        if key not in b"\r\n":
            line += bytes([key])
            os.write(1, bytes([key]))
            continue
        os.write(1, b"\r\n")
        if line.startswith(b"show node"):
            os.write(1, b"Node    State     Priority  SwHealth  HwHealth\r\nMSM-A   MASTER    0         49        7\r\n")
        elif line.startswith(b"show sw"):
            os.write(1, b"SysName:          BD\r\nCurrent State:    MASTER\r\n")
        line = b""
        os.write(1, prompt[2:])
'''

# (name, arguments after which the table's file stands, content of that file, part of the one line)
WRONG_FILES = [
    ("broken YAML", ["check"], "suite: [", ""),
    ("an unknown word", ["check"], SUITE.replace("- expect:", "- exspect:"), "expect"),
    ("an unknown act", ["check"], SUITE.replace("- expect:", "- do: {rebooot: master}\n      - expect:"), "reboot"),
    ("an unknown clause", ["check"], SUITE.replace("checks: it-answers", "checks: it-answer"), "it-answers"),
    ("an undefined name", ["check"], SUITE.replace("for: 2s", "for: $limits.bot"), "boot"),
    ("an unquoted yes", ["check"], SUITE.replace("MASTER}\n        for", "yes}\n        for"), "quote"),
    ("a case without steps", ["check"], SUITE.split("    steps:")[0], "steps"),
    ("a key that stands twice", ["check"], SUITE + "suite: again\n", "twice"),
    ("an empty file", ["check"], "", ""),
]


class BadInput(unittest.TestCase):
    def setUp(self):
        self.keep = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.keep.name)

    def tearDown(self):
        self.keep.cleanup()

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return self.folder / name

    def assert_one_clear_line(self, done, part, status=3):
        self.assertEqual(status, done.returncode, done.stdout + done.stderr)
        lines = [line for line in done.stderr.splitlines() if line]
        self.assertEqual(1, len(lines), done.stderr)
        self.assertIn(part, lines[0])

    def test_a_wrong_file_is_named_with_its_line(self):
        for name, words, text, part in WRONG_FILES:
            with self.subTest(name):
                path = self.write("case.yaml", text)
                done = understudy(UNDERSTUDY, *words, path)
                self.assertEqual(3, done.returncode, done.stdout + done.stderr)
                self.assertIn("case.yaml", done.stderr)
                self.assertIn(part, done.stderr)
                self.assertLess(len(done.stderr.splitlines()), 4)

    def test_a_testbed_that_cannot_work_is_not_sound(self):
        sound = TESTBED.replace("COMMAND", "[sh]")
        login = "pty: true,\n      login: {user: a, password: {env: NO_SUCH_SECRET}}"
        for part, text in (("testbed.yaml:5: there is no program `no-such-program`",
                            sound.replace("[sh]", "[no-such-program]")),
                           ("testbed.yaml:7: the environment has no NO_SUCH_SECRET",
                            sound.replace("pty: true", login)),
                           ("testbed.yaml:8: `takover` is no timing", sound.replace("resolve: 1s", "takover: 30s"))):
            path = self.write("testbed.yaml", sound)
            self.assertEqual(0, understudy(UNDERSTUDY, "check", path).returncode)
            path = self.write("testbed.yaml", text)
            self.assert_one_clear_line(understudy(UNDERSTUDY, "check", path), part)

    def test_missing_files_end_with_one_line(self):
        for words in (["run", "no-such-suite", "--testbed", "exos-11.3-simulated"],
                      ["run", "exos-11.3", "--testbed", "no-such-testbed"],
                      ["judge", self.folder / "nothing"], ["report", self.folder / "nothing"],
                      ["parse", "--template", self.folder / "none", self.folder / "none"]):
            with self.subTest(words[0]):
                self.assert_one_clear_line(understudy(UNDERSTUDY, *words, cwd=self.folder), "no")

    def test_words_that_are_no_command_end_with_one_line(self):
        self.assert_one_clear_line(understudy(UNDERSTUDY, "rnu"), "rnu")
        self.assert_one_clear_line(understudy(UNDERSTUDY, "run", "exos-11.3"), "testbed")

    def test_numbers_that_are_none_end_with_one_line(self):
        run = ["run", "exos-11.3", "--testbed", "exos-11.3-simulated"]
        for words, part in ((["--seed", "-1"], "-1"), (["--seed", "1e3"], "1e3"), (["--jobs", "0"], "jobs")):
            with self.subTest(words):
                self.assert_one_clear_line(understudy(UNDERSTUDY, *run, *words, cwd=self.folder), part)

    def test_each_case_that_fits_nothing_is_named(self):
        done = understudy(UNDERSTUDY, "run", "exos-11.3", "--testbed", "exos-11.3-simulated", "--case", "master-hngs",
                          "--case", "master-hangs", "--case", "reboot-can-be-canceled", cwd=self.folder)
        self.assertEqual(3, done.returncode)
        self.assertEqual("--case master-hngs, --case reboot-can-be-canceled: no case of exos-11.3 has such a name "
                         "(master-hngs: did you mean `master-hangs`? "
                         "reboot-can-be-canceled: did you mean `reboot-can-be-cancelled`?)\n", done.stderr)

    def test_an_option_is_no_value(self):
        for words in (["--case", "--out", "x"], ["--case", "master-hangs", "--testbed", "-o", "x"]):
            done = understudy(UNDERSTUDY, "run", "exos-11.3", *words, cwd=self.folder)
            self.assertEqual(3, done.returncode)
            self.assertIn(f"its value is missing: {words[-2]} is an option (understudy run --help)", done.stderr)

    def test_a_word_that_a_command_does_not_know_points_to_its_own_help(self):
        done = understudy(UNDERSTUDY, "list", "exos-11.3", "--case", "x", cwd=self.folder)
        self.assertEqual(3, done.returncode)
        self.assertIn("(understudy list --help)", done.stderr)

    def test_cases_are_named_more_than_once_and_each_name_must_fit_one(self):
        run = ["run", "exos-11.3", "--testbed", "exos-11.3-simulated", "--out", self.folder / "out"]
        both = understudy(UNDERSTUDY, *run, "--case", "master-hangs", "--case", "backup-h*", cwd=self.folder)
        self.assertEqual(0, both.returncode, both.stderr)
        self.assertEqual({"master-hangs", "backup-hangs"}, {key[0] for key in verdicts(self.folder / "out")})
        one = understudy(UNDERSTUDY, *run, "--case", "master-hangs", "--case", "master-hngs", cwd=self.folder)
        self.assert_one_clear_line(one, "master-hngs")

    def test_a_suite_that_is_named_twice(self):
        self.assert_one_clear_line(understudy(UNDERSTUDY, "run", "exos-11.3", "exos-11.3", "--testbed",
                                              "exos-11.3-simulated", cwd=self.folder), "twice")

    def test_a_state_that_the_dialect_does_not_know(self):
        suite = self.write("tiny.yaml", SUITE.replace("{master.state: MASTER}", "{master.state: MASTRE}"))
        done = understudy(UNDERSTUDY, "run", suite, "--testbed", "exos-11.3-simulated", cwd=self.folder)
        self.assert_one_clear_line(done, "tiny.yaml:14: state is never `MASTRE`")
        self.assertIn("MASTER", done.stderr.replace("MASTRE", ""))

    def test_names_are_checked_as_files_are(self):
        for name in ("exos-11.3", "exos-11.3-simulated", "exos"):
            done = understudy(UNDERSTUDY, "check", name, cwd=self.folder)
            self.assertEqual((0, ""), (done.returncode, done.stderr), name)

    def test_a_failure_can_be_run_again_by_the_line_it_prints(self):
        suite = self.write("my suite.yaml", SUITE.replace("{master.state: MASTER}", "{master.state: BACKUP}"))
        done = understudy(UNDERSTUDY, "run", suite, "--testbed", "exos-11.3-simulated", cwd=self.folder)
        self.assertEqual(1, done.returncode, done.stderr)
        again = [line for line in done.stdout.splitlines() if "again" in line][0].split("again", 1)[1]
        repeated = understudy(UNDERSTUDY, *shlex.split(again)[1:], cwd=self.folder)
        self.assertEqual((1, done.stdout), (repeated.returncode, repeated.stdout))

    def test_a_device_that_does_not_know_a_command_is_not_run_with_the_word(self):
        switch = self.write("switch.py", SWITCH.replace('b"show node"', 'b"never"').replace('b"show sw"', 'b"show"').replace(
            r"SysName:          BD\r\nCurrent State:    MASTER\r\n", r"%% Invalid input detected at '^' marker.\r\n"))
        done = self.run_on("python3", switch, "60")
        self.assertEqual(2, done.returncode, done.stdout + done.stderr)
        outcomes = {value[0] for value in verdicts(self.folder / "out").values()}
        self.assertEqual({"NOT RUN"}, outcomes)
        self.assertIn("unknown-command", done.stdout)

    def run_on(self, *command):
        suite = self.write("tiny.yaml", SUITE)
        testbed = self.write("testbed.yaml", TESTBED.replace("COMMAND", json.dumps(list(map(str, command)))))
        return understudy(UNDERSTUDY, "run", suite, "--testbed", testbed, "--out", self.folder / "out", timeout=120)

    def test_a_command_that_does_not_exist(self):
        self.assert_one_clear_line(self.run_on("no-such-command-at-all"), "no-such-command-at-all")

    def test_two_runs_into_one_folder(self):
        out = self.folder / "out"
        out.mkdir()
        other = os.open(out, os.O_RDONLY)
        self.addCleanup(os.close, other)
        fcntl.flock(other, fcntl.LOCK_EX)
        self.assert_one_clear_line(self.run_on("sh", "-c", "cat"), "another run writes to this folder")

    def test_a_console_program_that_fails_is_told_with_its_words(self):
        suite = self.write("tiny.yaml", SUITE)
        console = '{command: [sh, -c, "echo cannot reach ts >&2; exit 1"], login: {user: admin, password: reach}}'
        words = TESTBED.replace("{process: COMMAND, pty: true}", console).replace("by: signal", "by: operator")
        testbed = self.write("testbed.yaml", words)
        done = understudy(UNDERSTUDY, "run", suite, "--testbed", testbed, "--out", self.folder / "out", timeout=120)
        self.assertEqual(2, done.returncode, done.stdout + done.stderr)
        self.assertIn("printed nothing; its console session ended: sh exited with status 1: cannot ***** ts", done.stdout)

    def test_a_node_that_dies_before_its_first_prompt(self):
        done = self.run_on("sh", "-c", "echo cannot find my licence; exit 7")
        self.assert_one_clear_line(done, "cannot find my licence")

    def test_a_probe_says_what_is_wrong_and_keeps_the_session(self):
        for command, status, part in ((["sh", "-c", "echo no licence; exit 7"], 3, "no licence"),
                                      (["sh", "-c", "cat > /dev/null"], 2, "it printed nothing"),
                                      (["python3", self.write("switch.py", SWITCH), "60"], 2, "no time of day")):
            testbed = self.write("testbed.yaml", TESTBED.replace("COMMAND", json.dumps(list(map(str, command)))))
            done = understudy(UNDERSTUDY, "probe", "--testbed", testbed, "--out", self.folder / "probe", timeout=60)
            self.assertEqual(status, done.returncode, done.stdout + done.stderr)
            self.assertIn(part, done.stdout + done.stderr)
        self.assertIn(b"BD.1 #", (self.folder / "probe" / "MSM-A.console").read_bytes())

    def test_a_device_that_answers_nothing(self):
        done = self.run_on("sh", "-c", "cat > /dev/null")
        self.assertEqual(2, done.returncode, done.stdout + done.stderr)
        self.assertIn("INCONCLUSIVE", done.stdout)

    def test_a_device_that_answers_more_slowly_than_the_testbed_says(self):
        slow = SWITCH.replace('line.startswith(b"show sw"):\n', """line.startswith(b"show sw"):
            for _ in range(1000):
                os.write(1, b"Slot:             MSM-A\\r\\n")
                time.sleep(0.05)
""")
        testbed = TESTBED.replace("poll: 50ms", "poll: 50ms, answer: 500ms").replace(
            "COMMAND", json.dumps(["python3", str(self.write("switch.py", slow)), "60"]))
        suite = self.write("tiny.yaml", SUITE.replace("MASTER", "BACKUP"))
        done = understudy(UNDERSTUDY, "run", suite, "--testbed", self.write("testbed.yaml", testbed), "--out",
                          self.folder / "out", timeout=120)
        self.assertEqual(2, done.returncode, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"; MSM-A: `show switch`: no answer within 500ms \(`answer` in timing\), it was "
                                      r"still printing")

    def test_a_device_that_prints_garbage(self):
        done = self.run_on("python3", "-c", "import os,time,random\nfor i in range(4000):\n"
                           " os.write(1, random.Random(i).randbytes(64)); time.sleep(0.01)")
        self.assertEqual(2, done.returncode, done.stdout + done.stderr)
        self.assertIn("INCONCLUSIVE", done.stdout)

    def test_a_device_that_conforms_to_the_small_suite(self):
        done = self.run_on("python3", self.write("switch.py", SWITCH), "60")
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_a_node_that_dies_later_without_an_act_of_ours(self):
        done = self.run_on("python3", self.write("switch.py", SWITCH), "1.5")
        self.assertEqual(1, done.returncode, done.stdout + done.stderr)
        failed = {key[1] for key, value in verdicts(self.folder / "out").items() if value[0] == "FAIL"}
        self.assertIn("no-unprovoked-restart", failed)


if __name__ == "__main__":
    unittest.main()
