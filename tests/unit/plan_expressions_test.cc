// Durations and the arithmetic of limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/limits.h"

namespace understudy {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct Written {
  const char* text;
  Duration duration;
  const char* shortest;
};

void PrintTo(const Written& written, std::ostream* out) {
  *out << written.text;
}

class DurationText : public testing::TestWithParam<Written> {};

TEST_P(DurationText, IsReadAndWrittenExactly) {
  const auto duration = duration_from(GetParam().text);

  ASSERT_TRUE(duration) << to_line(duration.error());
  EXPECT_EQ(*duration, GetParam().duration);
  EXPECT_EQ(to_text(*duration), GetParam().shortest);
  EXPECT_EQ(duration_from(to_text(*duration)).value_or(Duration(-1)), GetParam().duration);
}

INSTANTIATE_TEST_SUITE_P(
    All, DurationText,
    testing::Values(Written{"30s", 30s, "30s"}, Written{"1.5s", 1500ms, "1.5s"},
                    Written{"250ms", 250ms, "250ms"}, Written{"2m", 2min, "2m"},
                    Written{"90s", 90s, "90s"}, Written{"120s", 2min, "2m"},
                    Written{"1h", 1h, "1h"}, Written{"1.5h", 90min, "90m"},
                    Written{"0ms", 0s, "0s"}, Written{"0.1s", 100ms, "100ms"},
                    Written{"41.8s", 41800ms, "41.8s"},
                    Written{"1.000000001s", 1000000001ns, "1.000000001s"},
                    Written{"7ns", 7ns, "7ns"}, Written{"1.25us", 1250ns, "1.25us"},
                    Written{"0.50m", 30s, "30s"}));

struct Unreadable {
  const char* text;
  const char* message;
};

void PrintTo(const Unreadable& unreadable, std::ostream* out) {
  *out << unreadable.text;
}

class NoDuration : public testing::TestWithParam<Unreadable> {};

TEST_P(NoDuration, IsRefusedWithTheReason) {
  const auto duration = duration_from(GetParam().text);

  ASSERT_FALSE(duration);
  EXPECT_EQ(duration.error().what, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, NoDuration,
    testing::Values(
        Unreadable{"", "`` is no duration: it does not begin with a number"},
        Unreadable{"5", "`5` is no duration: the unit is missing"},
        Unreadable{"s", "`s` is no duration: it does not begin with a number"},
        Unreadable{"-5s", "`-5s` is no duration: it does not begin with a number"},
        Unreadable{"5 s", "`5 s` is no duration: the unit ` s` is not known"},
        Unreadable{"1.2.3s", "`1.2.3s` is no duration: it does not begin with a number"},
        Unreadable{"5.s", "`5.s` is no duration: it does not begin with a number"},
        Unreadable{"5days", "`5days` is no duration: the unit `days` is not known"},
        Unreadable{
            "0.1ns",
            "`0.1ns` is no duration: it is finer than a nanosecond or longer than 292 years"},
        Unreadable{"9999999999h",
                   "`9999999999h` is no duration: it is finer than a nanosecond or longer than 292 "
                   "years"}));

const Names timing = {
    {{"heartbeat", 100ms}, {"poll", 20ms}, {"boot-time", 1s}, {"$limits.takeover", 3s}},
    {{"limit", 3}}};

struct Expression {
  const char* text;
  Duration value;
};

void PrintTo(const Expression& expression, std::ostream* out) {
  *out << expression.text;
}

class Evaluates : public testing::TestWithParam<Expression> {};

TEST_P(Evaluates, ToADuration) {
  const auto value = evaluate(GetParam().text, timing, "s.yaml:1");

  ASSERT_TRUE(value) << to_line(value.error());
  EXPECT_EQ(*value, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    All, Evaluates,
    testing::Values(Expression{"30s", 30s}, Expression{"heartbeat * limit + 2 * poll", 340ms},
                    Expression{"2 * (heartbeat + poll)", 240ms}, Expression{"heartbeat / 2", 50ms},
                    Expression{"heartbeat*limit", 300ms}, Expression{"1s - 2 * heartbeat", 800ms},
                    Expression{"10s / 3 / 5", 666666666ns}, Expression{"$limits.takeover + 1s", 4s},
                    Expression{"boot-time - poll", 980ms}, Expression{"(((1s)))", 1s},
                    Expression{"1s / heartbeat * poll", 200ms}, Expression{" 5ms ", 5ms},
                    Expression{"limit * 1s - limit * 1s", 0s}));

class DoesNotEvaluate : public testing::TestWithParam<Unreadable> {};

TEST_P(DoesNotEvaluate, AndSaysWhere) {
  const auto value = evaluate(GetParam().text, timing, "s.yaml:1");

  ASSERT_FALSE(value);
  EXPECT_EQ(to_line(value.error()), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, DoesNotEvaluate,
    testing::Values(
        Unreadable{"", "s.yaml:1: a value is missing at character 1 of ``"},
        Unreadable{"2 *", "s.yaml:1: a value is missing at character 4 of `2 *`"},
        Unreadable{"2 heartbeat",
                   "s.yaml:1: an operator is missing at character 3 of `2 heartbeat`"},
        Unreadable{"(1s", "s.yaml:1: `)` is missing at character 4 of `(1s`"},
        Unreadable{"1s)", "s.yaml:1: an operator is missing at character 3 of `1s)`"},
        Unreadable{
            "hartbeat * 2",
            "s.yaml:1: the name `hartbeat` is not known at character 1 of `hartbeat * 2` (did you "
            "mean `heartbeat`?)"},
        Unreadable{"1s + 2",
                   "s.yaml:1: a number and a duration cannot be added or subtracted up to here at "
                   "character 7 of `1s + 2`"},
        Unreadable{
            "1s * 1s",
            "s.yaml:1: two durations cannot be multiplied up to here at character 8 of `1s * 1s`"},
        Unreadable{
            "2 / 1s",
            "s.yaml:1: a number cannot be divided by a duration up to here at character 7 of `2 / "
            "1s`"},
        Unreadable{"1s / 0",
                   "s.yaml:1: the divisor is below one up to here at character 7 of `1s / 0`"},
        Unreadable{"limit",
                   "s.yaml:1: `limit` is a number, not a duration (a duration has a unit: 250ms, "
                   "1.5s, 2m)"},
        Unreadable{"1s - 2s", "s.yaml:1: `1s - 2s` is below zero"},
        Unreadable{
            "200000h * 200000 * 200000",
            "s.yaml:1: the value is too large up to here at character 17 of `200000h * 200000 * "
            "200000`"},
        Unreadable{"1.5 * heartbeat",
                   "s.yaml:1: `1.5` is no whole number at character 4 of `1.5 * heartbeat` (a "
                   "duration has a "
                   "unit: 1.5s)"},
        Unreadable{
            "#",
            "s.yaml:1: `#` is no value at character 1 of `#` (numbers, durations, names, + - * "
            "/ ( ))"}));

TEST(Expressions, StopAtTooManyParentheses) {
  const auto value = evaluate(std::string(100'000, '(') + "1s", timing, "s.yaml:1");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().what.substr(0, 20), "too many parentheses");
}

TEST(NumberExpression, CountsFrames) {
  EXPECT_EQ(evaluate_number("limit - 1", timing, "w").value_or(-1), 2);
  EXPECT_FALSE(evaluate_number("heartbeat", timing, "w"));
}

TEST(NamesOfAnExpression, AreThoseThatItNeedsOnceEach) {
  EXPECT_THAT(names_in("heartbeat * limit + 1s - heartbeat + $limits.boot", "w").value(),
              ElementsAre("heartbeat", "limit", "$limits.boot"));
}

}  // namespace
}  // namespace understudy
