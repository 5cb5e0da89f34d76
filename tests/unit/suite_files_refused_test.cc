// A wrong file is refused with exactly one line, which names its place.
#include "tests/unit/suite_refusal.h"

namespace understudy {
namespace {

class FileRefused : public testing::TestWithParam<Refusal> {};

TEST_P(FileRefused, WithExactlyThisLine) {
  EXPECT_EQ(lines_of(std::string(suite_head) + GetParam().text),
            std::vector<std::string>{GetParam().message});
}

const Refusal files[] = {
    {"OneOutcomeAlone",
     R"yaml(  which: {level: MAY, source: PUBLIC, citation: "guide, page 7", statement: Which., outcomes: [{edition: "1.0", citation: "guide, page 7", outcome: Up}]}
)yaml",
     R"line(s.yaml:9: `outcomes` is a list of what each edition says (two or more: {edition: ..., citation: ..., outcome: ...}))line"},
    {"EditionsThatAgree",
     R"yaml(  which: {level: MAY, source: PUBLIC, citation: "guide, page 7", statement: Which., outcomes: [{edition: "1.0", citation: "guide, page 7", outcome: Up}, {edition: "2.0", citation: "guide, page 8", outcome: Up}]}
)yaml",
     R"line(s.yaml:9: 2.0, page 8 says what 1.0, page 7 says (list only what contradicts))line"},
    {"AnEditionThatSpeaksTwice",
     R"yaml(  which: {level: MAY, source: PUBLIC, citation: "guide, page 7", statement: Which., outcomes: [{edition: "1.0", citation: "guide, page 7", outcome: Up}, {edition: "1.0", citation: "guide, page 7", outcome: Down}]}
)yaml",
     R"line(s.yaml:9: 1.0, page 7 speaks twice (one outcome may be a list: one of these))line"},
    {"AnOutcomeThatIsAName",
     R"yaml(  which: {level: MAY, source: PUBLIC, citation: "guide, page 7", statement: Which., outcomes: [{edition: "1.0", citation: "guide, page 7", outcome: $up}, {edition: "2.0", citation: "guide, page 7", outcome: Down}]}
)yaml",
     R"line(s.yaml:9: `$up` is no outcome (an outcome is what the switch says, word for word))line"},
    {"AnEditionThatIsNotTheSuitesOwn",
     R"yaml(  which: {level: MUST, source: PUBLIC, citation: "guide, page 7", statement: Which., outcomes: [{edition: "3.0", citation: "guide, page 7", outcome: Up}, {edition: "2.0", citation: "guide, page 7", outcome: Down}]}
)yaml",
     R"line(s.yaml:9: a clause of edition 3.0, 2.0 cannot be MUST for 1.0 (a neighbouring edition is SHOULD at most))line"},
    {"TwoOutcomesInOneExpect",
     R"yaml(  which: {level: MAY, source: PUBLIC, citation: "guide, page 7", statement: Which., outcomes: [{edition: "1.0", citation: "guide, page 7", outcome: Up}, {edition: "2.0", citation: "guide, page 7", outcome: Down}]}
cases:
  example:
    title: An example
    given: {master: MASTER, backup: BACKUP}
    steps:
      - expect: {backup.state: $outcome, master.state: $outcome}
        checks: which
)yaml",
     R"line(s.yaml:15: an expect names one outcome (write an expect for each))line"},
    {"AnOutcomeThatIsNoneOf",
     R"yaml(  which: {level: MAY, source: PUBLIC, citation: "guide, page 7", statement: Which., outcomes: [{edition: "1.0", citation: "guide, page 7", outcome: {up: Up}}, {edition: "2.0", citation: "guide, page 7", outcome: {up: Down}}]}
cases:
  example:
    title: An example
    given: {master: MASTER, backup: BACKUP}
    steps:
      - expect: {backup.state: $outcome}
        checks: which
)yaml",
     R"line(s.yaml:15: no outcome of `which` is called `$outcome` (write $outcome.up))line"},
    {"ACaseNameWithASlash",
     R"yaml(cases:
  a/b:
    title: T
    steps: [{do: {lose: chassis}}]
)yaml",
     R"line(s.yaml:10: `a/b` is no name of a case (letters, digits, hyphens, dots; it names a folder))line"},
    {"ACaseNameWithABracket",
     R"yaml(cases:
  a[1]:
    title: T
    steps: [{do: {lose: chassis}}]
)yaml",
     R"line(s.yaml:10: `a[1]` is no name of a case (letters, digits, hyphens, dots; it names a folder))line"},
    {"ACaseNameWithASpace",
     R"yaml(cases:
  a b:
    title: T
    steps: [{do: {lose: chassis}}]
)yaml",
     R"line(s.yaml:10: `a b` is no name of a case (letters, digits, hyphens, dots; it names a folder))line"},
    {"ACaseWithoutATitle",
     R"yaml(cases:
  a:
    steps: [{do: {lose: chassis}}]
)yaml",
     R"line(s.yaml:11: a case needs the key `title`)line"},
    {"ACaseWithAMisspeltKey",
     R"yaml(cases:
  a:
    title: T
    step: [{do: {lose: chassis}}]
    steps: [{do: {lose: chassis}}]
)yaml",
     R"line(s.yaml:12: a case has no key `step` (did you mean `steps`?))line"},
    {"ACaseWithoutSteps",
     R"yaml(cases:
  a:
    title: T
    steps: []
)yaml",
     R"line(s.yaml:12: `steps` is a list of what is done and expected)line"},
    {"TwoCasesOfOneName",
     R"yaml(cases:
  a:
    title: T
    steps: [{do: {lose: chassis}}]
---
cases:
  a:
    title: T
    steps: [{do: {lose: chassis}}]
)yaml",
     R"line(s.yaml:15: a second case is called `a` (the first is at s.yaml:10))line"},
    {"ARoleThatIsAWord",
     R"yaml(cases:
  a:
    title: T
    given: {each: MASTER}
    steps: [{do: {lose: chassis}}]
)yaml",
     R"line(s.yaml:12: the name `each` is taken: it is a word of the language)line"},
    {"AVaryOfUnequalLengths",
     R"yaml(cases:
  a:
    title: T
    vary: {x: [1s, 2s], y: [1s]}
    steps: [{pause: $x}]
)yaml",
     R"line(s.yaml:12: `x` has 2 values and `y` has 1 (keys of one map advance together; a list of maps is crossed))line"},
    {"AVaryWithoutAList",
     R"yaml(cases:
  a:
    title: T
    vary: {x: 1s}
    steps: [{pause: $x}]
)yaml",
     R"line(s.yaml:12: `x` of vary is a list of values)line"},
    {"AVaryThatNamesWhatIsNotDefined",
     R"yaml(cases:
  a:
    title: T
    given: {m: M}
    vary: {x: [a, $new]}
    steps: [{await: {m.vlans: $x}}]
)yaml",
     R"line(s.yaml:14: the name `$new` is not defined here (a key of vary, or remembered in an earlier step))line"},
    {"AVaryWithARoleThatIsNotBound",
     R"yaml(cases:
  a:
    title: T
    given: {one: M}
    vary: {x: [$one, two]}
    steps: [{do: {lose: $x}}]
)yaml",
     R"line(s.yaml:14: no role is called `two` (bind it under given:))line"},
    {"AnInvariantOfARole",
     R"yaml(always:
  - never: {master.state: FAIL}
    checks: backup-takes-over
)yaml",
     R"line(s.yaml:10: no role or link is called `master` (bind a role under given:, name a link under links:))line"},
    {"AnInvariantOfTwoKinds",
     R"yaml(always:
  - never: {any.state: FAIL}
    at most one: {state: MASTER}
    checks: backup-takes-over
)yaml",
     R"line(s.yaml:10: an invariant is one of: never, at most one, not without an act)line"},
    {"AnInvariantWithoutAClause",
     R"yaml(always:
  - at most one: {state: MASTER}
)yaml",
     R"line(s.yaml:10: an invariant needs the key `checks`)line"},
    {"AMisspeltTopLevelKey",
     R"yaml(casses: {}
)yaml",
     R"line(s.yaml:9: a suite has no key `casses` (did you mean `cases`?))line"},
    {"AnotherSuiteName",
     R"yaml(---
suite: other
)yaml",
     R"line(s.yaml:10: `suite` stands in two files of the suite)line"},
    {"ALimitWithADollar",
     R"yaml(---
limits: {own: 2 * $limits.boot}
)yaml",
     R"line(s.yaml:10: `$limits.boot` stands in a limit (names of timing and of other limits stand without a dollar))line"},
    {"ALimitTwice",
     R"yaml(---
limits: {boot: 5m}
)yaml",
     R"line(s.yaml:10: a second limit is called `boot` (the first is at s.yaml:6))line"},
    {"ALimitThatIsANumber",
     R"yaml(---
limits: {own: 5}
)yaml",
     R"line(s.yaml:10: `5` is a number, not a duration (a duration has a unit: 250ms, 1.5s, 2m))line"},
    {"AnInferredMust",
     R"yaml(---
clauses:
  new: {level: MUST, source: INFERRED, citation: "guide, page 7", statement: S}
)yaml",
     R"line(s.yaml:11: an INFERRED clause cannot be MUST (INFO, or DERIVED with its premises))line"},
    {"AModelledInference",
     R"yaml(---
clauses:
  new: {level: INFO, source: [INFERRED-M], statement: S}
)yaml",
     R"line(s.yaml:11: `INFERRED-M` is no source of a clause (what was made up for a model is never tested))line"},
    {"ADerivedClauseWithoutPremises",
     R"yaml(---
clauses:
  new: {level: MUST, source: DERIVED, statement: S}
)yaml",
     R"line(s.yaml:11: a DERIVED clause needs premises (the clauses or citations it follows from))line"},
    {"APremiseThatIsNoClause",
     R"yaml(---
clauses:
  new: {level: MUST, source: DERIVED, statement: S, premises: [backup-take-over]}
)yaml",
     R"line(s.yaml:11: the premise `backup-take-over` is no clause (did you mean `backup-takes-over`?))line"},
    {"AMustOfANeighbouringEdition",
     R"yaml(---
clauses:
  new: {level: MUST, source: PUBLIC, citation: "guide, page 7", editions: ["0.9"], statement: S}
)yaml",
     R"line(s.yaml:11: a clause of edition 0.9 cannot be MUST for 1.0 (a neighbouring edition is SHOULD at most))line"},
    {"AShouldOfASiblingProduct",
     R"yaml(---
clauses:
  new: {level: SHOULD, source: PUBLIC, citation: "guide, page 7", product: OtherOS, statement: S}
)yaml",
     R"line(s.yaml:11: a clause of OtherOS cannot be SHOULD for ExampleOS (a sibling product is INFO))line"},
    {"AMustWithoutACitation",
     R"yaml(---
clauses:
  new: {level: MUST, source: SEED, statement: S}
)yaml",
     R"line(s.yaml:11: a MUST clause needs a citation (citation: DOCUMENT, page N))line"},
    {"ACitationWithoutAPlace",
     R"yaml(---
clauses:
  new: {level: MUST, source: SEED, citation: guide, statement: S}
)yaml",
     R"line(s.yaml:11: `guide` cites no place (DOCUMENT, page N))line"},
    {"ACitationOfAMisspeltDocument",
     R"yaml(---
clauses:
  new: {level: MUST, source: SEED, citation: "giude, page 7", statement: S}
)yaml",
     R"line(s.yaml:11: no document is called `giude` (did you mean `guide`?))line"},
    {"AnUnknownLevel",
     R"yaml(---
clauses:
  new: {level: MUSST, source: SEED, citation: "guide, page 7", statement: S}
)yaml",
     R"line(s.yaml:11: `MUSST` is no level (did you mean `MUST`?))line"},
    {"AnUnknownSource",
     R"yaml(---
clauses:
  new: {level: MUST, source: SEEED, citation: "guide, page 7", statement: S}
)yaml",
     R"line(s.yaml:11: `SEEED` is no source of a clause (did you mean `SEED`?))line"},
    {"AnUnknownAspect",
     R"yaml(---
clauses:
  new: {level: MUST, source: SEED, citation: "guide, page 7", statement: S, aspect: colour}
)yaml",
     R"line(s.yaml:11: `colour` is no aspect (roles or synchronisation))line"},
    {"AClauseWithoutAStatement",
     R"yaml(---
clauses:
  new: {level: MUST, source: SEED, citation: "guide, page 7"}
)yaml",
     R"line(s.yaml:11: a clause needs the key `statement`)line"},
    {"TheHarnessOwnClause",
     R"yaml(---
clauses:
  no-unprovoked-restart: {level: INFO, source: INFERRED, statement: S}
)yaml",
     R"line(s.yaml:11: `no-unprovoked-restart` is the harness's own clause (it is in every suite already))line"},
    {"AClauseTwice",
     R"yaml(---
clauses:
  backup-takes-over: {level: INFO, source: INFERRED, statement: S}
)yaml",
     R"line(s.yaml:11: a second clause is called `backup-takes-over` (the first is at s.yaml:8))line"},
};

INSTANTIATE_TEST_SUITE_P(File, FileRefused, testing::ValuesIn(files), name_of);

}  // namespace
}  // namespace understudy
