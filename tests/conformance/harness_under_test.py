"""The program as a user calls it, for the tests of this folder: run it, read what it left."""
import json
import os
import pathlib
import subprocess
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent


def environment():
    return {**os.environ, "UNDERSTUDY_DATA": str(SOURCE)}


def understudy(program, *words, cwd=None, timeout=600, typed=""):
    return subprocess.run([program, *map(str, words)], cwd=cwd, env=environment(), timeout=timeout,
                          input=typed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until(condition, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not condition():
        time.sleep(0.02)
    return condition()


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


def was_late(verdict):
    """Was this machine too late for the case: by a stall, by an act or by answers that came too late?"""
    names = ("stall from", "is of use within", "too slow:")
    return verdict[0] == "INCONCLUSIVE" and any(name in verdict[1] for name in names)


def verdicts_in_time(out, run_again, tries=5):
    """Those of `out`; a case that this machine was too late for is tried again alone: run_again(case, folder).

    A verdict that fails stays as it is."""
    found = verdicts(out)
    for plan in sorted({key[0] for key, value in found.items() if was_late(value)}):
        for number in range(tries):
            again = pathlib.Path(f"{out}-again") / f"{plan}-{number}"
            run_again(plan.split(",")[0], again)
            once_more = {key: value for key, value in verdicts(again).items() if key[0] == plan}
            found.update(once_more)
            if not any(map(was_late, once_more.values())):
                break
    return found
