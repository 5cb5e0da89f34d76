#!/usr/bin/python3
"""labs_test.py UNDERSTUDY sshd|serial|chassis|namespaces [all]: exos-11.3 through the doors of a lab.

Ten cases on each (or the whole suite); verdicts as on processes, where the lab can do what they need. What
stands in the way of a session is told in one line before anything is done. No password is in anything that
a run writes.
"""
import collections
import contextlib
import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from harness_under_test import (HERE, SOURCE, environment, not_passed, report, until, verdicts, verdicts_in_time,
                                was_late)

UNDERSTUDY = sys.argv.pop(1)
KIND = sys.argv.pop(1)
SMOKE = "*hea*" if KIND == "namespaces" else "unsaved-changes-*"
PATTERN = "*" if sys.argv[1:] == ["all"] and sys.argv.pop() else SMOKE
LAB = SOURCE / "fixtures/labs/lab.py"
TESTBED = SOURCE / f"fixtures/testbeds/exos-11.3-{KIND}.yaml"
FEWEST_CASES = 150 if PATTERN == "*" else 10


def in_lab(*words, timeout=3000, typed="", **more):
    path = f"{pathlib.Path(UNDERSTUDY).resolve().parent}:{os.environ['PATH']}"
    return subprocess.run([LAB, KIND, *map(str, words)], env={**environment(), "PATH": path, **more}, text=True,
                          timeout=timeout, input=typed, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(testbed, out, *more, jobs=2):
    return ["understudy", "run", "exos-11.3", "--testbed", testbed, "--out", out, "--jobs", jobs, *more]


class Lab(unittest.TestCase):
    maxDiff = None

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
    def test_every_case_can_be_run(self):
        listed = in_lab("understudy", "list", "exos-11.3", "--testbed", TESTBED, "--json")
        cases = json.loads(listed.stdout)["cases"]
        self.assertEqual({}, {case["name"]: case["not_run"] for case in cases if case["not_run"]}, listed.stderr)
        self.assertGreater(len(cases), 300)

    def test_the_verdicts_are_those_of_processes(self):
        ended = in_lab(*run(TESTBED, self.out, "--case", PATTERN))
        cases = report(self.out)["cases"]
        in_time = verdicts_in_time(self.out, lambda case, out: in_lab(*run(TESTBED, out, "--case", case)))
        self.assertEqual({}, {key: value for key, value in in_time.items() if value[0] != "PASS"}, ended.stderr)
        self.assertGreaterEqual(len({case["case"] for case in cases}), FEWEST_CASES)
        self.assertIn(ended.returncode, (0, 2) if any(map(was_late, verdicts(self.out).values())) else (0,))


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

    def test_swapped_consoles_are_found_before_anything_is_sent(self):
        node = "    identity: MSM-{}\n".format
        testbed = self.changed((node("A"), node("C")), (node("B"), node("A")), (node("C"), node("B")))
        probed = in_lab("understudy", "probe", "--testbed", testbed, "--out", self.out)
        self.assertEqual(2, probed.returncode, probed.stdout + probed.stderr)
        self.assertRegex(probed.stdout, "BAD   MSM-A +it is the testbed's MSM-A +console is `MSM-A`, "
                                        "and the testbed says `MSM-B`; nothing more was sent")
        lines = (self.out / "MSM-A.console.jsonl").read_text(encoding="utf-8").splitlines()
        sent = {json.loads(line).get("sent", "").strip("\r") for line in lines} - {"", "admin"}
        self.assertEqual({"show version", "show switch"}, {line.strip() for line in sent if line.strip("* ")})
        ended = in_lab(*run(testbed, self.out, "--case", "both-msms-tell-both-states", jobs=1))
        self.assertEqual(3, ended.returncode)
        self.assertRegex(ended.stderr, r"changed.yaml:\d+: the console of MSM-[AB] is not the testbed's: ")

    def test_45_percent_of_the_suite_can_be_run_there(self):
        listed = in_lab("understudy", "list", "exos-11.3", "--testbed", TESTBED, "--attended", "--json")
        cases = json.loads(listed.stdout)["cases"]
        self.assertGreater(len(cases), 300)
        self.assertGreaterEqual(sum(not case["not_run"] for case in cases), 0.45 * len(cases))

    def run_attended(self):
        return in_lab(LAB, "operator", *run(TESTBED, self.out, "--case", PATTERN, "--attended", jobs=1))

    def test_what_can_be_done_is_judged_and_nothing_fails(self):
        ended = self.run_attended()
        cases = report(self.out)["cases"]
        names = {case["case"] for case in cases}
        were_run = {case["case"] for case in cases if case["outcome"] == "PASS"}
        missed = {key: value for key, value in not_passed(self.out).items() if value[0] != "NOT RUN"}
        self.assertEqual({}, missed, collections.Counter(cause for _, cause, _ in missed.values()))
        self.assertGreaterEqual(len(were_run), 0.45 * len(names))
        for case in cases:
            for verdict in case["verdicts"]:
                if verdict["outcome"] == "NOT RUN":
                    self.assertTrue(verdict["cause"], case["plan"])

    def test_one_module_alone_wants_an_operator(self):
        ended = in_lab(*run(TESTBED, self.out, "--case", "master-loses-power", jobs=1))
        self.assertIn("NOT RUN      master-loses-power  act lose: outlet pdu3-12 feeds MSM-A and MSM-B; "
                      "only hands can do it here; --attended asks for them", ended.stdout)

    def test_the_password_is_in_nothing_that_a_run_writes(self):
        ended = in_lab(*run(TESTBED, self.out, "--case", "backup-reboots", jobs=1),
                       UNDERSTUDY_LAB_PASSWORD=self.PASSWORD)
        self.assertIn(ended.returncode, (0, 2), ended.stdout + ended.stderr)  # a busy machine is too slow
        written = {path: path.read_bytes() for path in self.out.rglob("*") if path.is_file()}
        sent = b"".join(text for path, text in written.items() if path.name.endswith(".console.jsonl"))
        self.assertTrue(b'"' + b"*" * len(self.PASSWORD) in sent, "the password was never sent")
        self.assert_password_is_nowhere(ended)

    def assert_password_is_nowhere(self, ended):
        for path in self.out.rglob("*"):
            self.assertFalse(path.is_file() and self.PASSWORD.encode() in path.read_bytes(), path)
        self.assertNotIn(self.PASSWORD, ended.stdout + ended.stderr)

    def test_the_password_is_in_nothing_that_a_probe_writes(self):
        probed = in_lab("understudy", "probe", "--testbed", TESTBED, "--out", self.out,
                        UNDERSTUDY_LAB_PASSWORD=self.PASSWORD)
        self.assertEqual(0, probed.returncode, probed.stdout + probed.stderr)
        self.assertRegex(probed.stdout, "good  MSM-A +it is the testbed's MSM-A +")
        self.assert_password_is_nowhere(probed)

    def test_the_password_is_in_nothing_that_a_recording_writes(self):
        recorded = in_lab("understudy", "record", "--testbed", TESTBED, "--node", "MSM-A", "--out", self.out,
                          typed="show version\n", UNDERSTUDY_LAB_PASSWORD=self.PASSWORD)
        self.assertEqual(0, recorded.returncode, recorded.stdout + recorded.stderr)
        session = (self.out / "MSM-A.session.jsonl").read_text(encoding="utf-8")
        self.assertIn('"sent":"' + "*" * len(self.PASSWORD) + '\\r"', session)
        self.assertIn("show version", session)
        self.assert_password_is_nowhere(recorded)


class Management(Lab):
    """One session to the address that follows the master; neither module has a console."""
    SUITE = """
suite: tiny
title: A failover by the management address
product: Any
edition: "1"
clauses:
  it-holds: {level: MUST, source: SEED, citation: "manual, page 1", statement: It holds.}
cases:
  failover:
    title: What is in force survives a failover, and the session follows it
    given: {master: MASTER}
    steps:
      - await: {master sees any.sync: InSync}
        within: 20s
      - expect: {master.console: MSM-A}
        checks: it-holds
      - do: {configure: {node: master, add: {vlans: "3900"}}}
      - remember: {active: master.config.active}
      - do: {switchover: {node: master, force: "true"}}
      - await: {any.console: MSM-B}
        within: 20s
      - expect: {any.config.active: $active, any.state: MASTER}
        within: 20s
        checks: it-holds
"""
    ADDRESS = ('management: {ssh: "${UNDERSTUDY_LAB_USER}@${UNDERSTUDY_LAB_SSH}", key: "${UNDERSTUDY_LAB}/management", '
               'known-hosts: "${UNDERSTUDY_LAB}/known_hosts", follows: master, '
               'login: {user: admin, password: {env: UNDERSTUDY_LAB_PASSWORD}}}')

    def followed(self, address=ADDRESS):
        text = re.sub(r"(?m)^    console: .*\n +login: .*\n", "", TESTBED.read_text())
        self.assertNotIn("console: {", text)
        path = self.root / "followed.yaml"
        path.write_text(f"{text}{address}\n")
        (self.root / "tiny.yaml").write_text(self.SUITE)
        return path

    def go(self, testbed, *before):
        return in_lab(*before, "understudy", "run", self.root / "tiny.yaml", "--testbed", testbed, "--out", self.out)

    def test_acts_and_reads_of_roles_go_to_whoever_leads(self):
        ended = self.go(self.followed())
        missed = not_passed(self.out)
        self.assertEqual({"no-unprovoked-restart"}, {clause for _, clause, _ in missed}, ended.stdout + ended.stderr)
        self.assertEqual({"INCONCLUSIVE"}, {value[0] for value in missed.values()}, "nobody sees these modules boot")
        self.assertEqual(1, len(list(self.out.rglob("management.console"))))

    def test_a_probe_and_a_recording_are_of_that_session(self):
        probed = in_lab("understudy", "probe", "--testbed", self.followed(), "--out", self.out)
        self.assertEqual(0, probed.returncode, probed.stdout + probed.stderr)
        self.assertRegex(probed.stdout, "good  management +it is the testbed's management +it answers as MSM-A, "
                                        "serial is ")
        self.assertNotIn(" MSM-A ", probed.stdout.replace("answers as MSM-A", ""))
        recorded = in_lab("understudy", "record", "--testbed", self.followed(), "--node", "management",
                          "--out", self.out, typed="show version\n")
        self.assertEqual(0, recorded.returncode, recorded.stdout + recorded.stderr)
        self.assertIn("show version", (self.out / "management.console").read_text(encoding="utf-8"))

    def test_a_node_without_a_console_cannot_be_recorded(self):
        ended = in_lab("understudy", "record", "--testbed", self.followed(), "--node", "MSM-A", "--out", self.out)
        self.assertEqual(3, ended.returncode)
        self.assertIn("MSM-A has no console of its own (there are: management)", ended.stderr)

    def test_a_host_key_of_a_module_that_is_not_known_is_refused(self):
        known = self.root / "known"
        testbed = self.followed(self.ADDRESS.replace("${UNDERSTUDY_LAB}/known_hosts", str(known)))
        ended = self.go(testbed, "sh", "-c", f'tail -1 "$UNDERSTUDY_LAB/known_hosts" > {known}; exec "$@"', "sh")
        self.assertEqual(3, ended.returncode, ended.stdout + ended.stderr)
        self.assertEqual(1, len(ended.stderr.strip().splitlines()), ended.stderr)
        self.assertRegex(ended.stderr, r"followed\.yaml:\d+: the console of management cannot be opened: ")

    def test_what_cannot_be_followed_is_refused_in_one_line(self):
        for before, after, part in (("follows: master", "follows: nobody", "follows cannot be `nobody`"),
                                    ("follows: master, ", "", "the management address follows somebody"),
                                    ("ssh:", "shh:", "a console says how it is reached")):
            with self.subTest(after):
                ended = in_lab("understudy", "check", self.followed(self.ADDRESS.replace(before, after)))
                self.assertEqual(3, ended.returncode)
                self.assertEqual(1, len(ended.stderr.strip().splitlines()), ended.stderr)
                self.assertRegex(ended.stderr, r"followed\.yaml:\d+: ")
                self.assertIn(part, ended.stderr)


class Prompt(Lab):
    """A password that is asked for on a real terminal, which would show what it echoes."""
    RIGHT = "correct.horse.42"
    WRONG = "battery.staple.9"

    def on_a_terminal(self, *answers):
        testbed = self.changed(("password: {env: UNDERSTUDY_LAB_PASSWORD}", "password: ask"))
        path = f"{pathlib.Path(UNDERSTUDY).resolve().parent}:{os.environ['PATH']}"
        variables = {**environment(), "PATH": path, "UNDERSTUDY_LAB_PASSWORD": self.RIGHT}
        words = [str(LAB), KIND, *map(str, run(testbed, self.out, "--case", "both-msms-tell-both-states", jobs=1))]
        child, terminal = pty.fork()
        if child == 0:
            os.execve(words[0], words, variables)
        seen, left = b"", list(answers)
        with contextlib.suppress(OSError):  # the terminal's end
            while chunk := os.read(terminal, 4096):
                seen += chunk
                if left and re.search(rb"password of admin at MSM-[AB]: $", seen):
                    os.write(terminal, left.pop(0).encode())
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen.decode(errors="replace")

    def assert_not_told(self, seen):
        for secret in (self.RIGHT, self.WRONG):
            self.assertNotIn(secret, seen)
            for path in self.out.rglob("*"):
                self.assertFalse(path.is_file() and secret.encode() in path.read_bytes(), path)

    def test_it_lets_in_and_is_told_nowhere(self):
        status, seen = self.on_a_terminal(self.RIGHT + "\n", self.RIGHT + "\n")
        self.assertEqual(0, status, seen)
        self.assertEqual({}, not_passed(self.out))
        self.assertEqual(["A", "B"], re.findall("password of admin at MSM-([AB]): ", seen), "asked for once each")
        self.assert_not_told(seen)

    def test_a_wrong_one_is_told_nowhere_either(self):
        status, seen = self.on_a_terminal(self.WRONG + "\n", self.WRONG + "\n")
        self.assertIn(status, (2, 3), seen)
        self.assert_not_told(seen)

    def test_a_question_that_is_left_open_is_no_password(self):
        status, seen = self.on_a_terminal(self.WRONG + "\x04\x04")
        self.assertIn("the question for password of admin at MSM-A was left open", seen)
        self.assertEqual(3, status, seen)
        self.assert_not_told(seen)

    def test_without_a_terminal_there_is_one_line(self):
        testbed = self.changed(("password: {env: UNDERSTUDY_LAB_PASSWORD}", "password: ask"))
        ended = in_lab("setsid", "-w", *run(testbed, self.out, "--case", "both-msms-tell-both-states", jobs=1))
        self.assertEqual(3, ended.returncode)
        self.assertEqual(1, len(ended.stderr.strip().splitlines()), ended.stderr)
        self.assertRegex(ended.stderr, r"changed.yaml:\d+: there is no terminal to ask for password of admin at MSM-A "
                                       r"\(password: \{env: NAME\}")


class Custody(Lab):
    def setUp(self):
        super().setUp()
        ended = in_lab(sys.executable, "-W", "ignore", HERE / "custody_in_lab.py", self.root, timeout=400)
        self.assertEqual(0, ended.returncode, ended.stderr)
        self.told = json.loads(ended.stdout)

    def test_a_device_is_left_as_it_was_found(self):
        found = self.told["before"]
        self.assertIn('create vlan "v0007"', found["configuration"])
        self.assertEqual((["Enabled"], ["found"], False), (found["paging"], found["name"], found["unsaved"]))
        for name, status in (("run", 0), ("interrupted", 130), ("healed", 0), ("unheld", 0)):
            with self.subTest(name):
                told = self.told[name]
                self.assertEqual(status, told["status"], told["said"])
                self.assertEqual(found, told["after"], told["said"])
                self.assertEqual(0, told["marks"])
        killed = self.told["killed"]
        self.assertIn('create vlan "v3900"', killed["after"]["configuration"], "the kill came too early")
        self.assertEqual(1, killed["marks"])
        refused = self.told["refused"]
        self.assertEqual(3, refused["status"])
        self.assertIn("an earlier run has not put back what it took (understudy heal --out", refused["said"])

        held = self.told["held"]
        self.assertEqual(1, held["status"], held["said"])
        self.assertIn('create vlan "v3900"', held["after"]["configuration"])
        for part in ("held: fails failed, and the device is as it left it", "MSM-A  telnet 127.0.0.1:",
                     "understudy heal --out", "the run was stopped: fails failed and is held"):
            self.assertIn(part, held["said"])

        partial = self.told["partial"]
        self.assertEqual(2, partial["status"], partial["said"])
        self.assertIn("not put back: custody: MSM-A: configuration ", partial["said"])
        self.assertIn("cannot undo `", partial["said"])
        self.assertEqual(2, self.told["last"]["status"])


class Undone(Lab):
    def test_what_outlives_a_run_is_as_before_after_it(self):
        ended = in_lab(sys.executable, "-W", "ignore", HERE / "undo_in_lab.py", self.root, timeout=600)
        self.assertEqual(0, ended.returncode, ended.stderr)
        told = json.loads(ended.stdout)
        for name in ("killed", "interrupted", "at hands", "out", "still"):
            self.assertTrue(told[name]["came"], told[name]["said"])
        self.assertEqual(("off", 1), (told["killed"]["outlet"], told["killed"]["lists"]))
        for name, line in (("healed", "undone: outlet pdu3-12: on"), ("in", "undone: insert MSM-B"),
                           ("woken", "power by outlet, within")):
            with self.subTest(name):
                healed = told[name]
                self.assertIn(line, healed["said"])
                self.assertEqual((0, "on", []), (healed["status"], healed["outlet"], healed["left"]),
                                 healed["said"])
        self.assertEqual(3, told["refused"]["status"], told["refused"]["said"])
        self.assertIn("an earlier run has not put back what it took", told["refused"]["said"])
        self.assertEqual(2, told["told"]["status"])
        self.assertIn("not undone: give power to MSM-B: only hands can do it; heal --attended asks for them",
                      told["told"]["said"])
        self.assertIn("undone: give power to MSM-B", told["asked"]["said"])
        self.assertEqual((0, []), (told["asked"]["status"], told["asked"]["left"]), told["asked"]["said"])
        interrupted = told["interrupted"]
        self.assertEqual((130, "on", 0), (interrupted["status"], interrupted["outlet"], interrupted["lists"]),
                         interrupted["said"])
        self.assertEqual(1, told["out"]["lists"])


def networks():
    """Network namespaces that some process is in."""
    found = set()
    for link in pathlib.Path("/proc").glob("[0-9]*/ns/net"):
        try:
            found.add(os.readlink(link))
        except OSError:
            continue
    return found


class Namespaces(Lab):
    FAULTS = {"cut": "heartbeats-from-the-master-stop", "drop": "a-few-lost-heartbeats-change-nothing", "delay": "late-heartbeats-change-nothing",
              "duplicate": "doubled-heartbeats-change-nothing", "reorder": "reordered-heartbeats-change-nothing",
              "corrupt": "a-damaged-heartbeat-changes-nothing"}

    def start(self, *words):
        """The lab with a command in it; its process, folder and network once it stands."""
        path = f"{pathlib.Path(UNDERSTUDY).resolve().parent}:{os.environ['PATH']}"
        tell = 'echo "$UNDERSTUDY_LAB"; readlink /proc/self/ns/net; exec "$@"'
        lab = subprocess.Popen([LAB, KIND, "sh", "-c", tell, "sh", *map(str, words)],
                               env={**environment(), "PATH": path}, text=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(lab.stdout.close)
        self.addCleanup(lab.wait)
        return lab, pathlib.Path(lab.stdout.readline().strip()), lab.stdout.readline().strip()

    def assert_removed(self, folder, network, seconds=5):
        self.assertTrue(network.startswith("net:["), network)
        self.assertTrue(until(lambda: network not in networks() and not folder.exists(), seconds),
                        f"{folder} or {network} is left")

    def test_the_lab_is_removed_with_its_command(self):
        lab, folder, network = self.start("true")
        lab.wait()
        self.assert_removed(folder, network, 1)

    def test_a_killed_lab_is_removed(self):
        lab, folder, network = self.start("sleep", "1000")
        self.assertIn(network, networks())
        self.assertTrue((folder / "MSM-A.net").exists())
        lab.kill()
        self.assert_removed(folder, network)

    def test_a_lab_killed_while_a_suite_runs_is_removed(self):
        lab, folder, network = self.start(*run(TESTBED, self.out, "--case", SMOKE))
        self.assertTrue(until(lambda: list(self.out.rglob("backplane.pcap")), 20))
        lab.kill()
        self.assert_removed(folder, network)

    def test_a_run_killed_in_the_middle_of_any_fault_leaves_nothing(self):
        for fault, case in self.FAULTS.items():
            with self.subTest(fault):
                out = self.root / fault
                lab, folder, network = self.start(*run(TESTBED, out, "--case", case))
                pids = pathlib.Path(f"/proc/{lab.pid}/task/{lab.pid}/children")
                self.assertTrue(until(lambda: any(f"{fault} on backplane" in journal.read_text() for journal in
                                                  out.rglob(".understudy/journal-*.jsonl")), 30))
                for pid in pids.read_text().split():
                    if "understudy" in pathlib.Path(f"/proc/{pid}/cmdline").read_text():
                        os.kill(int(pid), signal.SIGKILL)
                self.assert_removed(folder, network)
                self.assertEqual([], list(out.rglob(".understudy/journal-*.jsonl")))

    def test_an_inline_wire_between_devices_goes_on_until_heal(self):
        ended = in_lab(sys.executable, HERE / "inline_wire_killed.py", self.root, timeout=120)
        self.assertEqual(0, ended.returncode, ended.stderr)
        told = json.loads(ended.stdout)
        self.assertEqual((False, True, False, False, 0), tuple(
            told["harness"][key] for key in ("during", "after", "healed", "keeper", "journals")), told)
        self.assertIn("ended the keeper that forwarded", told["harness"]["heal"])
        self.assertEqual((False, False, False, False, 0), tuple(
            told["keeper"][key] for key in ("during", "after", "healed", "keeper", "journals")), told)
        for one in told.values():
            self.assertIn("the inline wire backplane (to-MSM-A, to-MSM-B) carries nothing any more", one["heal"])

    def refused(self, *pairs, before=()):
        testbed = self.changed(*pairs) if pairs else TESTBED
        ended = in_lab(*before, *run(testbed, self.out, "--case", "both-msms-tell-both-states"))
        self.assertEqual(3, ended.returncode, ended.stdout + ended.stderr)
        self.assertEqual(1, len(ended.stderr.strip().splitlines()), ended.stderr)
        self.assertRegex(ended.stderr, r"(changed|namespaces)\.yaml:\d+")
        return ended.stderr

    def test_what_cannot_be_a_wire_is_refused_in_one_line(self):
        interfaces = "[to-MSM-A, to-MSM-B]"
        for after, part in (
                ("[to-MSM-A, to-MSM-C]", "there is no interface `to-MSM-C` (did you mean `to-MSM-"),
                ("[to-MSM-A, to-MSM-A]", "both ends are one interface: `to-MSM-A`"),
                ("[to-MSM-A, lo]", "`lo` is the loopback"),
                ("[to-MSM-A]", "an inline wire has one interface for each end")):
            with self.subTest(after):
                self.assertIn(part, self.refused((interfaces, after)))
        self.assertIn("filter `ether protto 1`: ", self.refused(("ether proto 0x88b5", "ether protto 1")))
        self.assertIn("payload-at: `many` is no number of bytes", self.refused(("payload-at: 16", "payload-at: many")))
        self.assertIn("`interfaces` is for an inline wire", self.refused(("relay: inline", "relay: user-space")))

    def test_an_interface_that_is_down_is_refused(self):
        down = ("sh", "-c", 'ip link set to-MSM-B down; exec "$@"', "sh")
        self.assertIn("the interface `to-MSM-B` is down (ip link set to-MSM-B up)", self.refused(before=down))

    def test_who_is_not_root_is_told_so(self):
        less = ("setpriv", "--bounding-set=-net_raw,-net_admin")
        self.assertIn("an inline wire between interfaces needs root (CAP_NET_RAW, CAP_NET_ADMIN)",
                      self.refused(before=less))


KINDS = {"sshd": (Doors, Ssh), "serial": (Doors,), "chassis": (Chassis, Custody, Management, Prompt),
         "namespaces": (Doors, Namespaces)}

if __name__ == "__main__":
    if KIND == "namespaces" and "namespaces need root" in in_lab("true").stderr:
        sys.exit(77)  # ctest: skipped
    unittest.main(defaultTest=[each.__name__ for each in KINDS[KIND]])
