#!/usr/bin/python3
"""schemas_test.py UNDERSTUDY: the published JSON schemas, by somebody else's validator.

Every suite file fits docs/suite.schema.json as an editor reads it; a misspelt word does not. A report with claims,
a FAIL and a defect fits reports/report.schema.json, and kill matrices fit reports/qualification.schema.json.
"""
import json
import pathlib
import sys
import tempfile
import unittest

import jsonschema
import yaml

from harness_under_test import SOURCE, report, understudy

UNDERSTUDY = sys.argv.pop(1)


def validator(path):
    schema = json.loads((SOURCE / path).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


class Schemas(unittest.TestCase):
    def setUp(self):
        self.suites = validator("docs/suite.schema.json")

    def problems(self, text):
        return [problem.message for problem in self.suites.iter_errors(yaml.safe_load(text))]

    def test_every_suite_fits(self):
        files = sorted((SOURCE / "suites").rglob("*.yaml"))
        self.assertGreater(len(files), 30)
        for path in files:
            with self.subTest(path.name):
                self.assertEqual([], self.problems(path.read_text()))

    def test_what_the_loader_refuses_does_not_fit(self):
        text = (SOURCE / "suites/exos-11.3/failover.yaml").read_text()
        for right, wrong in (("given:", "givn:"), ("checks:", "check:"), ("do: {lose:", "do: {loose:")):
            with self.subTest(wrong):
                self.assertIn(right, text)
                self.assertNotEqual([], self.problems(text.replace(right, wrong, 1)))

    def test_a_report_fits(self):
        fits = validator("reports/report.schema.json")
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out"
            done = understudy(UNDERSTUDY, "run", "exos-11.3", "--testbed", "exos-11.3-simulated", "--case",
                              "first-insync-claim-is-true", "--defect", "insync-before-the-bulk-ends", "--out", out)
            self.assertEqual(1, done.returncode, done.stderr)
            written = report(out)
        self.assertEqual([], [problem.message for problem in fits.iter_errors(written)])
        self.assertTrue(any(claim["is_contradicted"] for case in written["cases"] for claim in case["claims"]))

    def test_a_matrix_fits(self):
        fits = validator("reports/qualification.schema.json")
        with tempfile.TemporaryDirectory() as out:
            for more in (["--own", "--case", "slot-*", "--defect", "tie-gives-slot-b"],
                         ["--defects", SOURCE / "fixtures/defects/example.yaml", "--case", "master-hangs"]):
                done = understudy(UNDERSTUDY, "qualify", "exos-11.3", *more, "--out", out)
                self.assertIn(done.returncode, (0, 1), done.stderr)
                written = json.loads((pathlib.Path(out) / "qualification.json").read_text())
                self.assertEqual([], [problem.message for problem in fits.iter_errors(written)])
                written["defects"][0]["fate"] = "lost"
                self.assertEqual(1, len(list(fits.iter_errors(written))))


if __name__ == "__main__":
    unittest.main()
