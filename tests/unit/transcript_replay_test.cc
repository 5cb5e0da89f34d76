// A console's kept bytes, read once more: what is refused with its place, and what is answered.
#include "targets/transcript_replay.h"
#include "harness/files.h"

#include <gmock/gmock.h>

#include <fstream>

#include "harness/history.h"
#include "targets/device/transcript.h"
#include "targets/reread.h"
#include "tests/unit/fresh_folder.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class Transcript : public ::testing::Test {
 protected:
  void keep(const std::string& bytes, const std::string& lines) {
    std::ofstream(path_) << bytes;
    std::ofstream(path_ + ".jsonl") << lines;
  }

  std::string refused() const {
    const auto passed = read_transcript(path_);
    return passed ? "" : to_line(passed.error());
  }

  const testing::FreshFolder own_;
  const std::string path_ = (own_.path() / "MSM-A.console").string();
};

TEST_F(Transcript, IsWhatWasSentAndWhatCameInItsOrder) {
  keep("login: # ", R"({"at": 5, "from": 0, "received": 7})"
                    "\n"
                    R"({"at": 9, "sent": "admin\r"})"
                    "\n"
                    R"({"at": 12, "from": 7, "received": 2})"
                    "\n");
  const auto passed = read_transcript(path_);
  ASSERT_TRUE(passed) << to_line(passed.error());
  ASSERT_THAT(*passed, SizeIs(3));
  EXPECT_EQ((*passed)[0].received, "login: ");
  EXPECT_EQ((*passed)[1].sent, "admin\r");
  EXPECT_EQ((*passed)[2].received, "# ");
  EXPECT_EQ((*passed)[2].at, Time(12));
}

TEST_F(Transcript, HoldsABreakThatWasSent) {
  {
    targets::Transcript written(own_.path().string(), "MSM-A");
    written.sent_break(Time(7));
    written.received("# ", Time(9));
  }
  EXPECT_THAT(read_text(path_ + ".jsonl").value_or(""), HasSubstr(R"("break":true)"));
  const auto passed = read_transcript(path_);
  ASSERT_TRUE(passed) << to_line(passed.error());
  ASSERT_THAT(*passed, SizeIs(2));
  EXPECT_EQ((*passed)[0].sent + (*passed)[0].received, "");
  EXPECT_EQ((*passed)[1].received, "# ");
}

TEST_F(Transcript, OfBytesThatItDoesNotHaveIsRefusedWithItsPlace) {
  keep("abc",
       "{\"at\": 5, \"from\": 0, \"received\": 3}\n{\"at\": 6, \"from\": 2, \"received\": 2}\n");
  EXPECT_THAT(refused(),
              HasSubstr("MSM-A.console.jsonl:2: tells of bytes that the transcript does"));
  keep("abc", "{\"at\": 5, \"from\": 18446744073709551615, \"received\": 2}\n");
  EXPECT_THAT(refused(), HasSubstr("MSM-A.console.jsonl:1: tells of bytes"));
}

TEST_F(Transcript, WithALineThatIsNoneIsRefusedWithItsPlace) {
  for (const std::string line :
       {"{\"at\": 5", "[]", "{\"received\": 1, \"from\": 0}", "{\"at\": 5}"}) {
    keep("abc", line + "\n");
    EXPECT_THAT(refused(), HasSubstr("MSM-A.console.jsonl:1: is no line of a transcript")) << line;
  }
}

TEST_F(Transcript, WithoutItsInstantsIsRefused) {
  std::ofstream(path_) << "abc";
  EXPECT_THAT(refused(), HasSubstr("MSM-A.console.jsonl: cannot be read"));
}

TEST_F(Transcript, GivesTheAnswersOfTheCommandsThatWereTyped) {
  keep("BD-10808.1 # show switch\r\nSysName: x\r\nBD-10808.2 # ",
       "{\"at\": 0, \"from\": 0, \"received\": 13}\n{\"at\": 1000000000, \"sent\": \"show "
       "switch\\r\"}\n"
       "{\"at\": 1100000000, \"from\": 13, \"received\": 38}\n");
  const auto passed = read_transcript(path_);
  ASSERT_TRUE(passed) << to_line(passed.error());
  const auto dialect = load_dialect("exos");
  ASSERT_TRUE(dialect) << to_line(dialect.error());
  const auto answers = answers_of(*passed, **dialect, 2s);
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].first, "show switch");
  EXPECT_THAT(answers[0].second.text, HasSubstr("SysName: x"));
}

TEST(RereadLines, AreThoseOfTheFileOnTheDisk) {
  Reread again;
  again.lines = {1, 1, 2};
  Verdict verdict;
  verdict.first_line = 1;
  verdict.last_line = 3;
  verdict.remarks = {"unread: MSM-A: odd (line 3)", "of line 3"};
  std::vector<Verdict> verdicts{verdict};
  name_lines_of_file(again, verdicts);
  EXPECT_EQ(verdicts[0].first_line, 1u);
  EXPECT_EQ(verdicts[0].last_line, 2u);
  EXPECT_THAT(verdicts[0].remarks, ElementsAre("unread: MSM-A: odd (line 2)", "of line 3"));
}

}  // namespace
}  // namespace understudy::targets
