"""Runs contenders in turns (A B C, A B C, ...), so that a drift of the machine's speed hits all of
them alike, and gives the medians and the ratios pair by pair."""
import re
import statistics
import subprocess
import time

NUMBER = re.compile(r"([A-Za-z_][\w/]*)=(-?\d+(?:\.\d+)?)")


class CouldNotRun(Exception):
    """A contender ended in another way than expected."""


def run_once(command, environment, accepted=(0,), seconds=600):
    """All key=number of the last line that has any, and the wall time."""
    begin = time.monotonic()
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True,
                              errors="replace", timeout=seconds, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CouldNotRun(str(error)) from error
    wall = time.monotonic() - begin
    if done.returncode not in accepted:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise CouldNotRun(f"{command[0]} ended with {done.returncode}: {said[-1] if said else ''}")
    figures = {}
    for line in done.stdout.splitlines():
        found = {name: float(number) for name, number in NUMBER.findall(line)}
        figures = found or figures
    figures["wall_s"] = wall
    return figures, done.stdout


class Figures:
    """What the rounds gave: contender -> one dictionary of figures for each round."""

    def __init__(self, names):
        self.rounds = {name: [] for name in names}

    def all_of(self, name, key):
        return [figures[key] for figures in self.rounds[name]]

    def median(self, name, key):
        return statistics.median(self.all_of(name, key))

    def ratios(self, name, other, key):
        """Pair by pair: median, least, most."""
        pairs = zip(self.all_of(name, key), self.all_of(other, key))
        all_ratios = [one / base for one, base in pairs if base]
        return statistics.median(all_ratios), min(all_ratios), max(all_ratios)


def in_turns(contenders, environment, rounds, warm_ups=1):
    """contenders: name -> command line."""
    figures = Figures(contenders)
    for number in range(-warm_ups, rounds):
        for name, command in contenders.items():
            one, _ = run_once(command, environment)
            if number >= 0:
                figures.rounds[name].append(one)
    return figures
