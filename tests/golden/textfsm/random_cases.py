"""Random templates with random inputs, the same for the same seed. Most are sound, some are not: the
original decides. Expressions stay small, so that neither engine runs away."""
import random

LETTERS = "ab1 -"
ATOMS = ["a", "b", "1", " ", "-", ".", "\\w", "\\d", "\\s", "\\S", "\\W", "\\D", "[ab]", "[^a]", "[a-b1]", "[^\\s-]", "[\\w-]",
         "\\b", "\\B", "a", "b", "1", "\\-", "[ ]", "\\ ", "\u00e9", "[^\\W\\d]", "(?i:A)", "(?i:[^B])", "(?a:\\w)"]
NASTY = ["{", "}", "]", "\\q", "(?i)", "**", "(", ")", "[", "\\8", "(?<=a*)", "{2", "^", "\\Z", "\\A", "|", "(?P<n>a)", "(?#x)", "-]"]
TIMES = ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "{1,}", "*+", "?+", "{2,3}?"]
PLACES = ("\\b", "\\B", "^", "\\Z", "\\A")
CHARACTERS = "aaabbb111   --\t" + "\u00e9\u0663\u00a0\x1f\x0c\u2003K\u017f"
WORDS = ["Ethernet1/1", "is", "up", "down,", "line", "protocol", "10.0.0.1/24", "00:04:96:aa:bb:01", "--", "100", "7", "VLAN:",
         "(0001)", "d", "m", "a-b", "Mbit/s", "never", "(connected)", "1:2,", "1:45"]
PIECES = ["\\S+", "\\w+", "\\d+", ".*", ".+?", "\\D+", "(\\s+\\S+)*", "is|up", "(?:up|down,?)", "\\(0*\\d+\\)",
          "(\\d+\\.){3}\\d+", "[^,]+", "(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", "\\S+(\\s+\\S+)*", "[A-Za-z-]+", "line\\s+protocol"]
LINE_ACTIONS = ["", "Next", "Next", "Continue", "Continue", "Error"]
RECORD_ACTIONS = ["", "Record", "Record", "Record", "NoRecord", "Clear", "Clearall"]
OPTIONS = ["Required", "Filldown", "Fillup", "List", "Key"]


