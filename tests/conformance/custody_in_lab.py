#!/usr/bin/python3
"""custody_in_lab.py FOLDER: runs in the lab `chassis`, with a configuration of its own on modules that nothing resets.

Runs what changes it, to the end, interrupted, killed and held, each followed by what MSM-A then tells; prints all
of it as JSON."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import telnetlib
import time

FOLDER = pathlib.Path(sys.argv[1])
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
PASSWORD = os.environ["UNDERSTUDY_LAB_PASSWORD"]
PROMPT = re.compile(rb"(?:\* )?\S+\.\d+ # $")
QUESTIONS = [re.compile(rb"login: $"), re.compile(rb"assword: $"), re.compile(rb"\(y.*\) $"),
             re.compile(rb"to quit:\s*$")]
ANSWERS = [b"admin\r", PASSWORD.encode() + b"\r", b"y\r", b" "]

SUITE = """
suite: tiny
title: Changes
product: Any
edition: "1"
clauses:
  it-holds: {level: MUST, source: SEED, citation: "manual, page 1", statement: It holds.}
cases:
  changes:
    title: Everything that custody knows is changed
    given: {master: MASTER, backup: BACKUP}
    steps:
      - do: {configure: {node: master, add: {vlans: $scratch.vlans}, remove: {vlans: "0007"}}}
      - do: {configure: {node: master, set: {sysname: changed}}}
      - do: {configure: {node: master, of: backup, set: {priority: "7"}}}
      - do: {select: {node: master, image: secondary}}
      - do: {save: {node: master, file: understudy}}
      - do: {select: {node: master, configuration: understudy}}
      - expect: {master.state: MASTER}
        checks: it-holds
  lasts:
    title: Changes that last
    given: {master: MASTER, backup: BACKUP}
    steps:
      - do: {configure: {node: master, add: {vlans: $scratch.vlans}}}
      - do: {save: master}
      - expect: {master.state: MASTER}
        for: 60s
        checks: it-holds
  fails:
    title: A demand that nothing fulfils
    given: {master: MASTER, backup: BACKUP}
    steps:
      - do: {configure: {node: master, add: {vlans: $scratch.vlans}}}
      - expect: {master.state: BACKUP}
        checks: it-holds
  follows:
    title: What is not run any more
    given: {master: MASTER}
    steps:
      - expect: {master.state: MASTER}
        checks: it-holds
"""


def console(*lines):
    """Types lines at the console of MSM-A; what came of each."""
    host, port = os.environ["UNDERSTUDY_LAB_TELNET_A"].rsplit(":", 1)
    with telnetlib.Telnet(host, int(port), 20) as session:
        answers = []
        for line in ("", *lines):
            session.write(line.encode() + b"\r")
            which, _, text = session.expect([PROMPT, *QUESTIONS], 20)
            while which > 0:
                session.write(ANSWERS[which - 1])
                which, _, more = session.expect([PROMPT, *QUESTIONS], 20)
                text += more
            answers.append(text.decode(errors="replace"))
        return answers[1:]


def told():
    """What custody has to leave as it was."""
    configuration, switch, management = console("show configuration", "show switch", "show management")
    lines = [line.strip() for line in configuration.splitlines()]
    return {"configuration": [line for line in lines if re.match(r"(create|configure) ", line)],
            "selected": re.findall(r"(?:Image|Config) Selected: +(.*\S)", switch),
            "name": re.findall(r"SysName: +(\S+)", switch),
            "unsaved": "* " in management.splitlines()[-1],
            "paging": re.findall(r"CLI paging +: (\w+)", management)}


def settle():
    """Until MSM-A says that the backup is in sync, or for half a minute."""
    for _ in range(60):
        if re.search("BACKUP ?\\(In ?Sync\\)", console("show switch")[0]):
            return
        time.sleep(0.5)


def words(case, out, testbed, *more):
    return ["understudy", "run", str(FOLDER / "tiny.yaml"), "--testbed", str(testbed), "--out", str(FOLDER / out),
            "--case", case, *more]


def run(case, out, testbed, *more):
    ended = subprocess.run(words(case, out, testbed, *more), text=True, capture_output=True, timeout=200)
    return {"status": ended.returncode, "said": ended.stdout + ended.stderr}


def stopped_by(which, out, testbed):
    """While the change is in force."""
    process = subprocess.Popen(words("lasts", out, testbed), text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if any('"save"' in text.read_text() for text in (FOLDER / out).rglob("history.jsonl")):
            break
        time.sleep(0.05)
    process.send_signal(which)
    said = process.communicate(timeout=100)[0]
    return {"status": process.returncode, "said": said, "after": told()}


def heal(out):
    ended = subprocess.run(["understudy", "heal", "--out", str(FOLDER / out)], text=True, capture_output=True,
                           timeout=200)
    return {"status": ended.returncode, "said": ended.stdout + ended.stderr, "after": told()}


def marks(out):
    return len(list((FOLDER / out).rglob(".understudy/custody.json")))


def main():
    (FOLDER / "tiny.yaml").write_text(SUITE)
    text = (SOURCE / "fixtures/testbeds/exos-11.3-chassis.yaml").read_text()
    testbed = FOLDER / "kept.yaml"
    testbed.write_text(re.sub(r"(?m)^prepare: .*\n", "", text).replace("3900-3999", "3900-3902"))
    partial = FOLDER / "partial.yaml"
    (FOLDER / "partial").mkdir()
    (FOLDER / "partial/dialect.yaml").write_text(
        "dialect: partial\nextends: exos\ncustody: {configuration: {undo: [{'upload .*': ''}]}}\n")
    partial.write_text(testbed.read_text().replace("dialect: exos", f"dialect: {FOLDER}/partial"))
    subprocess.run([SOURCE / "fixtures/labs/lab.py", "pdu", "on"], check=True, stdout=subprocess.DEVNULL)
    settle()
    console("create vlan v0007", "configure snmp sysname found", "save configuration")
    settle()
    result = {"before": told()}
    result["run"] = {**run("changes", "run", testbed), "after": told(), "marks": marks("run")}
    result["interrupted"] = {**stopped_by(signal.SIGINT, "interrupted", testbed), "marks": marks("interrupted")}
    result["killed"] = {**stopped_by(signal.SIGKILL, "killed", testbed), "marks": marks("killed")}
    result["refused"] = run("changes", "killed", testbed)
    result["healed"] = {**heal("killed"), "marks": marks("killed")}
    result["held"] = {**run("f*", "held", testbed, "--hold"), "after": told()}
    result["unheld"] = {**heal("held"), "marks": marks("held")}
    result["partial"] = {**run("changes", "partial-out", partial), "after": told()}
    result["last"] = heal("partial-out")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
