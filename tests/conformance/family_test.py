#!/usr/bin/python3
"""family_test.py UNDERSTUDY SUITE CASES: a family's suite on both hosts, and its deliberate defects.

Every case passes on the simulated chassis, processes give the same verdicts, each defect is killed by the
cases that check its clauses, and every clause that is a MUST or SHOULD is proven.
"""
import json
import pathlib
import sys
import tempfile
import unittest

from harness_under_test import not_passed, report, understudy, verdicts, verdicts_in_time

UNDERSTUDY, SUITE, CASES = sys.argv[1:4]
del sys.argv[1:4]


def run(host, out, *more):
    return understudy(UNDERSTUDY, "run", SUITE, "--testbed", f"{SUITE}-{host}", "--out", out, *more, timeout=1500)


class Family(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.keep.name)
        cls.simulated = run("simulated", cls.root / "simulated")
        cls.processes = run("processes", cls.root / "processes", "--jobs", "16")

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    def test_every_case_passes_on_the_simulated_chassis(self):
        self.assertEqual({}, not_passed(self.root / "simulated"), self.simulated.stderr)
        self.assertEqual(0, self.simulated.returncode, self.simulated.stdout[-2000:])
        self.assertGreaterEqual(len({case["case"] for case in report(self.root / "simulated")["cases"]}), int(CASES))

    def test_processes_give_the_same_verdicts(self):
        simulated = verdicts(self.root / "simulated")
        processes = verdicts_in_time(self.root / "processes", lambda case, out: understudy(
            UNDERSTUDY, "run", SUITE, "--testbed", f"{SUITE}-processes", "--case", case, "--out", out))
        self.assertEqual(simulated.keys(), processes.keys())
        different = {key: (simulated[key], processes[key]) for key in simulated
                     if simulated[key][0] != processes[key][0]}
        self.assertEqual({}, different)

    def test_each_defect_is_killed_and_each_clause_is_proven(self):
        done = understudy(UNDERSTUDY, "qualify", SUITE, "--own", "--json", "--out", self.root / "qualify")
        matrix = json.loads(done.stdout)
        self.assertEqual([], [one["id"] for one in matrix["defects"] if not one["killed"]])
        demanded = [one for one in matrix["clauses"] if one["level"] in ("MUST", "SHOULD")]
        self.assertEqual([], [one["id"] for one in demanded if not one["proven"]])
        self.assertEqual([], matrix["clean_failures"])
        self.assertEqual(0, done.returncode, done.stderr)

    def test_no_must_or_should_rests_on_another_product(self):
        listed = json.loads(understudy(UNDERSTUDY, "list", SUITE, "--json").stdout)
        demanded = [one for one in listed["clauses"] if one["level"] in ("MUST", "SHOULD") and one["source"] != "harness"]
        self.assertGreater(len(demanded), 30)
        self.assertEqual([], [one["id"] for one in demanded if one["product"] != listed["product"]])


if __name__ == "__main__":
    unittest.main()
