#!/usr/bin/python3
"""both_hosts_test.py UNDERSTUDY: exos-11.3 on the simulated chassis and on node processes.

Every case passes on the simulated chassis; one seed gives one history byte for byte; processes give the
same verdicts. Cases that are NOT RUN on processes stand in not_run_on_processes.txt, at most 5 %.
"""
import pathlib
import sys
import tempfile
import unittest

from harness_under_test import HERE, not_passed, report, understudy, verdicts, verdicts_in_time

UNDERSTUDY = sys.argv.pop(1)
HOSTS = ("simulated", "processes")


def run(testbed, out, *more):
    return understudy(UNDERSTUDY, "run", "exos-11.3", "--testbed", testbed, "--out", out, *more, timeout=1500)


class BothHosts(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.keep.name)
        cls.simulated = run("exos-11.3-simulated", cls.root / "simulated")
        if "processes" in HOSTS:
            cls.processes = run("exos-11.3-processes", cls.root / "processes", "--jobs", "16")

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    def test_every_case_passes_on_the_simulated_chassis(self):
        self.assertEqual({}, not_passed(self.root / "simulated"), self.simulated.stderr)
        self.assertEqual(0, self.simulated.returncode, self.simulated.stdout[-2000:])

    def test_the_first_part_has_thirty_cases_over_twenty_clauses(self):
        cases = report(self.root / "simulated")["cases"]
        self.assertGreaterEqual(len({case["case"] for case in cases}), 80)
        self.assertGreaterEqual(len({key[1] for key in verdicts(self.root / "simulated")}), 45)

    def test_the_same_seed_gives_the_same_histories_byte_for_byte(self):
        run("exos-11.3-simulated", self.root / "again")
        first = self.histories("simulated")
        self.assertGreater(len(first), 80)
        self.assertEqual(first, self.histories("again"))

    def histories(self, name):
        folder = self.root / name
        return {path.relative_to(folder).parts[1:]: path.read_bytes() for path in folder.rglob("history.jsonl")}

    def test_processes_give_the_same_verdicts_but_for_the_cases_listed(self):
        listed = {line.split()[0] for line in (HERE / "not_run_on_processes.txt").read_text().splitlines()
                  if line and not line.startswith("#")}
        simulated = verdicts(self.root / "simulated")
        processes = verdicts_in_time(self.root / "processes", lambda case, out: understudy(
            UNDERSTUDY, "run", "exos-11.3", "--testbed", "exos-11.3-processes", "--case", case, "--out", out))
        self.assertEqual(simulated.keys(), processes.keys())
        different = {key: (simulated[key], processes[key]) for key in simulated
                     if simulated[key][0] != processes[key][0] and key[0] not in listed}
        self.assertEqual({}, different)
        self.assertLessEqual(len(listed), 0.05 * len(report(self.root / "simulated")["cases"]))

    def test_every_verdict_has_evidence(self):
        for host in HOSTS:
            for case in report(self.root / host)["cases"]:
                for verdict in case["verdicts"]:
                    if verdict["outcome"] in ("PASS", "FAIL"):
                        self.assertGreater(verdict["first_line"], 0, (host, case["plan"], verdict))

    def test_judging_a_stored_run_again_gives_the_same_verdicts(self):
        again = understudy(UNDERSTUDY, "judge", self.root / "simulated")
        self.assertEqual(0, again.returncode, again.stdout + again.stderr)


if __name__ == "__main__":
    unittest.main()
