#!/usr/bin/python3
"""seeds.py TARGET FOLDER: what the other tests know makes seeds for a fuzz target."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "golden", "textfsm"))


def textfsm_template():
    import cases
    import refused
    for _, template, text in cases.all_cases():
        if isinstance(template, str) and isinstance(text, str):
            yield template + "\n====\n" + text
    for _, template in refused.TEMPLATES:
        yield template  # some are no UTF-8


def suite():
    """Clauses and cases as load_suite takes them, one text; of the large suites a case each."""
    suites = os.path.join(HERE, "..", "..", "suites")
    for name in sorted(os.listdir(suites)):
        folder = os.path.join(suites, name)
        clauses = read(os.path.join(folder, "clauses.yaml"))
        for file in sorted(os.listdir(folder)):
            text = read(os.path.join(folder, file))
            if name == "canaries" and file != "clauses.yaml":
                yield clauses + "---\n" + text
            elif file != "clauses.yaml":
                yield "\n\n".join(text.split("\n\n")[:2]) + "\n"


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def main():
    target, folder = sys.argv[1:]
    makers = {"textfsm_template": textfsm_template, "suite": suite}
    os.makedirs(folder, exist_ok=True)
    for number, seed in enumerate(makers.get(target, list)()):
        with open(os.path.join(folder, "made-%03d" % number), "wb") as file:
            file.write(seed if isinstance(seed, bytes) else seed.encode("utf-8", "surrogateescape"))


main()
