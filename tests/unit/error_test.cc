// Errors of outside input: one line each, with a suggestion where a word is misspelt.
#include "harness/error.h"

#include <gtest/gtest.h>

#include <vector>

namespace understudy {
namespace {

TEST(ErrorLine, HasWhereWhatAndHint) {
  EXPECT_EQ(to_line({"s.yaml:3", "the act `loose` is not known", "did you mean `lose`?"}),
            "s.yaml:3: the act `loose` is not known (did you mean `lose`?)");
}

TEST(ErrorLine, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(to_line({"", "what", ""}), "what");
  EXPECT_EQ(to_line({"where", "what", ""}), "where: what");
  EXPECT_EQ(to_line({"", "what", "hint"}), "what (hint)");
}

TEST(ErrorLine, IsOneLineWhateverCameFromOutside) {
  EXPECT_EQ(to_line({"f", "a\nb\rc\x1b[2J", "d\te"}), "f: a b c\\x1b[2J (d e)");
}

struct Spelling {
  const char* word;
  const char* suggestion;
};

void PrintTo(const Spelling& spelling, std::ostream* out) {
  *out << spelling.word;
}

class DidYouMean : public testing::TestWithParam<Spelling> {};

TEST_P(DidYouMean, SuggestsTheNearestWordIfOneIsNear) {
  const std::vector<std::string> known = {"lose", "reboot", "switchover", "config.active", "cut"};

  EXPECT_EQ(did_you_mean(GetParam().word, known), GetParam().suggestion);
}

INSTANTIATE_TEST_SUITE_P(Words, DidYouMean,
                         testing::Values(Spelling{"loose", "did you mean `lose`?"},
                                         Spelling{"rebot", "did you mean `reboot`?"},
                                         Spelling{"rebooot", "did you mean `reboot`?"},
                                         Spelling{"ctu", "did you mean `cut`?"},
                                         Spelling{"swithcover", "did you mean `switchover`?"},
                                         Spelling{"config.actve", "did you mean `config.active`?"},
                                         Spelling{"teleport", ""}, Spelling{"", ""},
                                         Spelling{"x", ""}, Spelling{"lose", ""}));

TEST(DidYouMeanOfNothing, SuggestsNothing) {
  EXPECT_EQ(did_you_mean("lose", {}), "");
}

TEST(DidYouMeanOfALongWord, IsNotTried) {
  const std::vector<std::string> known = {std::string(200, 'a')};
  EXPECT_EQ(did_you_mean(std::string(199, 'a'), known), "");
}

TEST(EnsureDeath, EndsTheProcessWithThePlaceAndTheStatement) {
  EXPECT_DEATH(ensure(false, "the chain is whole"), "error_test.cc:.*does not: the chain is whole");
}

TEST(Ensure, SaysNothingIfItHolds) {
  ensure(true, "all is well");
}

}  // namespace
}  // namespace understudy
