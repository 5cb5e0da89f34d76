#!/usr/bin/python3
"""report_test.py UNDERSTUDY: a run's report in a real browser, opened from disk as a user would.

Runs three cases on the simulated chassis, then reads the pages with Chromium: every case is listed, the
tiles and the search field filter, each link leads to a file, no script fails.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
from urllib.parse import unquote, urlparse

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

UNDERSTUDY = sys.argv.pop(1)
CASES = "reboot-*"
CLAIM = "first-insync-claim-is-true"
DEFECT = "insync-before-the-bulk-ends"
PASS_GREEN = "rgb(47, 125, 79)"


def browser(profile):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for switch in ("headless", "no-sandbox", "disable-gpu", "no-first-run", "disable-sync",
                   "disable-background-networking", "disable-component-update", "disable-quic",
                   "allow-file-access-from-files", f"user-data-dir={profile}", "window-size=1280,1600"):
        options.add_argument("--" + switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


class ReportInABrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory()
        cls.out = pathlib.Path(cls.keep.name) / "out"
        cls.run_cases(CASES, cls.out)
        cls.report = json.loads((cls.out / "report.json").read_text())
        cls.browser = browser(cls.keep.name + "/profile")

    @staticmethod
    def run_cases(cases, out, *words):
        subprocess.run([UNDERSTUDY, "run", "exos-11.3", "--testbed", "exos-11.3-simulated", "--case", cases,
                        "--out", str(out), *words], check=False, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        cls.keep.cleanup()

    def open(self, page):
        self.browser.get((self.out / page).as_uri())

    def rows(self):
        rows = self.browser.find_elements(By.CSS_SELECTOR, "#cases tbody tr")
        return [row for row in rows if row.is_displayed()]

    def test_the_index_lists_every_case(self):
        self.open("index.html")
        self.assertEqual(len(self.rows()), len(self.report["cases"]))
        self.assertGreater(len(self.rows()), 0)

    def test_a_tile_shows_only_its_verdict_and_shows_all_when_pressed_again(self):
        self.open("index.html")
        tile = self.browser.find_element(By.CSS_SELECTOR, ".tile.fail")
        tile.click()
        self.assertEqual(len(self.rows()), self.report["plans"]["fail"])
        tile.click()
        self.assertEqual(len(self.rows()), len(self.report["cases"]))

    def test_the_search_field_filters_by_word(self):
        self.open("index.html")
        self.browser.find_element(By.ID, "search").send_keys("cancelled")
        shown = [row.text for row in self.rows()]
        self.assertEqual(len(shown), 1)
        self.assertIn("reboot-can-be-cancelled", shown[0])

    def test_a_case_page_shows_time_line_steps_and_both_consoles(self):
        self.open("index.html")
        self.browser.find_element(By.LINK_TEXT, "reboot-can-be-cancelled").click()
        self.assertGreater(len(self.browser.find_elements(By.CSS_SELECTOR, ".timeline svg rect")), 3)
        self.assertGreater(len(self.browser.find_elements(By.CSS_SELECTOR, ".steps li")), 3)
        self.assertEqual(len(self.browser.find_elements(By.CSS_SELECTOR, "details")), 2)

    def test_a_claim_of_synchronisation_has_its_bounds_on_its_lane(self):
        claims = self.out.parent / "claims"
        self.run_cases(CLAIM, claims)
        self.browser.get((claims / f"cases/exos-11.3/{CLAIM}.html").as_uri())
        self.assertIn("proven true from", self.browser.find_element(By.CSS_SELECTOR, ".claims").text)
        strip = self.browser.find_element(By.CSS_SELECTOR, ".timeline svg rect.proven-true")
        self.assertGreater(strip.size["height"], 2)
        self.assertEqual("rgb(47, 125, 79)", strip.value_of_css_property("fill"))
        self.assertEqual([], self.browser.find_elements(By.CSS_SELECTOR, "rect.proven-false, .contradicted, .warning"))

    def test_a_device_that_is_broken_on_purpose_says_so_above_all_else(self):
        broken = self.out.parent / "broken"
        self.run_cases(CLAIM, broken, "--defect", DEFECT)
        for page in ("index.html", f"cases/exos-11.3/{CLAIM}.html"):
            self.browser.get((broken / page).as_uri())
            warning = self.browser.find_element(By.CSS_SELECTOR, ".warning")
            self.assertIn("broken on purpose: " + DEFECT, warning.text)
            self.assertLess(warning.location["y"], self.browser.find_element(By.TAG_NAME, "h1").location["y"])
        self.assertIn("contradicted", self.browser.find_element(By.CSS_SELECTOR, ".claims").text)
        self.assertGreater(len(self.browser.find_elements(By.CSS_SELECTOR, "rect.proven-false")), 0)

    def test_the_clause_matrix_leads_to_the_cases(self):
        self.open("clauses.html")
        self.browser.find_element(By.CSS_SELECTOR, ".cell").click()
        self.assertIn("/cases/", self.browser.current_url)

    def test_every_link_leads_to_a_file_and_no_script_fails(self):
        pages = ["index.html", "clauses.html"] + [
            str(path.relative_to(self.out)) for path in sorted((self.out / "cases").rglob("*.html"))]
        for page in pages:
            self.open(page)
            for link in self.browser.find_elements(By.CSS_SELECTOR, "a[href]"):
                target = pathlib.Path(unquote(urlparse(link.get_attribute("href")).path))
                self.assertTrue(target.exists(), f"{page} links to {target.name}, which does not exist")
            self.assertEqual([], [entry for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"])


class KillMatrixInABrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory()
        subprocess.run([UNDERSTUDY, "qualify", "exos-11.3", "--case", "s*", "--defect", "*-slot-b", "--out",
                        cls.keep.name], check=False, stdout=subprocess.DEVNULL)
        cls.page = pathlib.Path(cls.keep.name) / "qualification.html"
        cls.matrix = json.loads(cls.page.with_suffix(".json").read_text())
        cls.browser = browser(cls.keep.name + "/profile")

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        cls.keep.cleanup()

    def setUp(self):
        self.browser.get("about:blank")
        self.browser.get(self.page.as_uri())

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def test_every_row_and_column_has_its_head(self):
        heads = self.browser.find_elements(By.CSS_SELECTOR, ".kills thead th")[1:]
        names = [head.get_attribute("textContent").strip() for head in heads]
        self.assertEqual([one["name"] for one in self.matrix["cases"]], names)
        rows = [row.text for row in self.browser.find_elements(By.CSS_SELECTOR, ".kills tbody th")]
        self.assertEqual([one["id"] for one in self.matrix["defects"]], rows)

    def test_heads_stay_where_the_matrix_is_scrolled(self):
        self.browser.set_window_size(700, 900)
        head = self.find(".kills tbody th")
        before = head.rect["x"]
        self.browser.execute_script("document.querySelector('.scroll').scrollLeft = 100")
        self.assertEqual(100, self.browser.execute_script("return document.querySelector('.scroll').scrollLeft"))
        self.assertEqual(before, head.rect["x"])

    def test_a_cell_leads_to_its_verdict(self):
        cell = self.find(".kills td.pass a")
        self.browser.execute_script("arguments[0].click()", cell)
        row = self.find("tr:target")
        self.assertTrue(row.is_displayed())
        self.assertIn("KILLED", row.text)
        kill = self.matrix["defects"][0]["kills"][0]
        self.assertIn(kill["expected"], row.text)

    def test_the_search_field_filters_defects_clauses_and_cases(self):
        self.find("#search").send_keys("M10")
        rows = self.browser.find_elements(By.CSS_SELECTOR, ".kills tbody tr")
        self.assertEqual(["tie-gives-slot-b"], [row.text.strip().split()[0] for row in rows if row.is_displayed()])

    def test_every_link_leads_somewhere_and_no_script_fails(self):
        ids = {one.get_attribute("id") for one in self.browser.find_elements(By.CSS_SELECTOR, "[id]")}
        for link in self.browser.find_elements(By.CSS_SELECTOR, 'a[href^="#"]'):
            self.assertIn(unquote(urlparse(link.get_attribute("href")).fragment), ids)
        self.assertEqual([], [entry for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"])


if __name__ == "__main__":
    unittest.main()
