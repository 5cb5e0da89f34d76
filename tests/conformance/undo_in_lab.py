#!/usr/bin/python3
"""undo_in_lab.py FOLDER: runs in the lab `chassis`, ended in the middle of faults that outlive them.

Killed with the outlet off, interrupted with the outlet off, killed with a module out, and killed where a module is
taken out behind its back; each followed by `understudy heal` and what the lab then tells; prints it as JSON."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

from custody_in_lab import SOURCE, settle
from harness_under_test import until

FOLDER = pathlib.Path(sys.argv[1])
LAB = SOURCE / "fixtures/labs/lab.py"

SUITE = """
suite: tiny
title: Faults that outlive a run
product: Any
edition: "1"
clauses:
  it-holds: {level: MUST, source: SEED, citation: "manual, page 1", statement: It holds.}
cases:
  dark:
    title: The chassis without power
    given: {master: MASTER, backup: BACKUP}
    steps:
      - do: {lose: chassis}
      - pause: 120s
      - expect: {no.state: MASTER}
        checks: it-holds
  alone:
    title: The backup without power
    given: {master: MASTER, backup: BACKUP}
    steps:
      - do: {lose: backup}
      - pause: 120s
      - expect: {master.state: MASTER}
        checks: it-holds
  out:
    title: A module is out
    given: {master: MASTER, backup: BACKUP}
    steps:
      - do: {remove: backup}
      - pause: 120s
      - expect: {master.state: MASTER}
        checks: it-holds
  still:
    title: Nothing is done
    given: {master: MASTER, backup: BACKUP}
    steps:
      - pause: 120s
      - expect: {master.state: MASTER}
        checks: it-holds
"""


def pdu(*words):
    return subprocess.run([LAB, "pdu", *words], text=True, capture_output=True, check=True).stdout.strip()


def entries(out):
    return "".join(text.read_text() for text in (FOLDER / out).rglob("history.jsonl"))


def stopped_by(which, case, out, testbed, shown):
    """Once its history holds `shown`."""
    words = ["understudy", "run", str(FOLDER / "tiny.yaml"), "--testbed", str(testbed), "--out", str(FOLDER / out),
             "--case", case]
    process = subprocess.Popen(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    came = until(lambda: shown in entries(out) or process.poll() is not None, 60)
    process.send_signal(which)
    said = process.communicate(timeout=100)[0]
    return {"status": process.returncode, "said": said, "came": came, "outlet": pdu("state"),
            "lists": len(list((FOLDER / out).rglob(".understudy/undo-*.json")))}


def killed_at_hands(out, testbed):
    """While somebody has taken the power from the backup."""
    words = ["understudy", "run", str(FOLDER / "tiny.yaml"), "--testbed", str(testbed), "--out", str(FOLDER / out),
             "--case", "alone", "--attended"]
    process = subprocess.Popen([LAB, "operator", *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    came = until(lambda: '"lose"' in entries(out) or process.poll() is not None, 60)
    for path in (FOLDER / out).rglob(".understudy/undo-*.json"):
        os.kill(json.loads(path.read_text())["harness"]["pid"], signal.SIGKILL)
    said = process.communicate(timeout=100)[0]
    return {"status": process.returncode, "said": said, "came": came}


def heal(out, *before, more=()):
    ended = subprocess.run([*before, "understudy", "heal", "--out", str(FOLDER / out), *more], text=True,
                           capture_output=True, timeout=300)
    return {"status": ended.returncode, "said": ended.stdout + ended.stderr, "outlet": pdu("state"),
            "left": [str(path) for path in (FOLDER / out).rglob(".understudy/*")]}


def main():
    (FOLDER / "tiny.yaml").write_text(SUITE)
    text = (SOURCE / "fixtures/testbeds/exos-11.3-chassis.yaml").read_text().replace(
        "hands: {remove: operator, insert: operator, press: operator}",
        f'hands: {{remove: ["{LAB}", pdu, remove, "${{node}}"], insert: ["{LAB}", pdu, insert, "${{node}}"]}}')
    fresh = FOLDER / "fresh.yaml"
    fresh.write_text(text)
    kept = FOLDER / "kept.yaml"
    kept.write_text(re.sub(r"(?m)^prepare: .*\n", "", text))
    result = {"killed": stopped_by(signal.SIGKILL, "dark", "killed", fresh, '"lose"')}
    result["refused"] = stopped_by(signal.SIGTERM, "dark", "killed", fresh, "what never comes")
    result["healed"] = heal("killed")
    settle()
    result["interrupted"] = stopped_by(signal.SIGINT, "dark", "interrupted", fresh, '"lose"')
    settle()
    result["at hands"] = killed_at_hands("hands", SOURCE / "fixtures/testbeds/exos-11.3-chassis.yaml")
    result["told"] = heal("hands")
    result["asked"] = heal("hands", LAB, "operator", more=["--attended"])
    settle()
    result["out"] = stopped_by(signal.SIGKILL, "out", "out", kept, '"remove"')
    result["in"] = heal("out")
    settle()
    result["still"] = stopped_by(signal.SIGKILL, "still", "still", kept, '"step-began"')
    pdu("remove", "MSM-B")
    result["woken"] = heal("still")
    settle()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
