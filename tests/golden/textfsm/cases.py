"""Templates with inputs that the original accepts: every option, action and state, and nasty input.

INPUTS of a case are parsed one by one; "templates and inputs" counts each pair."""

IFACES = """Ethernet1/1 is up, line protocol is up
  Hardware: 1000BaseT, address 0004.96aa.bb01
  Description: uplink to core
  MTU 1500 bytes, speed 1000
  VLANs: 10 20 30

Ethernet1/2 is down, line protocol is down
  Hardware: 1000BaseT, address 0004.96aa.bb02
  MTU 9000 bytes, speed 100
  VLANs: 40
Ethernet1/3 is up, line protocol is down
"""

TABLE = """Slot  Type     State
----  -------  ------
A     MSM-G8X  MASTER
B     MSM-G8X  BACKUP
1     G60X     Operational
2              Empty
Total: 4
"""

OPTIONS = ["", "Required ", "Filldown ", "Fillup ", "List ", "Key ", "Required,List ", "List,Required ",
           "Filldown,Required ", "Required,Filldown ", "Filldown,List ", "List,Filldown ",
           "Fillup,List ", "List,Fillup ", "Filldown,Fillup ", "Key,Required,Filldown ",
           "OptionBase ", "Filldown,Required,List ", "List,Required,Filldown,Fillup,Key "]

MIX = """one a 1
two b
end
three  3
end
 c
end
end
four d 4
two
nothing here
end
"""


def option_cases():
    for option in OPTIONS:
        for other in ("", "Required ", "Filldown "):
            template = (
                "Value %sNAME (\\w*)\nValue %sLETTER ([a-d])\nValue NUMBER (\\d*)\n\nStart\n"
                "  ^end -> Record\n  ^${NAME}\\s+${LETTER}?\\s*${NUMBER}$$\n  ^ ${LETTER}\n" % (option, other))
            yield "options " + option + "/ " + other, template, [MIX, ""]


ACTIONS = ["", " ->", " -> Next", " -> Record", " -> NoRecord", " -> Clear", " -> Clearall",
           " -> Next.Record", " -> Next.NoRecord", " -> Next.Clear", " -> Next.Clearall",
           " -> Continue", " -> Continue.Record", " -> Continue.NoRecord", " -> Continue.Clear",
           " -> Continue.Clearall", " -> Error", " -> Error.Record", ' -> Error "it broke"',
           ' -> Error.Clear "say "twice""', " -> Error broken", " -> Other", " -> Record Other",
           " -> Next.Record Other", " -> Clear Other", " -> Next Other", " -> End", " -> EOF",
           " -> Record End", " -> Record EOF", " -> Next.Record  End", "  ->   Record", " -> Nextish",
           ' -> Error ""', "\t-> Record", " -> a -> Record", " \u00a0-> Record"]


def action_cases():
    for action in ACTIONS:
        target = "Nextish" if "Nextish" in action else "Other"
        template = (
            "Value Filldown HOST (\\S+)\nValue Required PORT (\\d+)\nValue List TAG (\\w+)\n\nStart\n"
            "  ^host ${HOST}\n  ^port ${PORT}%s\n  ^port \\d+ ${TAG}\n  ^tag ${TAG}\n  ^done -> Record\n\n"
            "%s\n  ^host ${HOST} -> Start\n  ^port ${PORT} -> Continue\n  ^.*\\s${TAG}$$ -> Record\n"
            % (action, target))
        yield "action" + action, template, [
            "host a\nport 1 x\ntag y\ndone\nhost b\nport 2 z\nport 3\ndone\ntag q\n", "port 7"]


def ending_cases():
    body = "Value A (\\w+)\nValue B (\\d+)\n\nStart\n  ^${A}:\n  ^${B}; -> %s\n  ^stop -> %s\n%s"
    for go in ("Record", "Continue.Record"):
        for stop in ("End", "EOF", "Record End", "Record EOF", "Next"):
            for ending in ("", "\nEOF\n", "\nEnd\n", "\nEOF\n\nEnd\n", "\n# remark\nEOF\n"):
                yield ("ending %s/%s/%r" % (go, stop, ending), body % (go, stop, ending),
                       ["x:\n1;\ny:\nstop\nz:\n2;\n", "x:\n1;\ny:", ""])


