#!/usr/bin/python3
"""stored_test.py UNDERSTUDY: what a run leaves, read again: canaries, defects, damage, claims.

A run on the simulated chassis is judged and reported again as it was left, and as it is after somebody was at it.
"""
import json
import pathlib
import shlex
import shutil
import sys
import tempfile
import unittest

from harness_under_test import SOURCE, report, understudy

UNDERSTUDY = sys.argv.pop(1)
DEFECT = "insync-before-the-bulk-ends"
CASE = "first-insync-claim-is-true"


def run(out, *words, case="reboot-can-be-cancelled", testbed="exos-11.3-simulated"):
    return understudy(UNDERSTUDY, "run", "exos-11.3", "--testbed", testbed, "--case", case, "--out", out, *words)


class Stored(unittest.TestCase):
    def setUp(self):
        self.keep = tempfile.TemporaryDirectory()
        self.out = pathlib.Path(self.keep.name) / "out"

    def tearDown(self):
        self.keep.cleanup()

    def judge(self, out=None):
        return understudy(UNDERSTUDY, "judge", out or self.out)

    def suite(self):
        return self.out / "exos-11.3-simulated" / "exos-11.3"


class Canaries(Stored):
    def test_the_canary_that_must_fail_is_no_failure_of_the_switch(self):
        done = run(self.out, "--canaries")
        self.assertEqual(0, done.returncode, done.stderr)
        judged = self.judge()
        self.assertEqual(0, judged.returncode, judged.stdout + judged.stderr)
        self.assertIn("canaries: as expected", judged.stdout)
        self.assertNotIn("must-fail", judged.stdout)
        self.assertEqual(0, understudy(UNDERSTUDY, "report", self.out).returncode)
        self.assertEqual(["reboot-can-be-cancelled"], [case["case"] for case in report(self.out)["cases"]])
        self.assertEqual("as expected", report(self.out)["canaries"])

    def test_canaries_that_are_gone_are_missed(self):
        run(self.out, "--canaries")
        shutil.rmtree(self.out / "canaries")
        judged = self.judge()
        self.assertEqual(2, judged.returncode)
        self.assertIn("canaries: is missing", judged.stderr)

    def test_a_canary_that_was_changed_is_missed(self):
        run(self.out, "--canaries")
        history = next((self.out / "canaries").rglob("must-fail/history.jsonl"))
        history.write_text(history.read_text().replace("STANDBY", "MASTER"))
        judged = self.judge()
        self.assertEqual(2, judged.returncode)
        self.assertIn("must-fail", judged.stderr)


