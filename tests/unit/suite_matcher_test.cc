// What satisfies a matcher.
#include <gtest/gtest.h>

#include "harness/matcher.h"

namespace understudy {
namespace {

using Kind = Matcher::Kind;

struct Compared {
  Matcher matcher;
  std::string value;
  bool is_satisfied;
};

void PrintTo(const Compared& compared, std::ostream* out) {
  *out << compared.value << " " << to_text(compared.matcher);
}

class Matches : public testing::TestWithParam<Compared> {};

TEST_P(Matches, ExactlyWhatItSays) {
  EXPECT_EQ(matches(GetParam().matcher, GetParam().value), GetParam().is_satisfied);
}

INSTANTIATE_TEST_SUITE_P(Words, Matches,
                         testing::Values(Compared{{Kind::Equals, {"MASTER"}}, "MASTER", true},
                                         Compared{{Kind::Equals, {"MASTER"}}, "master", false},
                                         Compared{{Kind::Not, {"MASTER"}}, "BACKUP", true},
                                         Compared{{Kind::Not, {"MASTER"}}, "MASTER", false},
                                         Compared{{Kind::OneOf, {"A", "B"}}, "B", true},
                                         Compared{{Kind::OneOf, {"A", "B"}}, "C", false},
                                         Compared{{Kind::NoneOf, {"A", "B"}}, "C", true},
                                         Compared{{Kind::NoneOf, {"A", "B"}}, "A", false},
                                         Compared{{Kind::Known, {}}, "", true},
                                         Compared{
                                             {Kind::Matches, {"^\\* .*# $"}}, "* sw.1 # ", true},
                                         Compared{{Kind::Matches, {"^b$"}}, "a\nb\nc", true},
                                         Compared{{Kind::Matches, {"z"}}, "abc", false},
                                         Compared{{Kind::Matches, {"("}}, "(", false}));

INSTANTIATE_TEST_SUITE_P(
    Quantities, Matches,
    testing::Values(
        Compared{{Kind::AtLeast, {"9"}}, "10", true}, Compared{{Kind::AtLeast, {"10"}}, "10", true},
        Compared{{Kind::AtLeast, {"10"}}, "9.99", false},
        Compared{{Kind::AtMost, {"100%"}}, "100%", true},
        Compared{{Kind::AtMost, {"100"}}, "100.1%", false},
        Compared{{Kind::AtLeast, {"90%"}}, "95", true},
        Compared{{Kind::Above, {"1.5s"}}, "1501ms", true},
        Compared{{Kind::Above, {"1.5s"}}, "1500ms", false},
        Compared{{Kind::Below, {"2m"}}, "119s", true}, Compared{{Kind::Below, {"2m"}}, "2m", false},
        Compared{{Kind::Below, {"0"}}, "-0.5", true},
        Compared{{Kind::AtLeast, {"1"}}, "many", false},
        Compared{{Kind::AtMost, {"1"}}, "many", false}, Compared{{Kind::Above, {"1"}}, "", false},
        Compared{{Kind::Below, {"1"}}, "1ms", false}, Compared{{Kind::AtLeast, {"1s"}}, "5", false},
        Compared{{Kind::AtLeast, {"1"}}, "1.", false},
        Compared{{Kind::AtMost, {"1"}}, "1e1", false},
        Compared{{Kind::Above, {"18446744073709551615"}}, "18446744073709551616", true}));

TEST(MatchesPattern, EndsOnAPatternThatExplodes) {
  EXPECT_FALSE(matches({Kind::Matches, {"^(a+)+$"}}, std::string(64, 'a') + "!"));
}

TEST(TermText, ReadsAsASentence) {
  EXPECT_EQ(
      to_text(Term{Quantifier::The, "master", "backplane", "role", {Kind::Equals, {"MASTER"}}}),
      "backplane sees master.role = MASTER");
  EXPECT_EQ(to_text(Term{Quantifier::Each, "", "", "boots", {Kind::AtLeast, {"1"}}}),
            "each.boots is at least 1");
}

TEST(ActText, BeginsWithTheWordAndItsMainArgument) {
  EXPECT_EQ(to_text(Act{"reboot", {{"node", "chassis"}, {"answer", "save"}}}),
            "reboot chassis, answer: save");
  EXPECT_EQ(to_text(Act{"configure", {{"node", "master"}, {"add", {{"vlans", {"3900", "3901"}}}}}}),
            "configure master, add: vlans 3900, 3901");
}

}  // namespace
}  // namespace understudy
