"""The program as a user calls it, for the tests of this folder: run it, read what it left."""
import json
import os
import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent


def environment():
    return {**os.environ, "UNDERSTUDY_DATA": str(SOURCE)}


def understudy(program, *words, cwd=None, timeout=600, typed=""):
    return subprocess.run([program, *map(str, words)], cwd=cwd, env=environment(), timeout=timeout,
                          input=typed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def report(out):
    return json.loads((pathlib.Path(out) / "report.json").read_text())


def verdicts(out):
    """(case, clause, nth of that clause in the case) -> outcome and, if it is not PASS, why."""
    found = {}
    for case in report(out)["cases"]:
        count = {}
        for verdict in case["verdicts"]:
            clause = verdict["clause"] if isinstance(verdict["clause"], str) else verdict["clause"]["id"]
            count[clause] = count.get(clause, 0) + 1
            found[(case["plan"], clause, count[clause])] = (verdict["outcome"], verdict.get("cause", ""),
                                                            verdict.get("actual", ""))
    return found


def not_passed(out):
    return {key: value for key, value in verdicts(out).items() if value[0] != "PASS"}
