"""console_pexpect.py bulk KB REPS | bulkpaged KB REPS | rtt COUNT | many SESSIONS KB REPS: what a user
would pick instead, in its best form: exact strings, big reads, a short search window, no delay.
Takes the words of console_bench and prints the same keys. DEVSIM names the device."""
import os
import sys
import threading
import time

import pexpect

WORDS = [b"X440G2-48t.1 # ", b"to quit:"]


def until_prompt(device):
    size = 0
    while device.expect_exact(WORDS) == 1:
        size += len(device.before)
        device.send(b" ")
    return size + len(device.before)


def ask(device, line):
    device.send(line + "\r")
    return until_prompt(device)


def start():
    device = pexpect.spawn(os.environ["DEVSIM"], timeout=600, maxread=65536, searchwindowsize=256)
    device.delaybeforesend = None
    until_prompt(device)
    return device


def bulk(mode, kb, reps):
    device = start()
    if mode == "bulk":
        ask(device, "disable clipaging")
    begin = time.perf_counter()
    size = sum(ask(device, f"show bulk {kb}") for _ in range(reps))
    took = time.perf_counter() - begin
    print(f"pexpect {mode} bytes={size} s={took:.4f} MB/s={size / took / 1e6:.2f}")


def round_trips(count):
    device = start()
    took = []
    for _ in range(count):
        begin = time.perf_counter()
        ask(device, "show line")
        took.append((time.perf_counter() - begin) * 1e6)
    took.sort()
    print(f"pexpect rtt n={count} p50_us={took[count // 2]:.1f} p99_us={took[count * 99 // 100]:.1f}")


def many(count, kb, reps):
    sizes = [0] * count

    def work(index):
        device = start()
        ask(device, "disable clipaging")
        for _ in range(reps):
            sizes[index] += ask(device, f"show bulk {kb}")

    begin = time.perf_counter()
    threads = [threading.Thread(target=work, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begin
    print(f"pexpect many n={count} bytes={sum(sizes)} s={took:.4f} MB/s={sum(sizes) / took / 1e6:.2f}")


mode, numbers = sys.argv[1], [int(text) for text in sys.argv[2:]]
if mode == "rtt":
    round_trips(*numbers)
elif mode == "many":
    many(*numbers)
else:
    bulk(mode, *numbers)
