#!/usr/bin/python3
"""Compares our TextFSM engine with the original (the textfsm module of Debian's python3-textfsm).

    differential.py BATCH cases             templates and inputs of cases.py: equal rows
    differential.py BATCH refused           templates of refused.py: both refuse
    differential.py BATCH random SEED N     N random templates with inputs, from a seed
    differential.py BATCH outputs SEED N    N outputs of switches with templates written for them
    differential.py BATCH files T:I ...     template and input files

BATCH is the program textfsm_batch. Ends with 1 and says each difference when there is one."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import warnings

import textfsm

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
warnings.simplefilter("ignore")


PATIENCE = 2  # seconds of processor time; a random pattern may run away in the original, which has no limit


class RanAway(BaseException):
    """No Exception, so that nothing below takes it for an answer of the original."""


def give_up(_signal, _frame):
    raise RanAway


def original(template_path, input_path):
    """What the original makes of it, in the words of textfsm_batch; "ran away" has nothing to compare."""
    signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        return answer_of(template_path, input_path)
    except RanAway:
        return {"ran away": ""}
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def answer_of(template_path, input_path):
    try:
        with open(template_path, encoding="utf-8") as template:
            fsm = textfsm.TextFSM(template)
    except Exception as error:
        return {"refused": "%s: %s" % (type(error).__name__, error)}
    with open(input_path, encoding="utf-8", errors="replace") as text:
        data = text.read()
    try:
        return {"rows": fsm.ParseTextToDicts(data)}
    except Exception as error:
        return {"failed": "%s: %s" % (type(error).__name__, error)}


def differences(expected, actual):
    """None where both say the same. Messages differ by design; an Error action's text does not."""
    if "ran away" in expected:
        return None
    if "rows" in expected:
        same = json.dumps(expected) == json.dumps(actual)  # the order of keys counts
    elif "failed" in expected and expected["failed"].startswith("TextFSMError: "):
        same = expected["failed"][len("TextFSMError: "):] in actual.get("failed", "")
    else:
        same = list(expected) == list(actual)
    return None if same else "original %s\nours     %s" % (json.dumps(expected), json.dumps(actual))


def ask(batch, pairs):
    lines = "".join("%s\t%s\n" % pair for pair in pairs)
    done = subprocess.run([batch], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def write(folder, cases):
    """(name, template, input) as files; text may be bytes."""
    pairs = []
    for number, (_, template, text) in enumerate(cases):
        pair = tuple(os.path.join(folder, "%d.%s" % (number, kind)) for kind in ("textfsm", "txt"))
        for path, data in zip(pair, (template, text)):
            with open(path, "wb") as file:
                file.write(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
        pairs.append(pair)
    return pairs


def compare(batch, names, pairs):
    failures = 0
    answers = ask(batch, pairs)
    if len(answers) != len(pairs):
        print("asked %d, answered %d" % (len(pairs), len(answers)))
        return 1, {}
    kinds = {}
    for name, pair, actual in zip(names, pairs, answers):
        expected = original(*pair)
        kind = next(iter(expected))
        kinds[kind] = kinds.get(kind, 0) + 1
        difference = differences(expected, actual)
        if difference:
            failures += 1
            print("%s\n%s" % (name, difference))
            if failures <= 5:
                for path in pair:
                    with open(path, "rb") as file:
                        print("  %r" % file.read()[:2000])
    return failures, kinds


def main(batch, mode, *rest):
    with tempfile.TemporaryDirectory() as folder:
        if mode == "files":
            pairs = [tuple(pair.split(":")) for pair in rest]
            failures, kinds = compare(batch, rest, pairs)
        else:
            if mode == "cases":
                import cases
                found = cases.all_cases()
            elif mode == "refused":
                import refused
                found = [(name, template, "a\n") for name, template in refused.TEMPLATES]
            else:
                import output_cases
                import random_cases
                maker = output_cases if mode == "outputs" else random_cases
                found = maker.generate(int(rest[0]), int(rest[1]))
                print("seed %s" % rest[0])
            failures, kinds = compare(batch, [case[0] for case in found], write(folder, found))
            if mode == "refused" and kinds != {"refused": len(found)}:
                print("the original accepts one of these")
                failures += 1
    print("%s: %s, %d differences" % (mode, kinds, failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