class Defects(Stored):
    def marks(self, defect):
        """Every place that has to tell of the defect, and does."""
        pages = [self.out / "index.html", self.out / "clauses.html", *sorted((self.out / "cases").rglob("*.html"))]
        for page in pages:
            self.assertIn("This device was broken on purpose: " + defect, page.read_text(), page)
        self.assertIn(f'<property name="broken-on-purpose" value="{defect}"/>', (self.out / "junit.xml").read_text())
        self.assertEqual([defect], report(self.out)["defects"])
        self.assertEqual([defect], [case["defect"] for case in report(self.out)["cases"]])
        self.assertIn("broken on purpose: " + defect, report(self.out)["title"])
        folder = self.suite() / report(self.out)["cases"][0]["plan"]
        self.assertEqual(defect, json.loads((folder / "run.json").read_text())["facts"]["defect"])
        self.assertEqual(defect, json.loads((folder / "plan.json").read_text())["defect"])
        self.assertEqual(defect, json.loads((folder / "history.jsonl").read_text().split("\n")[0])["defect"])

    def again(self, stdout):
        return shlex.split(next(line for line in stdout.splitlines() if line.strip().startswith("again"))
                           .strip().removeprefix("again"))

    def test_a_defect_of_the_reference_is_told_everywhere_and_run_again(self):
        done = run(self.out, "--defect", DEFECT, case=CASE)
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn(f"broken on purpose: {DEFECT}", done.stdout)
        self.marks(DEFECT)
        self.assertIn(f"broken on purpose: {DEFECT}", self.judge().stdout)
        understudy(UNDERSTUDY, "report", self.out)
        self.marks(DEFECT)
        again = understudy(UNDERSTUDY, *self.again(done.stdout)[1:], "--out", self.out.parent / "again")
        self.assertEqual(1, again.returncode, "the line behind `again` fails as well")
        self.assertIn(f"broken on purpose: {DEFECT}", again.stdout)

    def test_a_defect_that_is_data_is_told_everywhere_and_run_again(self):
        done = run(self.out, "--defects", SOURCE / "fixtures/defects/example.yaml", "--defect", "always-in-sync",
                   case="insync-is-not-claimed-before-bulk-ends")
        self.assertEqual(1, done.returncode, done.stderr)
        self.marks("always-in-sync")
        again = understudy(UNDERSTUDY, *self.again(done.stdout)[1:], "--out", self.out.parent / "again")
        self.assertEqual(1, again.returncode, "the line behind `again` fails as well")

    def test_a_device_that_is_as_it_should_be_is_not_marked(self):
        done = run(self.out)
        self.assertNotIn("broken on purpose", done.stdout)
        self.assertNotIn("broken on purpose", (self.out / "index.html").read_text())
        self.assertEqual([], report(self.out)["defects"])

    def test_a_defect_that_the_file_has_not_is_refused(self):
        done = run(self.out, "--defects", SOURCE / "fixtures/defects/example.yaml", "--defect", "always-in-synch")
        self.assertEqual(3, done.returncode)
        self.assertIn("always-in-sync", done.stderr)


class Damage(Stored):
    def test_a_report_of_what_is_not_whole_says_so_at_the_top(self):
        run(self.out, case="reboot-*")
        shutil.rmtree(self.suite() / "reboot-can-be-cancelled")
        (self.suite() / "plans.jsonl").unlink()
        again = understudy(UNDERSTUDY, "report", self.out)
        self.assertEqual(2, again.returncode)
        self.assertIn("reboot-can-be-cancelled: is missing", again.stderr)
        self.assertIn("Not whole", (self.out / "index.html").read_text())
        self.assertIn('name="the-run-is-whole"', (self.out / "junit.xml").read_text())
        self.assertEqual(2, len(report(self.out)["damage"]))

    def test_every_file_that_a_run_left_is_missed(self):
        run(self.out)
        for path in sorted(self.suite().rglob("*")):
            if path.is_dir():
                continue
            text = path.read_bytes()
            path.unlink()
            judged = self.judge()
            self.assertEqual(2, judged.returncode, path)
            self.assertIn(path.name, judged.stderr)
            path.write_bytes(text)
        self.assertEqual(0, self.judge().returncode)


    def test_without_the_store_of_runs_nothing_passes(self):
        run(self.out)
        for text in (None, "{"):
            (self.out / "runs.json").unlink(missing_ok=True)
            if text:
                (self.out / "runs.json").write_text(text)
            judged = self.judge()
            self.assertEqual(2, judged.returncode)
            self.assertNotIn("PASS", judged.stdout)
            self.assertIn("runs.json", judged.stderr)

    def test_a_folder_above_runs_is_refused_and_left_alone(self):
        run(self.out)
        above = self.out.parent
        for word in ("judge", "report"):
            refused = understudy(UNDERSTUDY, word, above)
            self.assertEqual(3, refused.returncode, refused.stdout)
            self.assertIn("holds no run and no case", refused.stderr)
        self.assertEqual([self.out.name], [path.name for path in above.iterdir()])