class Maker:
    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.groups = 0
        self.is_output = self.dice.random() < 0.4

    def atom(self, depth):
        dice = self.dice
        kind = dice.random()
        if depth > 0 and kind < 0.10:
            return "(?:%s)" % self.regex(depth - 1)
        if depth > 0 and kind < 0.16:
            self.groups += 1
            return "(%s)" % self.regex(depth - 1)
        if depth > 0 and kind < 0.20:
            return dice.choice(["(?=%s)", "(?!%s)", "(?>%s)", "(?:%s|)"]) % self.regex(depth - 1)
        if depth > 0 and kind < 0.22:
            return dice.choice(["(?<=%s)", "(?<!%s)"]) % dice.choice(["a", "\\w", "[ab]1", "a|b", "\\s", "(?:a|1)", "^", "ab|1a"])
        if kind < 0.222:
            return dice.choice(NASTY)
        if kind < 0.23 and self.groups:
            return "\\%d" % dice.randint(1, self.groups)
        return dice.choice(ATOMS)

    def regex(self, depth):
        dice = self.dice
        branches = []
        for _ in range(1 if dice.random() < 0.8 else 2):
            parts = []
            for _ in range(dice.randint(1, 3)):
                atom = self.atom(depth)
                is_place = atom in PLACES and dice.random() < 0.95
                times = "" if is_place or dice.random() < 0.5 else dice.choice(TIMES)
                # Python 3.11.2 loses its place after a possessive group fails (mended in 3.11.5).
                is_group = atom.startswith("(")
                parts.append(atom + (times[:-1] if is_group and times.endswith("+") and len(times) > 1 else times))
            branches.append("".join(parts))
        return "|".join(branches)

    def value(self, number):
        dice = self.dice
        options = [option for option in OPTIONS if dice.random() < (0.35 if option == "List" else 0.2)]
        dice.shuffle(options)
        self.groups = 0
        inside = self.regex(2)
        if "List" in options and dice.random() < 0.6:
            inside = dice.choice(["(?P<x%d>%s)", "%.0s%s(?P<p>\\w)", "(?P<q%d>\\w)?%s", "(?P<r%d>a)|%s"]) % (number, inside)
        elif self.is_output:
            inside = dice.choice(PIECES)
        elif dice.random() < 0.4:
            inside = dice.choice(["\\w+", "\\S+", "\\d+", ".*?", "[ab]+", "\\w*"])
        return "Value %s%s (%s)" % (",".join(options) + " " if options else "", "V%d" % number, inside)

    def output_rule(self, values):
        """An expression as people write them for a switch's output."""
        dice = self.dice
        numbers = dice.sample(range(values), dice.randint(1, min(values, 3)))
        parts = ["${V%d}" % number for number in numbers]
        parts += [dice.choice(PIECES + WORDS[:7]) for _ in range(dice.randint(0, 4))]
        dice.shuffle(parts)
        return ("^" + dice.choice(["", "\\s*", "\\s+", "  "]) + dice.choice(["\\s+", "\\s+", " ", "\\s*"]).join(parts)
                + dice.choice(["", "\\s*$$", "$$"]))

    def rule(self, values, states):
        dice = self.dice
        self.groups = 0
        parts = ["^"]
        chosen = dice.sample(range(values), dice.randint(0, min(values, 2)))
        if dice.random() < 0.2:
            parts.append("\\s*")
        for number in chosen:
            parts.append("${V%d}" % number)
            if dice.random() < 0.5:
                parts.append(dice.choice(["\\s+", " ", "-", "\\s*", self.regex(1)]))
            if dice.random() < 0.1:
                parts.append("?")
        if not chosen or dice.random() < 0.4:
            parts.append(self.regex(2))
        if dice.random() < 0.4:
            parts.append("$$")
        if self.is_output:
            parts = [self.output_rule(values)]
        line, record = dice.choice(LINE_ACTIONS), dice.choice(RECORD_ACTIONS)
        if line == "Error" and dice.random() < 0.7:
            line = ""
        action = ".".join(part for part in (line, record) if part)
        if line != "Continue" and dice.random() < 0.3:
            action += " " + dice.choice(states + ["End", "EOF"] * (dice.random() < 0.2) or ["Start"])
        return "  " + "".join(parts) + (" -> " + action.strip() if action.strip() else "")

    def template(self):
        dice = self.dice
        values = dice.randint(1, 4)
        states = ["Start"] + ["S%d" % i for i in range(dice.randint(0, 2))]
        lines = [self.value(number) for number in range(values)] + [""]
        for state in states:
            lines.append(state)
            lines += [self.rule(values, states) for _ in range(dice.randint(1, 5))]
            lines.append("")
        if dice.random() < 0.2:
            lines += [dice.choice(["EOF", "End"]), ""]
        return "\n".join(lines)

    def text(self):
        dice = self.dice
        characters = CHARACTERS if dice.random() < 0.25 else CHARACTERS[:15]
        if self.is_output:
            return "".join(dice.choice(["", " ", "   ", "\t"]) + dice.choice([" ", "  ", "     "]).join(
                dice.choice(WORDS) for _ in range(dice.randint(0, 6))) + dice.choice(["\n", "\n", " \n"])
                           for _ in range(dice.randint(0, 15)))
        lines = ["".join(dice.choice(characters) for _ in range(dice.randint(0, 8)))
                 for _ in range(dice.randint(0, 12))]
        return dice.choice(["\n", "\n", "\n", "\r\n", "\r"]).join(lines) + dice.choice(["", "\n"])


def generate(seed, count):
    found = []
    for number in range(count):
        maker = Maker("%d/%d" % (seed, number))
        found.append(("seed %d, case %d" % (seed, number), maker.template(), maker.text()))
    return found
