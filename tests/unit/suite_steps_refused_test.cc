// A wrong step is refused with exactly one line, which names its place.
#include "tests/unit/suite_refusal.h"

namespace understudy {
namespace {

class StepRefused : public testing::TestWithParam<Refusal> {};

TEST_P(StepRefused, WithExactlyThisLine) {
  EXPECT_EQ(lines_of(suite_with_steps(GetParam().text)),
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
    {"WhatLastsWithoutWithin",
     R"yaml(      - await: {backup.state: MASTER}
        within: 1s
        lasts: 1s
)yaml",
     R"line(s.yaml:14: `lasts` belongs to an expect with `within` (how long what is expected holds before it is gone again))line"},
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

}  // namespace
}  // namespace understudy
