"""textfsm_original.py FILE SECONDS TEMPLATE | FOLDER SECONDS: the original on the work of textfsm_bench,
its template compiled once as well, which is the best it can do. Prints the same keys."""
import pathlib
import sys
import time

import textfsm


def make_work(text, template):
    with open(template, encoding="utf8") as file:
        return textfsm.TextFSM(file), text.read_text(encoding="utf8")


def parse(work):
    work[0].Reset()
    return len(work[0].ParseText(work[1]))


what, limit = pathlib.Path(sys.argv[1]), float(sys.argv[2])
if what.is_dir():
    every = [make_work(path, path.with_suffix(".textfsm")) for path in sorted(what.glob("*.txt"))]
else:
    every = [make_work(what, sys.argv[3])]
rows = sum(parse(work) for work in every)
size = sum(len(work[1]) for work in every)
rounds = 0
begin = time.perf_counter()
took = 0
while took < limit:
    for work in every:
        parse(work)
    rounds += 1
    took = time.perf_counter() - begin
parses = rounds * len(every)
print(f"textfsm inputs={len(every)} rows={rows} parses={parses} s={took:.3f} "
      f"parses/s={parses / took:.3f} MB/s={rounds * size / took / 1e6:.4f}")
