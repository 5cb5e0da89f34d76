"""Random templates in the manner of the public collections, each for an output that it can read: columns, blocks with
`key: value` lines, headings, wrapped lines, lists, totals, and now and then a line that fits nothing. The same seed
gives the same cases."""
import random

# What a field of a switch's output looks like, and how people write that down.
FIELDS = {
    "port": (["1:%d", "Gi1/0/%d", "Te%d/1", "ge-0/0/%d.0", "Slot-%d", "mgmt%d"],
             ["\\S+", "\\S+?", "[\\w\\-\\.:/]+", "[A-Za-z]*[\\d:/\\.-]+\\d", "(?:\\w+-)?[\\w:/.-]+", "\\S*?\\d+\\S*"]),
    "state": (["up", "down", "administratively down", "MASTER", "BACKUP (In Sync)", "err-disabled", "--"],
              ["up|down|.+?", "\\S+(?:\\s\\S+)*?", "[\\w\\s\\(\\)-]+?", "(?:admin\\w+\\s+)?\\S+(?:\\s\\(.*?\\))?", ".*?", "\\S+(\\s\\S+)*?"]),
    "count": (["%d", "0", "%d,000", "%d.5"], ["\\d+", "[\\d,\\.]+", "\\d+(?:[,.]\\d+)?", "(?:\\d+[,.]?)+", "-?\\d\\S*"]),
    "percent": (["%d%%", "100%%"], ["\\d{1,3}%", "\\d+\\%", "\\S+%"]),
    "mac": (["00:04:96:20:b4:%02x", "0004.9620.%04x"], ["[0-9a-f:.]+", "(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|\\S+", "[a-fA-F0-9:\\.]{12,17}",
                                                       "([0-9a-f]{2}[:.]?)+", "\\w+(?:[:.]\\w+)+"]),
    "address": (["10.0.0.%d", "fe80::%x", "192.168.%d.1"], ["\\d{1,3}.\\d{1,3}.\\d{1,3}.\\d{1,3}|[0-9a-f:]+", "(\\d+\\.){3}\\d+|\\S+",
                                                            "[0-9a-fA-F:\\.]+", "(?:\\d+\\.){3}\\d+|(?!\\d+\\.)\\S+"]),
    "name": (["v%d", "a name of %d words", "caf\u00e9-%d", "", "(none)", "\"q%d\""], [".*?", "\\S.*?\\S|\\S|", "[^\\s].*?|", ".*\\S|", "(?:\\S+\\s?)*?", "\\S*"]),
    "time": (["1d%02dh", "00:0%d:12", "never", "Mon Mar  4 10:11:%02d 2013"], ["\\S+", "\\d+:\\d+:\\d+|\\S+", "[\\w:\\s]+?", "(?=\\S).+?", "never|.+?"]),
    "flag": (["d", "m", "*", " ", "D"], ["\\w|\\*|\\s", "[a-zA-Z\\* ]", "\\S?", ".", "\\*|"]),
}
EDGES = ["\\s+", "\\s+", " +", "\\s*", "\\s{2,}", "[ \\t]+", "\\s+?"]
WORDS = ["Interface", "Status", "Slot", "Age", "Total", "VLAN ID", "Flags : d - dynamic", "Neighbor's name"]


