// A session with a family of one line: login, prompt and counter, questions, waiting,
// interruptions.
#include "reference-impl/cli/session.h"

#include <gtest/gtest.h>

namespace understudy::reference {
namespace {

enum Id { Say, Ask, Wait, Exit, Long };

constexpr FamilyWords words_of_test{.login = "login: ",
                                    .password = "password: ",
                                    .login_refused = "no\n",
                                    .greeting = "hello\n",
                                    .invalid = "%% Invalid",
                                    .incomplete = "%% Incomplete",
                                    .ambiguous = "%% Ambiguous:",
                                    .page_line = "more?",
                                    .completions = "next:"};

const std::vector<PatternRow> commands{
    {"say <text>", Say}, {"save", Ask}, {"wait", Wait}, {"exit", Exit}, {"long", Long}};
const std::vector<ArgumentRow> arguments{{.name = "text", .help = "Words"}};

class TestFamily : public Family {
 public:
  const FamilyWords& words() const override { return words_of_test; }
  const Grammar& grammar() const override {
    static const Grammar built(commands, arguments, {});
    return built;
  }
  std::vector<std::string> names(std::string_view) const override { return {}; }
  std::string prompt(const Session& session) const override {
    return "node." + std::to_string(session.counter) + " # ";
  }
  bool pages() const override { return true; }
  bool admits(std::string_view user, std::string_view password) const override {
    return user == "admin" && password.empty();
  }
  std::string default_user() const override { return "admin"; }
  Response execute(const Call& call, Session&) override {
    switch (call.id) {
      case Say:
        return {.text = call.argument("text") + "\n"};
      case Ask:
        return {.question = Question{"sure? (y/N) ",
                                     {{'y', "Yes", {Say, {}, {{"text", "saved"}}}},
                                      {'n', "No", {Say, {}, {{"text", "kept"}}}},
                                      {'\r', "No", {Say, {}, {{"text", "kept"}}}}}}};
      case Wait:
        return {.text = "working ...", .waits = true};
      case Exit:
        return {.leaves = true};
      case Long:
        return {.text = std::string(30, '\n')};
      default:
        return {};
    }
  }
};

class SessionTest : public testing::Test {
 protected:
  std::string open(bool needs_login = false) {
    session_.needs_login = needs_login;
    return open_session(session_, family_);
  }
  std::string typed(std::string_view bytes) { return type(session_, family_, bytes); }

