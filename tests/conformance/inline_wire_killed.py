#!/usr/bin/python3
"""inline_wire_killed.py FOLDER: runs in the lab `namespaces`, with modules that are not the testbed's own.

Kills a run (and, for `keeper`, what keeps its bench) in the middle of a cut, then heals; prints as JSON whether
frames of MSM-A came to MSM-B at each moment, and what `understudy heal` said."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

FOLDER = pathlib.Path(sys.argv[1])
LAB = pathlib.Path(os.environ["UNDERSTUDY_LAB"])
NODES = ("MSM-A", "MSM-B")
PORT = 7000
LISTEN = """
import socket, sys
frames = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x88b5))
frames.bind(("backplane", 0))
frames.settimeout(float(sys.argv[1]))
try:
    frames.recv(2048)
except TimeoutError:
    sys.exit(1)
"""

SUITE = """
suite: tiny
title: A cut that lasts
product: Any
edition: "1"
clauses:
  master-stays: {level: MUST, source: SEED, citation: "manual, page 1", statement: It stays.}
cases:
  a-cut-that-lasts:
    title: The master stays while the backplane is cut
    given: {master: MASTER}
    steps:
      - do: {cut: {link: backplane}}
      - expect: {master.state: MASTER}
        for: 60s
        checks: master-stays
"""

TESTBED = """
testbed: standing
dialect: exos
nodes:
""" + "".join(f"""
  {name}:
    console:
      command: [nsenter, "--net=${{UNDERSTUDY_LAB}}/{name}.net", socat, "-", "TCP:127.0.0.1:{PORT}"]
      login: {{user: admin}}
""" for name in NODES) + """
links:
  backplane: {ends: [MSM-A, MSM-B], relay: inline, interfaces: [to-MSM-A, to-MSM-B], frames: understudy,
              filter: ether proto 0x88b5, payload-at: 16}
timing: {heartbeat: 100ms, limit: 3, boot: 1s, poll: 20ms, resolve: 1s, answer: 2s}
allow: [reads, changes, disrupts]
"""


def in_node(name, *command):
    return ["nsenter", f"--net={LAB}/{name}.net", *map(str, command)]


def start_node(name):
    state = FOLDER / f"{name}.state"
    state.mkdir()
    return subprocess.Popen(in_node(name, "understudy-node", "--slot", name[-1], "--backplane", "packet:backplane",
                                    "--console", f"tcp:127.0.0.1:{PORT}", "--state", state, "--boot", "1s",
                                    "--heartbeat", "100ms"))


def frames_come(seconds):
    return subprocess.run(in_node("MSM-B", sys.executable, "-c", LISTEN, seconds)).returncode == 0


def until(condition, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    sys.exit(f"not within {seconds} s: {condition.__doc__}")


def journals(out):
    return list(out.rglob(".understudy/journal-*.jsonl"))


def run_until_cut(out):
    run = subprocess.Popen(["understudy", "run", FOLDER / "suite.yaml", "--testbed", FOLDER / "testbed.yaml", "--out",
                            out], stdout=subprocess.DEVNULL)

    def is_cut():
        """the journal tells of the cut"""
        return any("cut on backplane" in journal.read_text() for journal in journals(out))

    until(is_cut, 30)
    return run


def keeper_of(out):
    head = json.loads(journals(out)[0].read_text().splitlines()[0])
    return head["keeper"]["pid"]


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def killed(name, with_keeper):
    out = FOLDER / name
    run = run_until_cut(out)
    frames_come(0.05)  # one may have been on its way
    told = {"during": frames_come(0.5)}
    keeper = keeper_of(out)
    if with_keeper:
        os.kill(keeper, signal.SIGKILL)
    kill(run)
    told["after"] = frames_come(0.5 if with_keeper else 5)
    told["heal"] = subprocess.run(["understudy", "heal", "--out", out], text=True, stdout=subprocess.PIPE).stdout
    frames_come(0.05)
    told["healed"] = frames_come(0.5)
    told["keeper"] = pathlib.Path(f"/proc/{keeper}/exe").exists()  # not of one that ended unwaited for
    told["journals"] = len(journals(out))
    return told


(FOLDER / "suite.yaml").write_text(SUITE)
(FOLDER / "testbed.yaml").write_text(TESTBED)
nodes = [start_node(name) for name in NODES]
try:
    print(json.dumps({"harness": killed("harness", False), "keeper": killed("keeper", True)}))
finally:
    for node in nodes:
        kill(node)
