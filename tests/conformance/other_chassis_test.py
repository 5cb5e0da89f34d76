#!/usr/bin/python3
"""other_chassis_test.py UNDERSTUDY: a chassis that somebody else wrote, by testbed file alone.

As it conforms, nothing fails; with a defect switched on, a case fails by the clause that the defect breaks.
"""
import pathlib
import sys
import tempfile
import unittest

from harness_under_test import HERE, report, understudy

UNDERSTUDY = sys.argv.pop(1)
OBLIGATIONS = ("MUST", "SHOULD")  # another chassis may merge two masters by another rule: INFO
TESTBED = HERE / "other_chassis" / "other-chassis.yaml"

# defect of chassis.py -> the case that is run, the clause that must fail
DEFECTS = {
    "keeps-sync-of-a-lost-backup": ("insync-claim-ends-with-the-backup", "insync-claim-ends-with-the-backup"),
    "relays-nothing": ("insync-claim-is-true", "insync-claim-is-true"),
    "saves-on-the-master-only": ("saved-changes-are-in-the-backups-flash", "save-reaches-the-backup-flash"),
    "reboots-without-asking": ("reboot-asks-about-unsaved-changes", "reboot-asks-before-losing-changes"),
    "cancel-reboots": ("reboot-can-be-cancelled", "reboot-can-be-cancelled"),
    "never-takes-over": ("master-loses-power", "backup-takes-over"),
    "accepts-any-priority": ("priority-is-1-to-100", "priority-is-1-to-100"),
    "restarts-by-itself": ("priority-counts-only-in-elections", "no-unprovoked-restart"),
}


class OtherChassis(unittest.TestCase):
    def setUp(self):
        self.keep = tempfile.TemporaryDirectory()
        self.out = pathlib.Path(self.keep.name) / "out"

    def tearDown(self):
        self.keep.cleanup()

    def run_on_it(self, case, defect, out):
        text = TESTBED.read_text().replace("chassis.py", str(TESTBED.parent / "chassis.py"))
        testbed = pathlib.Path(self.keep.name) / "testbed.yaml"
        testbed.write_text(text.replace("--chatty]", f"--chatty, --defect, {defect}]") if defect else text)
        done = understudy(UNDERSTUDY, "run", "exos-11.3", "--testbed", testbed, "--case", case, "--jobs", "8",
                          "--out", out)
        self.assertNotEqual(3, done.returncode, done.stderr)
        return [verdict for one in report(out)["cases"] for verdict in one["verdicts"]]

    def failures(self, found):
        return {verdict["clause"]: verdict["actual"] for verdict in found
                if verdict["outcome"] == "FAIL" and verdict["level"] in OBLIGATIONS}

    def in_time(self, case, defect):
        """A case that this machine was too late for, by a stall that is named, is tried again."""
        for number in range(5):
            found = self.run_on_it(case, defect, self.out / f"{defect}-{number}")
            if not any("stall from" in verdict["cause"] for verdict in found):
                break
        return found

    def test_nothing_fails_where_it_conforms(self):
        found = self.run_on_it("*", "", self.out)
        self.assertEqual({}, self.failures(found))
        outcomes = [verdict["outcome"] for verdict in found]
        was_run = len(outcomes) - outcomes.count("NOT RUN")  # its frames are not described to the harness
        self.assertGreater(outcomes.count("PASS"), 0.9 * was_run)

    def test_each_defect_is_found_by_its_clause(self):
        for defect, (case, clause) in DEFECTS.items():
            with self.subTest(defect):
                found = self.in_time(case, defect)
                self.assertIn(clause, self.failures(found), found)


if __name__ == "__main__":
    unittest.main()