class Facts(Stored):
    def test_run_json_says_on_what_it_ran(self):
        run(self.out)
        for facts in (json.loads((self.suite() / "reboot-can-be-cancelled" / "run.json").read_text())["facts"],
                      json.loads((self.out / "runs.json").read_text())["runs"][0]["facts"]):
            self.assertEqual({"suites": ["exos-11.3"], "testbed": "exos-11.3-simulated", "out": str(self.out)},
                             facts["paths"])
            self.assertLessEqual({"understudy", "kernel", "compiler"}, set(facts["versions"]))
            self.assertEqual(3, len(facts["load"]))
            self.assertEqual(3, len(facts["load_at_the_end"]))
            self.assertIn("lateness_ms", facts)
            self.assertGreater(facts["processors"], 0)


class Reread(Stored):
    CASE = "no-priority-is-configured-by-default"

    def setUp(self):
        super().setUp()
        root = pathlib.Path(self.keep.name)
        dialect = root / "broken"
        dialect.mkdir()
        columns = ("NODE", "STATE", "PRIORITY", "SWHEALTH", "HWHEALTH")
        (dialect / "show_node.textfsm").write_text(
            "".join(f"Value {column} (X+)\n" for column in columns) + "\nStart\n  ^"
            + " ".join(f"${{{column}}}" for column in columns) + " -> Record\n")
        (dialect / "dialect.yaml").write_text("dialect: broken\nextends: exos\n"
                                              "reads: {node: {template: show_node.textfsm}}\n")
        text = (SOURCE / "fixtures/testbeds/exos-11.3-simulated.yaml").read_text()
        self.testbed = root / "broken.yaml"
        self.testbed.write_text(text.replace("dialect: exos", f"dialect: {dialect}"))

    def verdicts(self, out, *words):
        judged = understudy(UNDERSTUDY, "judge", out, "--json", *words)
        return [(one["clause"], one["outcome"]) for one in json.loads(judged.stdout)]

    def files(self):
        return {path: path.read_bytes() for path in self.out.rglob("*") if path.is_file()}

    def test_a_mended_dialect_gives_the_verdicts_of_the_right_one(self):
        run(self.out, case=self.CASE, testbed=self.testbed)
        run(self.out.parent / "right", case=self.CASE)
        left = self.files()
        self.assertEqual({"INCONCLUSIVE"}, {one[1] for one in self.verdicts(self.out) if "priority" in one[0]})
        again = understudy(UNDERSTUDY, "judge", self.out, "--reread", "--dialect", "exos")
        self.assertEqual(0, again.returncode, again.stdout + again.stderr)
        self.assertRegex(again.stdout, rf"(?m)^exos-11.3/{self.CASE}  {self.CASE}: INCONCLUSIVE \(.*\) -> PASS$")
        self.assertRegex(again.stdout, r"[1-9]\d* answers could be read .*, 0 are unread; 2 verdicts changed")
        self.assertEqual(self.verdicts(self.out.parent / "right"),
                         self.verdicts(self.out, "--reread", "--dialect", "exos"))
        self.assertEqual(left, self.files())

    def test_the_dialect_that_was_mended_since_needs_no_name(self):
        run(self.out, case=self.CASE, testbed=self.testbed)
        before = understudy(UNDERSTUDY, "judge", self.out, "--reread")
        self.assertEqual(2, before.returncode, before.stdout)
        self.assertIn("; 0 verdicts changed", before.stdout)
        shutil.copy(SOURCE / "targets/dialects/exos/show_node.textfsm", self.testbed.parent / "broken")
        after = understudy(UNDERSTUDY, "judge", self.out, "--reread", "--write")
        self.assertEqual(0, after.returncode, after.stdout + after.stderr)
        kept = json.loads((self.suite() / self.CASE / "reread.json").read_text())
        self.assertEqual(("broken", 0), (kept["dialect"], kept["still_unread"]))
        self.assertGreater(kept["read"], 0)
        self.assertEqual({"PASS"}, {one["outcome"] for one in kept["verdicts"] if one["clause"] == self.CASE})
        self.assertEqual(2, self.judge().returncode, "what the run left is judged as it was")

    def judged(self, *words):
        return json.loads(understudy(UNDERSTUDY, "judge", self.out, "--json", *words).stdout)

    def outcomes(self, *words):
        """Of what the case is about."""
        return {one["outcome"] for one in self.judged(*words) if one["clause"] == self.CASE}

    def changed_dialect(self, words):
        dialect = pathlib.Path(self.keep.name) / "changed"
        dialect.mkdir(exist_ok=True)
        (dialect / "dialect.yaml").write_text("dialect: changed\nextends: exos\n" + words)
        return dialect

    def test_a_dialect_that_has_not_changed_changes_nothing_by_any_clock(self):
        for testbed in ("exos-11.3-simulated", "exos-11.3-processes"):
            with self.subTest(testbed):
                self.out = self.out.parent / testbed
                run(self.out, case="*insync*", testbed=testbed)
                again = understudy(UNDERSTUDY, "judge", self.out, "--reread")
                self.assertIn("0 answers could be read that were unread, 0 tell something else, 0 are unread; "
                              "0 verdicts changed", again.stdout, again.stderr)
                self.assertEqual(self.judged(), self.judged("--reread"), "the same lines as well")

    def test_what_a_changed_dialect_reads_otherwise_changes_verdicts_by_any_clock(self):
        words = "reads: {node: {attributes: {priority: {column: PRIORITY, words: [%s]}}}}\n"
        for testbed in ("exos-11.3-simulated", "exos-11.3-processes"):
            with self.subTest(testbed):
                self.out = self.out.parent / testbed
                run(self.out, case=self.CASE, testbed=testbed)
                length = len(next(self.out.rglob("history.jsonl")).read_text().splitlines())
                self.assertEqual({"PASS"}, self.outcomes())
                other = self.changed_dialect(words % "{'0': '7'}")
                self.assertIn("FAIL", self.outcomes("--reread", "--dialect", other))
                again = understudy(UNDERSTUDY, "judge", self.out, "--reread", "--dialect", other)
                self.assertRegex(again.stdout, r"[1-9]\d* tell something else")
                none = self.changed_dialect(words % "{'never': '0'}")
                self.assertNotIn("PASS", self.outcomes("--reread", "--dialect", none))
                for one in self.judged("--reread", "--dialect", none):
                    self.assertLessEqual(one["last_line"], length)

    def test_a_dialect_of_another_family_is_refused(self):
        run(self.out, case=self.CASE)
        ended = understudy(UNDERSTUDY, "judge", self.out, "--reread", "--dialect", "procurve")
        self.assertEqual(3, ended.returncode, ended.stdout)
        self.assertIn("no command of the dialect procurve was typed there", ended.stderr)

    def test_what_is_wrong_is_told_in_one_line(self):
        run(self.out, case=self.CASE, testbed=self.testbed)
        wrong = "there is no dialect of that name (did you mean `exos`?)"
        for words, part in ((("--reread", "--dialect", "exso"), wrong),
                            (("--dialect", "exos"), "--dialect requires --reread")):
            ended = understudy(UNDERSTUDY, "judge", self.out, *words)
            self.assertEqual(3, ended.returncode)
            self.assertEqual(1, len(ended.stderr.strip().splitlines()), ended.stderr)
            self.assertIn(part, ended.stderr)


class Claims(Stored):
    def page(self, case):
        return (self.out / "cases" / "exos-11.3" / (case + ".html")).read_text()

    def test_a_lie_is_shown_with_its_bounds(self):
        run(self.out, "--defect", DEFECT, case=CASE)
        page = self.page(CASE)
        self.assertIn("MSM-A claimed InSync of MSM-B at", page)
        self.assertIn("the claim is contradicted", page)
        self.assertIn("MSM-B has not the config.active that MSM-A had", page)
        self.assertIn('class="proven-false"', page)

    def test_no_claim_of_a_switch_without_defect_is_contradicted(self):
        run(self.out, case="*insync*")
        proven = 0
        for page in sorted((self.out / "cases").rglob("*.html")):
            self.assertNotIn("the claim is contradicted", page.read_text(), page)
            proven += page.read_text().count("proven true from")
        self.assertGreater(proven, 5)


if __name__ == "__main__":
    unittest.main()
