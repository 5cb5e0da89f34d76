// Every mistake that a suite can hold, each with the one line that it is refused with.
#include <gtest/gtest.h>

#include "tests/unit/suite_text.h"

namespace understudy {
namespace {

struct Refusal {
  const char* name;
  const char* text;  ///< follows suite_head (8 lines), or case_head as well (5 more)
  const char* message;
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
  *out << refusal.name;
}

std::string name_of(const testing::TestParamInfo<Refusal>& info) {
  return info.param.name;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<Error> all;
  EXPECT_FALSE(load_suite(text, "s.yaml", &all));
  std::vector<std::string> lines;
  for (const Error& error : all) lines.push_back(to_line(error));
  return lines;
}

class StepRefused : public testing::TestWithParam<Refusal> {};

TEST_P(StepRefused, WithExactlyThisLine) {
  EXPECT_EQ(lines_of(suite_with_steps(GetParam().text)),
            std::vector<std::string>{GetParam().message});
}

class FileRefused : public testing::TestWithParam<Refusal> {};

TEST_P(FileRefused, WithExactlyThisLine) {
  EXPECT_EQ(lines_of(std::string(suite_head) + GetParam().text),
            std::vector<std::string>{GetParam().message});
}

const Refusal steps[] = {
    {"AnOutcomeOfAClauseThatHasNone",
     R"yaml(      - expect: {backup.state: $outcome}
        checks: backup-takes-over
)yaml",
     R"line(s.yaml:14: no outcome of `backup-takes-over` is called `$outcome` (list what each edition says under `outcomes` of the clause))line"},
    {"AnOutcomeThatIsHopedFor",
     R"yaml(      - await: {backup.state: $outcome}
)yaml",
     R"line(s.yaml:14: `$outcome` stands in an expect alone (it is what the editions say of the clause that the expect checks))line"},
    {"AnActThatIsNotKnown",
     R"yaml(      - do: {loose: master}
)yaml",
     R"line(s.yaml:14: the act `loose` is not known (did you mean `lose`?))line"},
    {"AnActWithoutLikeness",
     R"yaml(      - do: {teleport: master}
)yaml",
     R"line(s.yaml:14: the act `teleport` is not known (`understudy words` lists the acts))line"},
    {"AnArgumentThatIsNotKnown",
     R"yaml(      - do: {reboot: chassis, anser: save}
)yaml",
     R"line(s.yaml:14: reboot has no argument `anser` (did you mean `answer`?))line"},
    {"AMissingArgument",
     R"yaml(      - do: {press: master}
)yaml",
     R"line(s.yaml:14: press needs `button` (the button's name))line"},
    {"ARoleThatIsNotBound",
     R"yaml(      - do: {lose: standby}
)yaml",
     R"line(s.yaml:14: no role is called `standby` (bind it under given:))line"},
    {"AMisspeltRole",
     R"yaml(      - do: {lose: mastre}
)yaml",
     R"line(s.yaml:14: no role is called `mastre` (did you mean `master`?))line"},
    {"ChassisWhereOneNodeStands",
     R"yaml(      - do: {save: chassis}
)yaml",
     R"line(s.yaml:14: `chassis` stands where one node is meant (name a role))line"},
    {"ArgumentsInsideAndOutside",
     R"yaml(      - do: {configure: {node: master, add: {vlans: x}}, save: master}
)yaml",
     R"line(s.yaml:14: `save` stands outside the arguments of configure (put it into the braces; several acts at once are a list))line"},
    {"AnArgumentTwice",
     R"yaml(      - do: {save: master, node: backup}
)yaml",
     R"line(s.yaml:14: `node` of save stands here twice)line"},
    {"AnActThatIsNoMap",
     R"yaml(      - do: reboot
)yaml",
     R"line(s.yaml:14: an act is a word with its arguments (for example {lose: master}))line"},
    {"AnEmptyListOfActs",
     R"yaml(      - do: []
)yaml",
     R"line(s.yaml:14: a list of acts is empty)line"},
    {"AFlagThatIsNone",
     R"yaml(      - do: {switchover: master, force: maybe}
)yaml",
     R"line(s.yaml:14: `force` of switchover is true or false, not `maybe`)line"},
    {"ALinkThatIsNotNamed",
     R"yaml(      - do: {cut: {link: backplan}}
)yaml",
     R"line(s.yaml:14: no link is called `backplan` (did you mean `backplane`?))line"},
    {"AShareAboveAll",
     R"yaml(      - do: {drop: {link: backplane, share: 120%}}
)yaml",
     R"line(s.yaml:14: `120%` is no share (0% to 100%))line"},
    {"ACountThatIsADuration",
     R"yaml(      - do: {drop: {link: backplane, count: 3s}}
)yaml",
     R"line(s.yaml:14: `3s` is a duration, not a number)line"},
    {"ADelayThatIsANumber",
     R"yaml(      - do: {delay: {link: backplane, by: 3}}
)yaml",
     R"line(s.yaml:14: `3` is a number, not a duration (a duration has a unit: 250ms, 1.5s, 2m))line"},
    {"SettingsThatAreNoMap",
     R"yaml(      - do: {configure: {node: master, add: vlans}}
)yaml",
     R"line(s.yaml:14: `add` of configure is a map (for example {vlans: $scratch.vlans}))line"},
    {"AnUndefinedName",
     R"yaml(      - do: {configure: {node: master, add: {vlans: $vlans}}}
)yaml",
     R"line(s.yaml:14: the name `$vlans` is not defined here (a key of vary, or remembered in an earlier step))line"},
    {"AMisspeltName",
     R"yaml(      - remember: {claimed: master.config.active}
      - await: {backup.config.active: $clamed}
        within: 1s
)yaml",
     R"line(s.yaml:15: the name `$clamed` is not defined here (did you mean `$claimed`?))line"},
    {"ANameBeforeItIsRemembered",
     R"yaml(      - await: {backup.config.active: $claimed}
        within: 1s
      - remember: {claimed: master.config.active}
)yaml",
     R"line(s.yaml:14: the name `$claimed` is not defined here (a key of vary, or remembered in an earlier step))line"},
    {"AScratchNameThatIsNone",
     R"yaml(      - do: {configure: {node: master, add: {vlans: $scratch.vlans.0}}}
)yaml",
     R"line(s.yaml:14: `$scratch.vlans.0` is no scratch name ($scratch.vlans, or $scratch.vlans.1 for the first alone))line"},
    {"ALimitThatIsNotDeclared",
     R"yaml(      - pause: $limits.takover
)yaml",
     R"line(s.yaml:14: the limit `$limits.takover` is not declared (did you mean `takeover`?))line"},
    {"ALimitOfWhichNothingIsKnown",
     R"yaml(      - pause: $limits.cooling
)yaml",
     R"line(s.yaml:14: the limit `$limits.cooling` is not declared (declare it under limits:, without a value if only a lab knows it))line"},
    {"ARememberedBound",
     R"yaml(      - remember: {claimed: master.config.active}
      - pause: $claimed
)yaml",
     R"line(s.yaml:15: `$claimed` is no duration (use a limit, a key of vary or an expression over timing))line"},
    {"ARoleAsAValue",
     R"yaml(      - await: {backup.state: $master}
)yaml",
     R"line(s.yaml:14: `$master` is no value of a switch (roles stand where a node does, limits where a duration does))line"},
    {"APauseWithoutAUnit",
     R"yaml(      - pause: 5
)yaml",
     R"line(s.yaml:14: `5` is a number, not a duration (a duration has a unit: 250ms, 1.5s, 2m))line"},
    {"APauseThatIsNoExpression",
     R"yaml(      - pause: 2 * (heartbeat
)yaml",
     R"line(s.yaml:14: `)` is missing at character 15 of `2 * (heartbeat`)line"},
    {"APauseWithAnUnknownUnit",
     R"yaml(      - pause: 5 * 3sec
)yaml",
     R"line(s.yaml:14: `3sec` is no duration: the unit `sec` is not known at character 9 of `5 * 3sec` (for example 250ms, 1.5s, 2m or 1h))line"},
    {"WithinAndFor",
     R"yaml(      - await: {backup.state: MASTER}
        within: 1s
        for: 2s
)yaml",
     R"line(s.yaml:16: `within` and `for` exclude each other (becomes true within, or stays true for))line"},
    {"ABoundOfAPause",
     R"yaml(      - pause: 2s
        within: 1s
)yaml",
     R"line(s.yaml:14: `within` belongs to do, await or expect)line"},
    {"ABoundOfTheFirstAct",
     R"yaml(      - do: {lose: master}
        within: 1s
)yaml",
     R"line(s.yaml:14: `within` beside the first `do` has nothing to count from (it counts from the acts of the `do` before))line"},
    {"AnActThatLasts",
     R"yaml(      - do: {lose: master}
        for: 1s
)yaml",
     R"line(s.yaml:14: `for` belongs to await or expect)line"},
    {"AnExpectWithoutAClause",
     R"yaml(      - expect: {backup.state: MASTER}
)yaml",
     R"line(s.yaml:14: an expect names the clause that it checks (checks: CLAUSE))line"},
    {"AnExpectOfAnUnknownClause",
     R"yaml(      - expect: {backup.state: MASTER}
        checks: backup-takes-ovr
)yaml",
     R"line(s.yaml:15: no clause is called `backup-takes-ovr` (did you mean `backup-takes-over`?))line"},
    {"AnAwaitThatChecks",
     R"yaml(      - await: {backup.state: MASTER}
        checks: backup-takes-over
)yaml",
     R"line(s.yaml:14: only an expect checks a clause (await hopes, expect demands))line"},
    {"AnActAndAnAwaitInOne",
     R"yaml(      - do: {lose: master}
        await: {backup.state: MASTER}
)yaml",
     R"line(s.yaml:14: `do` and `await` stand in one step (only do and expect go together))line"},
    {"AStepThatDoesNothing",
     R"yaml(      - within: 1s
)yaml",
     R"line(s.yaml:14: a step does nothing (do, await, expect, remember or pause))line"},
    {"AStepWithAnUnknownKey",
     R"yaml(      - exepct: {backup.state: MASTER}
        checks: backup-takes-over
)yaml",
     R"line(s.yaml:14: a step has no key `exepct` (did you mean `expect`?))line"},
    {"AStepThatIsNoMap",
     R"yaml(      - lose master
)yaml",
     R"line(s.yaml:14: a step is a map of keys and values)line"},
    {"ATermWithoutAnAttribute",
     R"yaml(      - await: {backup: MASTER}
)yaml",
     R"line(s.yaml:14: `backup` names no attribute (write role.attribute, for example master.state))line"},
    {"ATermOfAnUnboundRole",
     R"yaml(      - await: {standby.state: MASTER}
)yaml",
     R"line(s.yaml:14: no role or link is called `standby` (bind a role under given:, name a link under links:))line"},
    {"ATermOfAMisspeltQuantifier",
     R"yaml(      - await: {eahc.state: MASTER}
)yaml",
     R"line(s.yaml:14: no role or link is called `eahc` (did you mean `each`?))line"},
    {"AMisspeltAttribute",
     R"yaml(      - await: {backup.sycn: InSync}
)yaml",
     R"line(s.yaml:14: the attribute `sycn` is not known (did you mean `sync`? if a dialect adds it, name it under attributes:))line"},
    {"AnAttributeThatIsNone",
     R"yaml(      - await: {backup.Config: x}
)yaml",
     R"line(s.yaml:14: `Config` is no attribute (lower-case words with dots between: config.active))line"},
    {"AnObserverThatIsNotBound",
     R"yaml(      - await: {frontplane sees master.role: MASTER}
)yaml",
     R"line(s.yaml:14: no role or link is called `frontplane` (bind a role under given:, name a link under links:))line"},
    {"AQuantifierThatSees",
     R"yaml(      - await: {each sees master.state: MASTER}
)yaml",
     R"line(s.yaml:14: `each` cannot stand before `sees` (name one role or link))line"},
    {"AnEmptyCondition",
     R"yaml(      - await: {}
)yaml",
     R"line(s.yaml:14: a condition is a map of what is compared with what (for example {backup.state: MASTER}))line"},
    {"AConditionThatIsNoMap",
     R"yaml(      - await: backup.state
)yaml",
     R"line(s.yaml:14: a condition is a map of what is compared with what (for example {backup.state: MASTER}))line"},
    {"AConditionWithoutAValue",
     R"yaml(      - await: {backup.state: }
)yaml",
     R"line(s.yaml:14: a value to compare with is missing (write {known: } if any value will do))line"},
    {"AMisspeltComparison",
     R"yaml(      - await: {backup.boots: {atleast: 1}}
)yaml",
     R"line(s.yaml:14: `atleast` compares nothing (did you mean `at least`?))line"},
    {"TwoComparisonsInOne",
     R"yaml(      - await: {backup.boots: {at least: 1, at most: 2}}
)yaml",
     R"line(s.yaml:14: a comparison is one word and its value (for example {at least: 90}))line"},
    {"AComparisonOfWords",
     R"yaml(      - await: {backup.boots: {at least: once}}
)yaml",
     R"line(s.yaml:14: `at least` compares numbers, durations or percentages, not `once`)line"},
    {"OneOfWithoutAList",
     R"yaml(      - await: {backup.state: {one of: MASTER}}
)yaml",
     R"line(s.yaml:14: `one of` takes a list)line"},
    {"NotWithAList",
     R"yaml(      - await: {backup.state: {not: [MASTER]}}
)yaml",
     R"line(s.yaml:14: `not` takes one value)line"},
    {"APatternThatIsNone",
     R"yaml(      - await: {backup.prompt: {matches: '(unclosed'}}
)yaml",
     R"line(s.yaml:14: `(unclosed` is no pattern: missing closing parenthesis at character 10)line"},
    {"KnownWithAValue",
     R"yaml(      - await: {backup.prompt: {known: x}}
)yaml",
     R"line(s.yaml:14: `known` stands without a value (write {known: }))line"},
    {"AnUnquotedYes",
     R"yaml(      - await: {master.unsaved: yes}
)yaml",
     R"line(s.yaml:14: unquoted `yes` is no value (write "yes"))line"},
    {"AnUnquotedTrue",
     R"yaml(      - await: {master.unsaved: true}
)yaml",
     R"line(s.yaml:14: unquoted `true` is no value (write "true"))line"},
    {"AnUnquotedNull",
     R"yaml(      - await: {master.unsaved: ~}
)yaml",
     R"line(s.yaml:14: unquoted null is no value (quote it, or leave the key out))line"},
    {"RememberingEachNode",
     R"yaml(      - remember: {all: each.config.active}
)yaml",
     R"line(s.yaml:14: only one node's answer can be remembered (name a role))line"},
    {"RememberingTwice",
     R"yaml(      - remember: {one: master.sync}
      - remember: {one: backup.sync}
)yaml",
     R"line(s.yaml:15: the name `one` is taken: an earlier step remembers it)line"},
    {"RememberingUnderARole",
     R"yaml(      - remember: {master: backup.sync}
)yaml",
     R"line(s.yaml:14: the name `master` is taken: a role is called so)line"},
    {"RememberingNothing",
     R"yaml(      - remember: {one: master}
)yaml",
     R"line(s.yaml:14: `master` names no attribute (write role.attribute, for example master.state))line"},
};

INSTANTIATE_TEST_SUITE_P(Step, StepRefused, testing::ValuesIn(steps), name_of);

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
