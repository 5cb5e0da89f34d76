#!/usr/bin/python3
"""defects_test.py UNDERSTUDY UNDERSTUDY_NODE: the suite catches every deliberate defect, and says so when it does not.

Each defect meets the cases that check its clauses; the whole matrix is `./dev soak`.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap
import unittest

UNDERSTUDY, NODE = sys.argv[1:3]
del sys.argv[1:3]
ROOT = pathlib.Path(__file__).resolve().parents[2]


def understudy(*words):
    return subprocess.run([UNDERSTUDY, *words], cwd=ROOT, capture_output=True, text=True)


def span_in_ns(audit):
    return round(audit["true_from_s"] * 1e9) - round(audit["false_until_s"] * 1e9)


class Defects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory()
        cls.done = understudy("qualify", "exos-11.3", "--own", "--json", "--out", cls.keep.name)
        cls.matrix = json.loads(cls.done.stdout)

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    def test_every_defect_is_killed_by_a_clause_that_it_was_said_to_break(self):
        self.assertEqual([], [one["id"] for one in self.matrix["defects"] if not one["killed"]])
        self.assertGreater(len(self.matrix["defects"]), 100)

    def test_every_must_and_should_is_proven(self):
        demanded = [one for one in self.matrix["clauses"] if one["level"] in ("MUST", "SHOULD")]
        self.assertEqual([], [one["id"] for one in demanded if not one["proven"]])
        self.assertEqual(0, self.done.returncode, self.done.stderr)

    def test_what_was_said_is_compared_with_what_was_seen(self):
        for defect in self.matrix["defects"]:
            seen = {one["clause"] for one in defect["kills"]}
            self.assertEqual([one for one in defect["clauses"] if one not in seen],
                             defect["not_killed"] + defect["not_tried"], defect["id"])
            self.assertFalse(set(defect["not_declared"]) & set(defect["clauses"]), defect["id"])
            self.assertEqual([], defect["not_tried"], defect["id"])

    def test_a_kill_tells_what_was_expected_of_whom(self):
        for defect in self.matrix["defects"]:
            for kill in defect["kills"]:
                self.assertTrue(kill["expected"] and kill["actual"], kill)

    def test_the_target_without_a_defect_fails_nothing(self):
        self.assertEqual([], self.matrix["clean_failures"])
        self.assertEqual(0, self.matrix["clean_inconclusive"])

    def test_what_cannot_be_seen_has_its_reason(self):
        self.assertTrue(all(one["reason"] for one in self.matrix["not_observable"]))

    def test_the_page_names_every_defect(self):
        page = (pathlib.Path(self.keep.name) / "qualification.html").read_text()
        for defect in self.matrix["defects"]:
            self.assertIn(f'id="{defect["id"]}"', page)

    def test_a_case_that_a_defect_did_not_meet_is_not_tried(self):
        page = (pathlib.Path(self.keep.name) / "qualification.html").read_text()
        self.assertIn('<td class="untried">', page)
        for defect in self.matrix["defects"]:
            met = {one["case"] for name in ("kills", "collateral", "inconclusive") for one in defect[name]}
            self.assertFalse(met & set(defect["untried_cases"]), defect["id"])

    def test_a_defect_that_survives_is_status_1_and_what_met_no_defect_is_not_tried(self):
        with tempfile.TemporaryDirectory() as out:
            done = understudy("qualify", "exos-11.3", "--case", "uptime-is-inherited", "--defect",
                              "tie-gives-slot-b", "--json", "--out", out)
        self.assertEqual(1, done.returncode)
        matrix = json.loads(done.stdout)
        self.assertFalse(matrix["defects"][0]["killed"])
        self.assertEqual(["slot-a-is-master-by-default", "slot-a-wins-between-equals"],
                         sorted(matrix["defects"][0]["not_tried"]))
        self.assertEqual({"not tried"}, {one["proof"] for one in matrix["clauses"] if one["level"] == "MUST"})

    def test_own_says_that_it_is_own(self):
        self.assertTrue(self.matrix["own"])
        self.assertFalse(self.matrix["partial"])

    def test_cases_that_met_no_defect_are_not_said_to_kill_nothing(self):
        with tempfile.TemporaryDirectory() as out:
            done = understudy("qualify", "exos-11.3", "--case", "slot-*", "--defect", "tie-gives-slot-b", "--own",
                              "--out", out)
            matrix = json.loads((pathlib.Path(out) / "qualification.json").read_text())
            page = (pathlib.Path(out) / "qualification.html").read_text()
        untried = [one["name"] for one in matrix["cases"] if not one["tried"]]
        self.assertNotEqual([], untried)
        for name in untried:
            self.assertNotIn(name, done.stdout)
        self.assertEqual(len(untried), page.count(">NOT TRIED</span></tr>"))

    def test_a_part_of_the_matrix_counts_what_it_did_not_try(self):
        with tempfile.TemporaryDirectory() as out:
            done = understudy("qualify", "exos-11.3", "--case", "slot-*", "--defect", "tie-gives-slot-b", "--own",
                              "--out", out)
            matrix = json.loads((pathlib.Path(out) / "qualification.json").read_text())
        self.assertLess(len(done.stdout.splitlines()), 40, done.stdout)
        clauses = done.stdout.split("CLAUSES\n", 1)[1].split("\n\n", 1)[0].splitlines()
        proven = [one for one in matrix["clauses"] if one["proven"]]
        self.assertEqual(f"{len(matrix['clauses']) - len(proven)} not tried", clauses[-1])
        self.assertNotIn("break less", done.stdout)

    def test_a_defect_that_met_no_case_is_not_tried_and_nothing_was_judged(self):
        with tempfile.TemporaryDirectory() as out:
            done = understudy("qualify", "exos-11.3", "--case", "uptime-is-inherited", "--defect", "tie-gives-slot-b",
                              "--own", "--out", out)
        self.assertEqual(2, done.returncode, done.stdout)
        self.assertIn("nothing judged, 1 not tried; ", done.stdout)
        self.assertTrue(done.stdout.startswith("DEFECTS\nnot tried tie-gives-slot-b"), done.stdout)

    def test_two_masters_for_a_moment_are_seen_on_processes(self):
        with tempfile.TemporaryDirectory() as out:
            done = understudy("run", "exos-11.3", "--testbed", "exos-11.3-processes", "--defect",
                              "two-masters-for-a-moment", "--case", "*-after-an-ordered-failover", "--out", out)
        self.assertEqual(1, done.returncode, done.stdout + done.stderr)
        self.assertIn("FAIL         MUST   at-most-one-master", done.stdout)

    def test_a_defect_is_known_by_its_origin_too(self):
        rows = [one for one in self.matrix["defects"] if one["origin"] == "M10"]
        self.assertEqual(1, len(rows))
        with tempfile.TemporaryDirectory() as out:
            done = understudy("qualify", "exos-11.3", "--own", "--defect", "M10", "--out", out)
            matrix = json.loads((pathlib.Path(out) / "qualification.json").read_text())
        self.assertIn(f"killed    {rows[0]['id']} (M10)\n", done.stdout)
        self.assertEqual([rows[0]["id"]], [one["id"] for one in matrix["defects"]])

    def test_a_folder_that_cannot_be_written_to_is_refused_before_the_work(self):
        with tempfile.NamedTemporaryFile() as file:
            done = understudy("qualify", "exos-11.3", "--own", "--out", file.name + "/matrix")
        self.assertEqual(3, done.returncode)
        self.assertEqual("", done.stdout)
        self.assertIn(file.name, done.stderr)

    def test_another_products_testbed_is_told_as_such(self):
        done = understudy("qualify", "exos-11.3", "--testbed", "xcm8800-simulated")
        self.assertEqual(3, done.returncode)
        self.assertEqual("xcm8800-simulated: is another product: XCM8800, and exos-11.3 is about ExtremeWare XOS "
                         "(qualify xcm8800)\n", done.stderr)

    def test_a_kill_that_rests_on_nothing_remembered_is_shown_first(self):
        mixed = 0
        for defect in self.matrix["defects"]:
            order = [one["rests_on_remembered"] for one in defect["kills"]]
            self.assertEqual(sorted(order), order, defect["id"])
            mixed += len(set(order)) - 1 if order else 0
        self.assertGreater(mixed, 0)

    def test_a_defect_that_is_killed_alone_is_status_0(self):
        with tempfile.TemporaryDirectory() as out:
            done = understudy("qualify", "exos-11.3", "--case", "slot-*", "--defect", "tie-gives-slot-b", "--own",
                              "--out", out)
        self.assertEqual(0, done.returncode, done.stdout)
        of_cases = done.stdout.split("CASES and the defects that each kills", 1)[1]
        self.assertIn("slot-a-is-master-by-default: tie-gives-slot-b\n", of_cases)

    def test_a_run_with_a_defect_fails_and_names_the_clause(self):
        with tempfile.TemporaryDirectory() as out:
            done = understudy("run", "exos-11.3", "--testbed", "exos-11.3-simulated", "--defect",
                              "save-stays-on-the-master", "--case", "saved-changes-are-in-the-backups-flash",
                              "--out", out)
        self.assertEqual(1, done.returncode)
        self.assertIn("save-reaches-the-backup-flash", done.stdout)

    def test_the_list_tells_each_defect_and_runs_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out"
            done = understudy("qualify", "exos-11.3", "--list", "--json", "--out", out)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            told = json.loads(done.stdout)
            self.assertFalse(out.exists())
            data = understudy("qualify", "exos-11.3", "--list", "--defects", ROOT / "fixtures/defects/example.yaml")
        self.assertGreater(len(told["defects"]), 150)
        self.assertTrue(all(one["clauses"] and one["sentence"] for one in told["defects"]))
        self.assertIn("M46", {one["origin"] for one in told["not_observable"]})
        self.assertRegex(data.stdout, r"(?m)^always-in-sync\n(?s:.*)\n\d+ defects\n\Z")
        wrong = understudy("qualify", "exos-11.3", "--defect", "nosuch")
        self.assertEqual((3, "--defect nosuch: no defect has that name (qualify exos-11.3 --list tells them)\n"),
                         (wrong.returncode, wrong.stderr))

    def test_the_clean_claim_is_true_when_it_is_made(self):
        done = understudy("audit", "exos-11.3", "--json")
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        for audit in json.loads(done.stdout):
            self.assertFalse(audit["is_lie"])
            self.assertEqual(0 if audit["false_until_s"] is None else round(audit["resolution_s"] * 1e9),
                             0 if audit["false_until_s"] is None else span_in_ns(audit))
            for claim in audit["claims"]:
                self.assertGreater(claim["heard_s"], audit["false_until_s"] or 0)

    def test_a_claim_that_comes_too_early_is_a_lie(self):
        done = understudy("audit", "exos-11.3", "--case", "audit-of-the-insync-claim", "--defect",
                          "insync-before-the-bulk-ends", "--resolution", "1ms", "--json")
        self.assertEqual(1, done.returncode, done.stdout + done.stderr)
        audit = json.loads(done.stdout)[0]
        self.assertTrue(audit["is_lie"])
        self.assertLessEqual(span_in_ns(audit), 1_000_000)
        self.assertLess(min(claim["heard_s"] for claim in audit["claims"]), audit["false_until_s"])

    def test_a_claim_that_outlives_a_change_is_a_lie_and_is_drawn(self):
        with tempfile.TemporaryDirectory() as out:
            done = understudy("audit", "exos-11.3", "--case", "audit-of-a-relayed-change", "--defect",
                              "configuration-changes-are-not-relayed", "--out", out)
            self.assertEqual(1, done.returncode, done.stdout + done.stderr)
            self.assertIn("a lie: MSM-A claimed InSync", done.stdout)
            page = (pathlib.Path(out) / "audits.html").read_text()
            self.assertTrue(json.loads((pathlib.Path(out) / "audits.json").read_text())[0]["is_lie"])
        self.assertIn("A LIE", page)
        self.assertIn("class='proven-false'", page)
        self.assertNotIn("class='proven-true'", page)

    def test_bounds_have_the_decimals_of_the_resolution_and_are_no_point(self):
        for resolution, decimals in (("1ms", 3), ("100us", 4)):
            done = understudy("audit", "exos-11.3", "--case", "audit-of-the-insync-claim", "--resolution", resolution)
            found = re.search(r", proven false until (\d+\.(\d+))s, proven true from (\d+\.(\d+))s\n", done.stdout)
            self.assertTrue(found, done.stdout + done.stderr)
            self.assertEqual([decimals] * 2, [len(found[2]), len(found[4])])
            self.assertLess(float(found[1]), float(found[3]))
            self.assertIn(f"runs; the two bounds are {resolution} apart\n", done.stdout)

    def test_the_sample_of_the_readme_is_what_is_printed(self):
        command, sample = re.search(r"\n    understudy (audit [^\n]*)\n.*?\n\n((?:    [^\n]+\n)+)\n",
                                    (ROOT / "README.md").read_text(), re.S).groups()
        done = understudy(*command.split())
        self.assertTrue(done.stdout.startswith(textwrap.dedent(sample)), done.stdout)

    def test_where_nothing_was_claimed_nothing_was_judged(self):
        done = understudy("audit", "exos-11.3", "--defect", "no-master-is-elected")
        self.assertEqual(2, done.returncode, done.stdout + done.stderr)
        self.assertIn("never claimed", done.stdout)
        self.assertNotIn("proven", done.stdout)

    def test_only_runs_that_repeat_themselves_are_audited(self):
        done = understudy("audit", "exos-11.3", "--case", "audit-of-the-insync-claim", "--testbed",
                          "exos-11.3-processes")
        self.assertEqual(3, done.returncode, done.stdout)
        self.assertEqual("exos-11.3-processes: cannot be audited: its runs do not repeat themselves exactly "
                         "(simulated ones do)\n", done.stderr)

    def test_a_suite_without_an_audit_is_told_how_one_is_written(self):
        done = understudy("audit", "procurve-8212zl")
        self.assertEqual(3, done.returncode)
        self.assertTrue(done.stderr.startswith("procurve-8212zl: has no case named audit-* ("), done.stderr)
        self.assertIn("a pause, then", done.stderr)
        self.assertEqual(1, len(done.stderr.splitlines()))

    def test_a_case_without_a_pause_cannot_be_audited(self):
        done = understudy("audit", "exos-11.3", "--case", "master-hangs")
        self.assertEqual(3, done.returncode)
        self.assertIn("no pause", done.stderr)

    def test_a_lab_proves_clauses_with_defects_that_are_data(self):
        with tempfile.TemporaryDirectory() as out:
            done = understudy("qualify", "exos-11.3", "--defects", "fixtures/defects/example.yaml", "--own", "--json",
                              "--out", out)
        fates = {one["id"]: one["killed"] for one in json.loads(done.stdout)["defects"]}
        self.assertEqual({"always-in-sync": True, "heartbeats-get-lost": True, "saved-is-not-told": True}, fates)
        for one in json.loads(done.stdout)["defects"]:
            self.assertGreater(one["changes"], 0, one["id"])

    def test_a_defect_that_never_changed_anything_does_not_survive(self):
        text = ("defects:\n  never-matches: {sentence: x, clauses: [backup-takes-over], "
                "console: [{match: 'No such words', print: ''}]}\n"
                "  never-meets: {sentence: x, clauses: [backup-takes-over], "
                "frames: [{drop: {link: backplane, type: other}}]}\n")
        with tempfile.TemporaryDirectory() as out:
            file = pathlib.Path(out) / "mine.yaml"
            file.write_text(text)
            done = understudy("qualify", "exos-11.3", "--defects", str(file), "--case", "master-hangs", "--out", out)
            matrix = json.loads((pathlib.Path(out) / "qualification.json").read_text())
        self.assertEqual(2, done.returncode, done.stdout + done.stderr)
        for defect in matrix["defects"]:
            self.assertEqual(("changed nothing", 0), (defect["fate"], defect["changes"]), defect["id"])
            self.assertIn(f"changed nothing in {defect['plans']} plans {defect['id']}", done.stdout)
        self.assertNotIn("survives", done.stdout)
        self.assertIn("nothing judged, 2 changed nothing; ", done.stdout)

    def test_a_wrong_file_of_defects_is_one_line(self):
        with tempfile.TemporaryDirectory() as out:
            file = pathlib.Path(out) / "mine.yaml"
            for text, words in (("defects:\n  one: {sentence: x, clauses: [backup-takes-over]}\n", "changes nothing"),
                                ("defects:\n  one: {sentence: x, clauses: [a], consol: []}\n", "mine.yaml:2"),
                                ("defects:\n  one: {sentence: x, clauses: [nope], console: [{match: a, print: b}]}\n",
                                 "no clause `nope`"),
                                ("defects:\n  one: {sentence: x, clauses: [a], console: [{match: '(', print: b}]}\n",
                                 "mine.yaml:2"),
                                ("defects:\n  one: {sentence: x, clauses: [], console: [{match: a, print: b}]}\n",
                                 "mine.yaml:2: the defect `one` breaks no clause"),
                                ("defects:\n  one: {sentence: x, clauses: [a], console: [{match: '', print: b}]}\n",
                                 "mine.yaml:2: `match` matches nothing"),
                                ("defects: {}\n", "mine.yaml:1: `defects` has no defect")):
                file.write_text(text)
                done = understudy("qualify", "exos-11.3", "--defects", str(file), "--out", out)
                self.assertEqual(3, done.returncode, done.stdout)
                self.assertEqual(1, len(done.stderr.strip().splitlines()), done.stderr)
                self.assertIn(words, done.stderr)

    def test_canaries_are_heard_before_the_suite(self):
        with tempfile.TemporaryDirectory() as out:
            done = understudy("run", "exos-11.3", "--testbed", "exos-11.3-simulated", "--canaries", "--case",
                              "master-hangs", "--out", out)
            sung = {path.parent.name: json.loads(path.read_text())
                    for path in pathlib.Path(out).glob("canaries/**/verdicts.json")}
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertTrue(done.stdout.startswith("the canary that must fail failed, the other passed"))
        self.assertEqual({"must-pass", "must-fail"}, set(sung))

    def test_a_name_that_is_no_defect_is_refused(self):
        for done in (understudy("run", "exos-11.3", "--testbed", "exos-11.3-simulated", "--defect", "tie-gives-slot-c"),
                     understudy("qualify", "exos-11.3", "--defect", "tie-gives-slot-c")):
            self.assertEqual(3, done.returncode)
            self.assertIn("tie-gives-slot-b", done.stderr)
        node = subprocess.run([NODE, "--slot", "A", "--listen", "127.0.0.1:0", "--state", self.keep.name,
                               "--defect", "tie-gives-slot-c"], capture_output=True, text=True)
        self.assertEqual(3, node.returncode)
        self.assertIn("tie-gives-slot-c", node.stderr)

    def test_what_is_not_catalogued_is_refused_for_processes_too(self):
        done = understudy("run", "exos-11.3", "--testbed", "exos-11.3-processes", "--defect", "tie-gives-slot-c")
        self.assertEqual(3, done.returncode)
        self.assertIn("no defect `tie-gives-slot-c` of exos-11.3 is known (did you mean `tie-gives-slot-b`?)", done.stderr)

    def test_what_cannot_be_seen_is_refused_with_its_reason(self):
        done = understudy("qualify", "exos-11.3", "--defect", "M46")
        self.assertEqual(3, done.returncode)
        self.assertIn("--defect M46: is no defect here: In sync is claimed between the two reboots", done.stderr)


if __name__ == "__main__":
    unittest.main()