PLAIN = [
    ("interfaces", """# A comment first.
Value Required INTERFACE (\\S+)
Value LINK (up|down)
Value PROTOCOL (up|down)
Value HARDWARE (\\S+)
Value DESCRIPTION (.+?)
Value MTU (\\d+)
Value List VLANS (\\d+)

Start
  # the head of a block records the one before
  ^\\S+ is -> Continue.Record
  ^${INTERFACE}\\s+is\\s+${LINK},\\s+line\\s+protocol\\s+is\\s+${PROTOCOL}\\s*$$
  ^\\s+Hardware:\\s+${HARDWARE},
  ^\\s+Description:\\s+${DESCRIPTION}\\s*$$
  ^\\s+MTU\\s+${MTU}\\s+bytes
  ^\\s+VLANs:\\s+${VLANS} -> Continue
  ^\\s+VLANs:\\s+\\d+\\s+${VLANS} -> Continue
  ^\\s+VLANs:(?:\\s+\\d+){2}\\s+${VLANS}
""", [IFACES, IFACES.replace("\n", "\r\n"), IFACES.rstrip("\n"), ""]),
    ("slots", """Value Key,Required SLOT ([A-Z]|\\d+)
Value TYPE (\\S*)
Value STATE (MASTER|BACKUP|Operational|Empty)

Start
  ^Slot\\s+Type\\s+State -> Slots
  ^. -> Error "no heading"

Slots
  ^-+ -*
  ^${SLOT}\\s+${TYPE}\\s+${STATE}\\s*$$ -> Record
  ^Total: -> End
  ^\\s*$$
  ^. -> Error
""", [TABLE, TABLE + "more\n", "Garbage\n" + TABLE, TABLE.replace("Total", "Sum"), ""]),
    ("nested groups", """Value List MEMBER ((?P<port>\\d+:\\d+)\\s+(?P<flag>[a-z])?(?P<rest>-\\w+)?)
Value NAME (\\w+)

Start
  ^group\\s+${NAME}
  ^\\s+${MEMBER} -> Continue
  ^.*,\\s*${MEMBER}
  ^$$ -> Record
""", ["group a\n 1:1 x\n 1:2 y-late, 2:2 \n\ngroup b\n 3:1 -q, 3:2 z\n", "group c\n\n"]),
    ("nested groups that are not named", """Value List PAIR ((\\w)(\\d))
Value List,Filldown WORD ((?P<head>\\w)\\w*)

Start
  ^${PAIR} ${WORD} -> Record
  ^clear -> Clearall
""", ["a1 one\nb2 two\nclear\nc3 three\n"]),
    ("one group that is named", """Value List ONE (?P<one>(\\d))

Start
  ^x
""", ["x\n"]),
    ("a nested match that fails alone", """Value List TAIL ((?<=x)(?P<n>\\d))

Start
  ^x${TAIL} -> Record
""", ["x1\nx2\n"]),
    ("lists with no text in them", """Value List L (\\d+)
Value List M ([a-z]+)

Start
  ^(?:${L})?-(?:${M})? -> Record
""", ["1-a\n-b\n2-\n-\n"]),
    ("a nested group of a value that took no part", """Value List L ((?P<a>\\d)(?P<b>\\d))

Start
  ^-(?:${L})? -> Record
""", ["-12\n", "-12\n-\n"]),
    ("nested names that are Values", """Value List OUTER ((?P<INNER>\\w)\\w)
Value INNER (\\w)

Start
  ^${OUTER} -> Record
""", ["ab\ncd\n"]),
    ("a name that stands twice in the text", """Value A (\\d+)

Start
  ^${A}-(?P=A) -> Record
  ^${A}
""", ["1-1\n1-2\n22-22\n"]),
    ("fillup", """Value Fillup F (\\w+)
Value N (\\d)

Start
  ^${N} ${F} -> Record
  ^${N} -> Record
""", ["1\n2\n3 x\n4\n5 y\n6\n"]),
    ("fillup stops at the first filled row", """Value Fillup F (\\w*)
Value Required N (\\d)

Start
  ^${N}-${F}- -> Record
""", ["1--\n2-a-\n3--\n4--\n5-b-\n"]),
    ("empty text is a value", "Value A (x*)\nValue B (y*)\n\nStart\n  ^${A}${B}; -> Record\n", [";\nx;\ny;\n"]),
    ("no values", "\nStart\n  ^a$ -> Record\n  ^b -> Error\n", ["a\n", "b\n"]),
    ("no values after comments", "# nothing\n\nStart\n  ^a -> Record\n", ["a\n"]),
    ("a state without rules", "Value A (a)\n\nStart\n  ^${A} -> Next.Record Rest\n\nRest\n", ["a\na\n"]),
    ("only Start, empty", "Value A (a)\n\nStart\n", ["a\n"]),
    ("no newline at the end", "Value A (.*)\n\nStart\n  ^${A} -> Record", ["x\ny"]),
    ("template with CRLF", "Value A (.*)\r\n\r\nStart\r\n  ^${A}$$ -> Record\r\n", ["x\r\ny\r\n"]),
    ("template with CR", "Value A (.*)\r\rStart\r  ^${A}$$ -> Record\r", ["x\ry\r\rz"]),
    ("form feeds in a template", "Value A (.*)\n\x0c\nStart\n  ^${A}\x0c-> Record\n\x0b\nEOF\n", ["x\x0c\ny"]),
    ("indents", "Value A (\\w+)\n\nStart\n ^a${A}\n  ^b${A}\n\t^c${A} -> Record\n", ["aa\nbb\ncc\n"]),
    ("comments everywhere", "#x\nValue A (\\w)\n  # y\n\n# z\n\nStart\n# in\n  # in2\n  ^${A} -> Record\n#end\n\n#q\n",
     ["a\n"]),
    ("many blank lines between states", "Value A (\\w)\n\n\n\nStart\n  ^${A} -> Record B\n\n\n\nB\n  ^-\n", ["a\n-\n"]),
    ("a comment after options", "Value Required A (#)\n\nStart\n  ^${A} # no comment -> Record\n", ["# # no comment\n"]),
    ("dollars", "Value A (\\w)\n\nStart\n  ^$A$$ -> Record\n  ^\\$$${A} -> Record\n  ^${A}\\$$\\d$$\n",
     ["a\n$b\nc$1\n"]),
    ("names of all shapes", "Value a_1 (\\w)\nValue _B (\\w)\nValue %s (\\w)\n\nStart\n  ^${a_1}$_B${%s} -> Record\n"
     % ("N" * 48, "N" * 48), ["abc\n"]),
    ("a value that no rule uses", "Value 1bad-name (x)\nValue A (\\w)\n\nStart\n  ^${A} -> Record\n", ["a\n"]),
    ("a value without a name", "Value Required  (x)\n\nStart\n  ^x -> Record\n", ["x\n"]),
    ("parentheses that only look closed", "Value A (a)|(b)\n\nStart\n  ^${A} -> Record\n", ["a\nb\nc\n"]),
    ("empty group", "Value A ()\n\nStart\n  ^${A}x -> Record\n", ["x\n"]),
    ("spaces inside an expression", "Value A (a  b c)\nValue Required B ( x )\n\nStart\n  ^${A}${B} -> Record\n",
     ["a  b c x \n"]),
    ("states called like values", "Value Start (x)\n\nStart\n  ^${Start} -> Record Start\n", ["x\nx\n"]),
    ("unicode names", "Value \u00e9t\u00e9 (x)\nValue A (\\w+)\n\nStart\n  ^${A} -> Record Gr\u00f6\u00dfe\n\nGr\u00f6\u00dfe\n  ^.\n",
     ["\u00e4bc\nx\n"]),
    ("unicode text", "Value A (\\w+)\nValue B (\\d+)\nValue C (\\S+)\n\nStart\n  ^${A}\\s${B}\\s${C}\\s*$$ -> Record\n",
     ["stra\u00dfe\u2003\u0663\u0664 \u20ac5\u3000\n\u6771\u4eac 12 \U0001f600\nabc \u00b2 x\n", "a\u00a012\u00a0z\n"]),
    ("unicode classes", "Value A ([^\\W\\d_]+)\nValue B ([\\D]+)\nValue C ([^\\S ]*)\n\nStart\n  ^${A}\\b${B}${C}$$ -> Record\n",
     ["caf\u00e9 -- \t\n\u0663x\nab\u0663\n", "a\u00a0\nb\u2009\u2009\n"]),
    ("scoped flags", "Value A ((?i:abc|[x-z]+))\nValue B ((?a:\\w+))\nValue C ((?x: \\d  # digits\\n  \\d ))\n\nStart\n"
     "  ^${A} ${B} -> Record\n  ^(?-i:Q)(?s:.)(?u:\\w)\n", ["ABC d\u00e9\nXyZ \u00e9\nQ--\n"]),
    ("no scope but a comment", "Value A (a(?#comment)+)\n\nStart\n  ^(?#x)${A} -> Record\n", ["aaa\n"]),
    ("escapes", "Value A ([\\]\\-\\w\\.\\x41\\u0042\\103]+)\nValue B (\\x2d\\t\\-\\_\\\"\\<\\/\\101)\n\nStart\n"
     "  ^${A}${B}\\Z -> Record\n", ["]-a.ABC-\t-_\"</A\n"]),
    ("sets with odd members", "Value A ([]a]+)\nValue B ([^]]+)\nValue C ([a\\-z.-]+)\nValue D ([[:x]+)\n\nStart\n"
     "  ^${A};${B};${C};${D}$$ -> Record\n", ["]a;bc;-az.;[:x\n"]),
    ("braces", "Value A (a{2})\nValue B (b{,2})\nValue C (c{1,}?)\nValue D (d{)\nValue E (e{}f{x}g{1,x})\n\nStart\n"
     "  ^${A}${B}${C}${D}${E}h{2,3}+$$ -> Record\n", ["aabcd{e{}f{x}g{1,x}hhh\naaccd{e{}f{x}g{1,x}hh\n"]),
    ("possessive and atomic", "Value A (a*+b)\nValue B ((?>c|cd)e?)\n\nStart\n  ^${A}${B} -> Record\n",
     ["aabcd\nbce\naac\n"]),
    ("conditional", "Value Q (\"?\\w+)\nValue R (\\w)\n\nStart\n  ^(\")?\\w+(?(1)\"|;)${R} -> Record\n  ^(?P<x>-)?(?(x)a|b)${R} -> Record\n",
     ["\"ab\"c\nab;c\nab\"c\n-az\nbz\n"]),
    ("a condition on a later group", "Value R (\\w)\n\nStart\n  ^(?:(?(1)a|b)(c))+${R} -> Record\n", ["bcacz\nbcbz\n"]),
    ("lookaround", "Value A (\\w+(?=;))\nValue B ((?<!x)\\d(?!\\d))\nValue C ((?<=a)b|c)\n\nStart\n  ^${A};${B}a?${C} -> Record\n",
     ["ab;1ab\nab;12ab\nx;1b\ny;2c\n"]),
    ("a repeated lookahead", "Value A (a(?=b)*b)\n\nStart\n  ^${A} -> Record\n", ["ab\na\n"]),
    ("word boundaries", "Value A (\\bfoo\\b|\\Bx)\n\nStart\n  ^-?${A} -> Record\n  ^\\B$$ -> Record\n  ^a\\b-\\B-\n",
     ["foo\n-x\n\n-foo\nfoobar\na--\n"]),
    ("anchors inside", "Value A (^a$|\\Ab\\Z|c)\n\nStart\n  ^${A}$$ -> Record\n  ^^^a^b\n", ["a\nb\nc\nab\n"]),
    ("groups that keep their last match", "Value A ((?:(a)|(b)|c)*)\nValue B ((?:x|y)+?)\n\nStart\n  ^${A}${B}$$ -> Record\n  ^(\\w)*(?P<q>\\d)\\1\n",
     ["abcx\nbaxy\nx\n"]),
    ("empty repeats", "Value A ((?:a*)*)\nValue B ((?:b|)+)\nValue C ((?:)*)\n\nStart\n  ^${A}${B}${C}; -> Record\n", ["aab;\n;\nb;\n"]),
    ("alternatives at the top", "Value A (a)\nValue B (b)\n\nStart\n  ^${A}|${B} -> Record\n", ["a\nb\nxb\n"]),
    ("other line ends", "Value A (.+)\n\nStart\n  ^${A}$$ -> Record\n",
     ["a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i\rj\r\nk\n\rl", "a\x1fb\nc\x00d\n", "\x85", "\n\n\n", "\r\n\r\n"]),
    ("unit separator is space", "Value A (\\S+)\nValue B (\\s*)\n\nStart\n  ^${A}${B}$$ -> Record\n  ^\\s+${A} -> Record\n",
     ["a\x1f\nb \x1f\n\x1fc\n"]),
    ("text that is not UTF-8", "Value A (.+)\n\nStart\n  ^${A}$$ -> Record\n",
     [b"a\xffb\n\xc3\nx\xe2\x82\ny\xf0\x9f\x98z\n\xed\xa0\x80\n\xc0\xaf\n\xf5\x80\n\xe2\x28\xa1\n", b"\xef\xbb\xbfbom\n"]),
    ("huge lines", "Value A (\\w+)\nValue B (\\d+)\n\nStart\n  ^${A}\\s+(?:x\\s)*${B}$$ -> Record\n  ^(?:a|b)*c -> Record\n",
     ["a" * 100000 + " 1\n" + "b " + "x " * 50000 + "2\n" + "ab" * 20000 + "c\n"]),
    ("many rules", "Value A (\\d+)\n\nStart\n" + "".join("  ^word%d ${A} -> Record\n" % i for i in range(150)),
     ["".join("word%d %d\n" % (i, i) for i in range(0, 150, 7)) + "word999 1\n"]),
    ("case is kept in the first letter", "Value A (\\w+)\n\nStart\n  ^(?i:state)\\s+${A} -> Record\n  ^(?i:[^a])bc -> Record\n",
     ["STATE up\nstate down\nabc\nAbc\nxbc\n"]),
    ("tabs and blanks before words", "Value A (\\w+)\n\nStart\n  ^\\s*name ${A} -> Record\n  ^\t\tfoo ${A} -> Record\n  ^ +bar ${A} -> Record\n",
     ["name a\n   name b\n\t name c\n\t\tfoo d\n\t foo e\n  bar f\nbar g\n"]),
    ("Continue collects", "Value List W (\\w+)\n\nStart\n  ^${W} -> Continue\n  ^\\w+ ${W} -> Continue\n  ^\\w+ \\w+ ${W} -> Continue\n  ^.* -> Record\n",
     ["a b c\nd e\nf\n\n"]),
    ("Continue and Record on one line", "Value A (\\d)\nValue Filldown B (\\w)\n\nStart\n  ^${A} -> Continue.Record\n  ^\\d${B} -> Continue.Record\n  ^..${A} -> Record\n",
     ["1a2\n3b4\n5\n"]),
    ("Clear keeps Filldown", "Value Filldown H (\\w+)\nValue A (\\d)\nValue List,Filldown L (\\w)\n\nStart\n  ^h ${H}\n  ^l ${L}\n  ^a ${A}\n  ^c -> Clear\n  ^x -> Clearall\n  ^r -> Record\n",
     ["h one\nl p\na 1\nc\nr\nl q\na 2\nr\nx\na 3\nr\n"]),
    ("show fdb", "Value MAC ([0-9a-f]{2}(?::[0-9a-f]{2}){5})\nValue VLAN ([^\\s()]+)\nValue TAG (\\d+)\nValue AGE (\\d+)\nValue PORTS (\\S.*?)\n\n"
     "Start\n  ^MAC\\s+VLAN -> Entries\n  ^. -> Error\n\nEntries\n  ^-+$$\n"
     "  ^${MAC}\\s+${VLAN}\\(0*${TAG}\\)\\s+0*${AGE}\\s+\\D*?\\s${PORTS}\\s*$$ -> Record\n  ^Flags|^Total|^FDB|^\\s*$$\n  ^. -> Error\n",
     ["MAC  VLAN Name( Tag)  Age\n----\n00:04:96:00:00:01   v1(0001) 0000  d m D    1:1, 1:45\n"
      "00:04:96:00:00:02   v2(0200) 0123  d m P    2:2\n\nFlags : d\nTotal: 2\n"]),
]


def all_cases():
    """(name, template, input) for every pair."""
    found = []
    groups = list(option_cases()) + list(action_cases()) + list(ending_cases()) + PLAIN
    for name, template, inputs in groups:
        for number, text in enumerate(inputs):
            found.append(("%s [%d]" % (name, number), template, text))
    return found
