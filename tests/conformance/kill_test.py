#!/usr/bin/python3
"""kill_test.py UNDERSTUDY [ROUNDS]: kill -9 of the harness at any moment.

Within five seconds no node, relay or keeper is left, and `judge` works on what was written: cut short, so
nothing passes.
"""
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from harness_under_test import environment, understudy

UNDERSTUDY = sys.argv.pop(1)
ROUNDS = int(sys.argv.pop(1)) if len(sys.argv) > 1 else 6


def processes_of(mark):
    """Process ids whose environment holds the mark: all that a run has started."""
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if mark in (folder / "environ").read_bytes() and (folder / "stat").read_text().split(") ")[1][0] != "Z":
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def until(condition, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


class Killed(unittest.TestCase):
    def test_nothing_is_left_and_judge_works(self):
        for seed in range(ROUNDS):
            with self.subTest(seed=seed), tempfile.TemporaryDirectory() as keep:
                self.kill_once(random.Random(seed).uniform(0.05, 6), pathlib.Path(keep) / "out", seed)

    def kill_once(self, moment, out, seed):
        mark = f"UNDERSTUDY_TEST_MARK={os.getpid()}-{seed}".encode()
        name, value = mark.decode().split("=")
        run = subprocess.Popen([UNDERSTUDY, "run", "exos-11.3", "--testbed", "exos-11.3-processes", "--jobs", "3",
                                "--out", str(out)], env={**environment(), name: value},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moment)
        self.assertIsNone(run.poll(), "the run ended before it was killed")
        run.send_signal(signal.SIGKILL)
        run.wait()
        self.assertTrue(until(lambda: not processes_of(mark), 5), f"left running: {processes_of(mark)}")
        if any(out.rglob("plan.json")):
            judged = understudy(UNDERSTUDY, "judge", out)
            self.assertIn(judged.returncode, (1, 2), judged.stdout)
            self.assertIn("was cut short", judged.stderr)
            self.assertIn("verdicts", judged.stdout)


if __name__ == "__main__":
    unittest.main()
