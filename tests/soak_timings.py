#!/usr/bin/python3
"""soak_timings.py UNDERSTUDY ROUNDS FOLDER: the clean reference at random timings fails nothing.

Each round draws heartbeat, limit, boot, poll and the reference's own delays, writes a simulated testbed
with them and runs the whole suite: 22 rounds are over 10,000 case runs.
"""
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent
UNDERSTUDY, ROUNDS, FOLDER = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
TESTBED = """testbed: exos-11.3-round-{number}
dialect: exos
simulated: {{profile: exos-11.3}}
nodes: {{MSM-A: {{}}, MSM-B: {{}}}}
links: {{backplane: {{ends: [MSM-A, MSM-B], relay: user-space, frames: understudy}}}}
listeners: {{traps: "udp:127.0.0.1"}}
{scratch}
timing: {{heartbeat: {heartbeat}ms, limit: {limit}, boot: {boot}ms, poll: {poll}ms, resolve: {resolve}ms, answer: 5s,
  bulk: {bulk}ms, retransmit: {retransmit}ms, down: {down}ms, fail: {fail}ms, process: {process}ms}}
"""
SCRATCH = re.search(r"^scratch:.*?(?=^\S|\Z)", (SOURCE / "fixtures/testbeds/exos-11.3-simulated.yaml").read_text(),
                    re.M | re.S)[0].rstrip()


def draw(number):
    dice = random.Random(number)
    heartbeat = dice.choice([20, 50, 100, 200, 500, 1000])
    limit = dice.randint(3, 8)
    return TESTBED.format(
        number=number, scratch=SCRATCH, heartbeat=heartbeat, limit=limit, boot=max(dice.randint(500, 20000), 4 * heartbeat * limit),
        poll=dice.randint(max(5, heartbeat // 10), heartbeat), resolve=heartbeat * limit * 4,
        bulk=dice.randint(1, 20), retransmit=dice.randint(10, max(20, heartbeat)), down=dice.randint(3, 10) * heartbeat,
        fail=dice.randint(3, 10) * heartbeat, process=dice.randint(50, 1000))


runs = failed = unsettled = 0
FOLDER.mkdir(parents=True, exist_ok=True)
for number in range(1, ROUNDS + 1):
    testbed = FOLDER / f"{number}.yaml"
    testbed.write_text(draw(number))
    out = FOLDER / str(number)
    done = subprocess.run([UNDERSTUDY, "run", "exos-11.3", "--testbed", str(testbed), "--jobs", "2", "--seed",
                           str(number), "--strict", "--out", str(out)], capture_output=True, text=True)
    if done.returncode == 3:
        sys.exit(f"round {number}: {done.stderr}")
    cases = json.loads((out / "report.json").read_text())["cases"]
    runs += len(cases)
    for case in cases:
        for verdict in case["verdicts"]:
            if verdict["outcome"] == "FAIL":
                failed += 1
                print(f"round {number}: {verdict['plan']} {verdict['clause']}: {verdict['actual']}")
            elif verdict["outcome"] != "PASS":
                unsettled += 1
                if unsettled < 20:
                    print(f"round {number}: {verdict['plan']} {verdict['outcome']}: {verdict['cause']}")
    if done.returncode == 0:
        shutil.rmtree(out)  # hundreds of megabytes each
print(f"{runs} case runs at random timings, {failed} false alarms, {unsettled} inconclusive")
sys.exit(1 if failed else 0)