class Output:
    def __init__(self, seed):
        self.dice = random.Random(seed)
        dice = self.dice
        kinds = [dice.choice(sorted(FIELDS)) for _ in range(dice.randint(2, 6))]
        self.columns = [("%s_%d" % (kind.upper(), number), kind) for number, kind in enumerate(kinds)]
        self.is_block = dice.random() < 0.4
        self.has_sections = dice.random() < 0.4
        self.has_list = dice.random() < 0.4
        self.has_total = dice.random() < 0.3
        self.heading = [dice.choice(WORDS) for _ in range(dice.randint(1, 3))]
        self.labels = ["%s %d" % (dice.choice(["Port", "Link state", "Up-time", "Rx/Tx", "Name (id)"]), number)
                       for number in range(len(self.columns))]

    def cell(self, kind):
        shape = self.dice.choice(FIELDS[kind][0])
        return shape % self.dice.randint(0, 99) if "%" in shape.replace("%%", "") else shape.replace("%%", "%")

    def value(self, name, kind, options=()):
        dice = self.dice
        options = [option for option in options if option]
        if dice.random() < 0.15 and "List" not in options:
            options.append(dice.choice(["Fillup", "Key", "Filldown"]))
        dice.shuffle(options)
        return "Value %s%s (%s)" % (",".join(options) + " " if options else "", name, dice.choice(FIELDS[kind][1]))

    def escaped(self, text):
        for byte in "()[].*+?/":
            text = text.replace(byte, "\\" + byte)
        return text.replace(" ", self.dice.choice([" ", "\\s+", "\\s"]))

    def template(self):
        dice = self.dice
        required = dice.randrange(len(self.columns))
        lines = [self.value(name, kind, ["Required" if number == required and dice.random() < 0.7 else ""])
                 for number, (name, kind) in enumerate(self.columns)]
        if self.has_sections:
            lines.insert(dice.randrange(len(lines) + 1), "Value Filldown%s SECTION (\\S.*?)" % dice.choice(["", ",Required"]))
        if self.has_list:
            lines.append("Value List%s MEMBER %s" % (dice.choice(["", "", ",Filldown", ",Required"]), dice.choice(
                ["(\\S+)", "((?P<slot>\\d+):(?P<port>\\d+)|\\S+)", "(\\w+:?\\w*)", "((?P<whole>\\S+))"])))
        if self.has_total:
            lines.append("Value %sTOTAL (\\d+)" % dice.choice(["Fillup ", "", "Filldown "]))
        rules = self.rules()
        heading = "  ^" + dice.choice(["\\s*", ""]) + "\\s+".join(self.escaped(word) for word in self.heading) + dice.choice(["", "\\s*$$", "$$", ".*"])
        ending = [["  ^\\s*$$"], ["  ^-+(?:\\s+-+)*\\s*$$"], ["  # nothing of interest", "  ^[-=]{3,}"]]
        for part in ending:
            if dice.random() < 0.7:
                rules += part
        rules += dice.choice([["  ^. -> Error"], ["  ^.*$$ -> Error \"a line that nobody knows\""], ["  ^.+ -> Error LineNotFound"],
                              ["  ^.*"], [], [], [], [], []])
        if dice.random() < 0.5:
            states = ["Start", heading + " -> " + dice.choice(["Rows", "Next Rows", "Record Rows", "Next.Clear Rows"]), "", "Rows"] + rules
            if dice.random() < 0.3:
                states.append("  ^Done -> " + dice.choice(["Start", "End", "Record Start", "EOF"]))
        else:
            states = ["Start"] + [heading] + rules
        end = dice.choice([["", "EOF"], [], ["", "# the last row is not forgotten"], ["", "End"]])
        return "\n".join(lines + [""] + states + end) + "\n"

    def rules(self):
        dice = self.dice
        rules = []
        if self.has_sections:
            rules.append("  ^Section:\\s+${SECTION}\\s*$$" + dice.choice(["", " -> Clear", " -> Continue.Record", " -> Next.NoRecord"]))
        if self.has_list:
            rules += ["  ^\\s+members\\s*:\\s+${MEMBER} -> Continue", "  ^\\s+members\\s*:(?:\\s+\\S+)\\s+${MEMBER} -> Continue",
                      "  ^\\s+members\\s*:" + dice.choice(["", "(?:\\s+\\S+){2}\\s+${MEMBER}"])]
        if self.is_block:
            rules += ["  ^%s\\s*[:=]\\s*${%s}\\s*$$%s" % (self.escaped(label), name, " -> Continue" if dice.random() < 0.1 else "")
                      for label, (name, _) in zip(self.labels, self.columns)]
            first = "  ^%s\\s*: -> Continue.Record" % self.escaped(self.labels[0])
            rules.insert(0 if dice.random() < 0.7 else len(rules), first)
            if dice.random() < 0.5:
                rules.append("  ^\\s*$$ -> Record")
        else:
            for _ in range(dice.randint(1, 2)):
                rules.append("  ^" + dice.choice(["\\s*", "", " "]) + self.row() + dice.choice(["\\s*$$", "\\s*$$", "$$", "", "\\s*(?=$$)"])
                             + " -> " + dice.choice(["Record", "Record", "Next.Record", "Continue.Record", "Continue"]))
        if self.has_total:
            rules.append("  ^Total\\s*(?:entries)?:\\s*${TOTAL}\\b" + dice.choice(["", " -> Record", " -> Continue"]))
        return rules

    def row(self):
        dice = self.dice
        text = ""
        for number, (name, _) in enumerate(self.columns):
            edge = "" if number == 0 else dice.choice(EDGES)
            part = dice.choice(["${%s}", "${%s}", "${%s}", "\"?${%s}\"?", "(?!Total)${%s}"]) % name
            text += dice.choice(["%s%s", "%s%s", "%s%s", "(?:%s%s)?", "(%s%s|)", "(?:%s%s|\\s*-)"]) % (edge, part)
        return text

    def text(self):
        dice = self.dice
        lines = dice.choice([[], [""]]) + [("  ".join(self.heading))] + dice.choice([[], ["-----  -----"], ["=========="]])
        for section in range(dice.randint(1, 3)):
            if self.has_sections:
                lines.append("Section: %s %d" % (dice.choice(["one", "the second"]), section))
            for _ in range(dice.randint(0, 4)):
                lines += self.entry()
        if self.has_total:
            lines.append("Total%s: %d" % (dice.choice(["", " entries"]), dice.randint(0, 500)))
        lines += dice.choice([[], [], [""], ["Done"], ["a line of its own kind"], ["\ttab\t" + self.cell("name")]])
        return dice.choice(["\n", "\n", "\n", "\r\n"]).join(lines) + dice.choice(["\n", ""])

    def entry(self):
        dice = self.dice
        cells = [self.cell(kind) for _, kind in self.columns]
        if self.is_block:
            lines = ["%s%s %s" % (label, dice.choice([":", " :", "="]), cell) for label, cell in zip(self.labels, cells)
                     if dice.random() < 0.9]
        else:
            gap = dice.choice(["  ", "   ", " ", "\t"])
            lines = [dice.choice(["", " "]) + gap.join(cells) + dice.choice(["", " "])]
        if self.has_list and dice.random() < 0.8:
            lines.append("   members: " + " ".join("%d:%d" % (number, dice.randint(1, 48)) for number in range(dice.randint(1, 4))))
        return lines + ([""] if self.is_block and dice.random() < 0.7 else [])


def generate(seed, count):
    found = []
    for number in range(count):
        output = Output("%d/%d" % (seed, number))
        found.append(("seed %d, output %d" % (seed, number), output.template(), output.text()))
    return found