  TestFamily family_;
  Session session_;
};

TEST_F(SessionTest, GreetsAndPromptsWhereNoLoginIsNeeded) {
  EXPECT_EQ(open(), "hello\r\nnode.1 # ");
}

TEST_F(SessionTest, AsksForNameAndPasswordAndDoesNotShowThePassword) {
  EXPECT_EQ(open(true), "login: ");
  EXPECT_EQ(typed("admin\r"), "admin\r\npassword: ");
  EXPECT_EQ(typed("\r"), "\r\n\r\nhello\r\nnode.1 # ");
  EXPECT_EQ(session_.user, "admin");
}

TEST_F(SessionTest, AWrongPasswordAsksForTheNameAgain) {
  open(true);
  EXPECT_EQ(typed("admin\rwrong\r"), "admin\r\npassword: \r\nno\r\nlogin: ");
}

TEST_F(SessionTest, EveryCommandCountsAndAnEmptyLineDoesNot) {
  open();
  EXPECT_EQ(typed("say a\r"), "say a\r\na\r\nnode.2 # ");
  EXPECT_EQ(typed("\r"), "\r\nnode.2 # ");
  EXPECT_EQ(typed("nonsense\r"), "nonsense\r\n         ^\r\n%% Invalid\r\nnode.3 # ");
  EXPECT_EQ(typed("say\r"), "say\r\n%% Incomplete\r\nnode.4 # ");
  EXPECT_EQ(typed("sa x\r"), "sa x\r\n%% Ambiguous:  \"sa\"\r\nnode.5 # ");
}

TEST_F(SessionTest, TheCaretStandsUnderTheWordThatIsWrong) {
  open();
  EXPECT_EQ(typed("exit now\r"), "exit now\r\n              ^\r\n%% Invalid\r\nnode.2 # ");
}

TEST_F(SessionTest, TakesEveryKindOfLineEndOnce) {
  open();
  EXPECT_EQ(typed("say a\r\n"), "say a\r\na\r\nnode.2 # ");
  EXPECT_EQ(typed("say b\n"), "say b\r\nb\r\nnode.3 # ");
  EXPECT_EQ(typed(std::string_view("say c\r\0", 7)), "say c\r\nc\r\nnode.4 # ");
}

TEST_F(SessionTest, AQuestionTakesItsKeysAndNoOthers) {
  open();
  EXPECT_EQ(typed("save\r"), "save\r\nsure? (y/N) ");
  EXPECT_EQ(typed("x"), "");
  EXPECT_EQ(typed("Y"), "Yes\r\nsaved\r\nnode.2 # ");
}

TEST_F(SessionTest, EnterTakesTheDefaultAnswer) {
  open();
  EXPECT_EQ(typed("save\r\r"), "save\r\nsure? (y/N) No\r\nkept\r\nnode.2 # ");
}

TEST_F(SessionTest, TheEnterPressedAfterAnAnswerAsksForNothing) {
  open();
  EXPECT_EQ(typed("save\ry\r\n"), "save\r\nsure? (y/N) Yes\r\nsaved\r\nnode.2 # ");
  EXPECT_EQ(typed("\r"), "\r\nnode.2 # ");
}

TEST_F(SessionTest, TheRestOfAnAnswersWordAsksForNothing) {
  open();
  EXPECT_EQ(typed("save\ryes\r"), "save\r\nsure? (y/N) Yes\r\nsaved\r\nnode.2 # ");
  EXPECT_EQ(typed("save\rNO\n"), "save\r\nsure? (y/N) No\r\nkept\r\nnode.3 # ");
  EXPECT_EQ(typed("save\ryEs"), "save\r\nsure? (y/N) Yes\r\nsaved\r\nnode.4 # ");
  EXPECT_EQ(typed("\rsay a\r"), "say a\r\na\r\nnode.5 # ");
}

TEST_F(SessionTest, WhatBeginsAsAnAnswersWordAndGoesOnOtherwiseIsALine) {
  open();
  EXPECT_EQ(typed("save\ryexit"), "save\r\nsure? (y/N) Yes\r\nsaved\r\nnode.2 # exit");
  typed("\x15save\rn");
  EXPECT_EQ(typed("o\t"), "o\a");
  EXPECT_EQ(typed("\x15save\ry"), "\b \bsave\r\nsure? (y/N) Yes\r\nsaved\r\nnode.4 # ");
  EXPECT_EQ(typed("e\r"), "e\r\nhello\r\nnode.1 # ");  // short for exit
}

TEST_F(SessionTest, ATerminalThatIsConnectedSeesTheLineAgain) {
  open();
  typed("say h");
  EXPECT_EQ(show_again(session_, family_), "\r\nnode.1 # say h");
}

TEST_F(SessionTest, WhatIsTypedWhileACommandWorksComesAfterIt) {
  open();
  EXPECT_EQ(typed("wait\rsay b\r"), "wait\r\nworking ...");
  EXPECT_EQ(resume(session_, family_, {.text = " done!\n"}),
            " done!\r\nnode.2 # say b\r\nb\r\nnode.3 # ");
}

TEST_F(SessionTest, ALogLineComesOnAFreshLineAndWhatWasTypedIsShownAgain) {
  open();
  typed("say h");
  EXPECT_EQ(interrupt(session_, family_, "log"), "\r\nlog\r\nnode.1 # say h");
}

TEST_F(SessionTest, ALogLineInsideAnAnswerEndsTheLineFirst) {
  open();
  typed("wait\r");
  EXPECT_EQ(interrupt(session_, family_, "log"), "\r\nlog\r\n");
  EXPECT_EQ(interrupt(session_, family_, "more"), "more\r\n");
}

TEST_F(SessionTest, ALogLineAtAQuestionOrAPageLineShowsItAgain) {
  open();
  typed("save\r");
  EXPECT_EQ(interrupt(session_, family_, "log"), "\r\nlog\r\nsure? (y/N) ");
  typed("nlong\r");
  EXPECT_EQ(interrupt(session_, family_, "log"), "\r\nlog\r\nmore?");
}

TEST_F(SessionTest, LeavingBeginsAFreshSession) {
  open(true);
  typed("admin\r\rsay a\r");
  EXPECT_EQ(typed("exit\r"), "exit\r\nlogin: ");
  EXPECT_TRUE(session_.has_left);
  EXPECT_EQ(session_.counter, 1);
}

TEST_F(SessionTest, PagingEndsAtThePrompt) {
  open();
  EXPECT_TRUE(typed("long\r").ends_with("more?"));
  EXPECT_EQ(typed("q"), "\r     \rnode.2 # ");
}

TEST_F(SessionTest, TabCompletesAWordOrListsThem) {
  open();
  EXPECT_EQ(typed("sav\t"), "save ");
  typed("\x15");
  EXPECT_EQ(typed("s\t"), "sa");
  EXPECT_EQ(typed("\t"), "\r\nnext:\r\n   save\r\n   say\r\nnode.1 # sa");
}

TEST_F(SessionTest, AQuestionMarkExplainsAndShowsTheLineAgain) {
  open();
  EXPECT_EQ(typed("say ?"), "say \r\nnext:\r\n   <text>  Words\r\nnode.1 # say ");
}

TEST_F(SessionTest, AQuestionMarkBehindAWordThatIsWrongSaysWhatIsWrong) {
  open();
  EXPECT_EQ(typed("sa ?"), "sa \r\n%% Ambiguous:  \"sa\"\r\nnode.1 # sa ");
  EXPECT_EQ(typed("\x15nonsense ?"), std::string("\b\b\b   \b\b\bnonsense \r\n") +
                                         "         ^\r\n%% Invalid\r\nnode.1 # nonsense ");
}

TEST(Fold, BreaksBetweenWordsAtTheWidth) {
  EXPECT_EQ(fold("one two three", 7), "one two\nthree");
  EXPECT_EQ(fold("one\ntwo three ", 9), "one\ntwo three ");
  EXPECT_EQ(fold("unbreakable", 4), "unbreakable");
}

}  // namespace
}  // namespace understudy::reference
