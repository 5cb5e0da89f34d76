// A history on disk: what is written comes back, and no damage passes unseen.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "fresh_folder.h"
#include "harness/files.h"
#include "judge_story.h"

namespace understudy::testing {
namespace {

class AFolder : public ::testing::Test {
 protected:
  std::string lines() const { return *read_text(folder + "/history.jsonl"); }
  void damage(const std::string& file, const std::string& text) const {
    std::ofstream stream(folder + "/" + file, std::ios::binary);
    stream << text;
  }
  void write(const History& history, bool is_finished = true,
             const std::vector<std::string>& files = {}) const {
    auto file = HistoryFile::create(folder);
    ASSERT_TRUE(file);
    for (const Entry& entry : history.entries) (*file)->append(entry);
    if (is_finished) {
      ASSERT_TRUE((*file)->finish(RunFacts{Json{{"host", "here"}}}, files));
    }
  }

  const FreshFolder own;
  const std::string folder = own.path().string();
};

/// One entry of each kind, with text that JSON must escape.
History of_all_kinds() {
  const Plan plan = plan_of({});
  History history = history_of(
      plan,
      "[0 act:lose:A@5-7 B.state=BACKUP@10-12 A>B.sync=x\"\\y@13 claimed:=text forgot:other "
      "unread:B@20-21 lost:B@22 stall@23-30 died:B@31 broken@32 ]0:held close:complete:why");
  history.entries[3].value = "line\nline\ttab \"quoted\" \xC3\xA4";
  return history;
}

TEST_F(AFolder, GivesBackWhatWasWritten) {
  write(of_all_kinds());
  const auto read = read_history(folder);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->is_whole) << read->damage;
  History expected = of_all_kinds();
  expected.entries[3].value.clear();  // StepBegan has no value: only the fields of a kind are kept
  EXPECT_EQ(read->entries, expected.entries);
}

TEST_F(AFolder, HasEachLineOnDiskWhenAppendReturns) {
  auto file = HistoryFile::create(folder);
  ASSERT_TRUE(file);
  (*file)->append(of_all_kinds().entries[0]);
  EXPECT_EQ(lines(), to_line(of_all_kinds().entries[0]) + "\n");
}

TEST_F(AFolder, WithoutRunJsonWasCutShort) {
  write(of_all_kinds(), false);
  const auto read = read_history(folder);
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->is_whole);
  EXPECT_EQ(read->damage, "run.json is missing: the run was cut short");
  EXPECT_EQ(read->entries.size(), of_all_kinds().entries.size());
}

TEST_F(AFolder, OfAnOlderRunIsNotTakenForTheNewOne) {
  write(of_all_kinds());
  write(of_all_kinds(), false);
  EXPECT_FALSE(read_history(folder)->is_whole);
}

TEST_F(AFolder, ShowsEveryLineThatIsMissing) {
  write(of_all_kinds());
  const std::string whole = lines();
  for (std::size_t begin = 0; begin < whole.size(); begin = whole.find('\n', begin) + 1) {
    const std::size_t end = whole.find('\n', begin) + 1;
    damage("history.jsonl", whole.substr(0, begin) + whole.substr(end));
    EXPECT_FALSE(read_history(folder)->is_whole) << begin;
    EXPECT_NE(read_history(folder)->damage.find("1 missing"), std::string::npos);
  }
}

TEST_F(AFolder, ShowsLinesThatWereDoubledOrMoved) {
  write(of_all_kinds());
  const std::string whole = lines();
  const std::size_t first = whole.find('\n') + 1;
  const std::size_t second = whole.find('\n', first) + 1;
  damage("history.jsonl", whole.substr(0, first) + whole);
  EXPECT_NE(read_history(folder)->damage.find("1 too many"), std::string::npos);
  damage("history.jsonl",
         whole.substr(first, second - first) + whole.substr(0, first) + whole.substr(second));
  EXPECT_NE(read_history(folder)->damage.find("was changed"), std::string::npos);
}

TEST_F(AFolder, ShowsEveryByteThatWasChanged) {
  write(of_all_kinds());
  for (const char* file : {"history.jsonl", "run.json"}) {
    const std::string whole = *read_text(folder + "/" + file);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
      damage(file, changed);
      EXPECT_FALSE(read_history(folder)->is_whole) << file << " byte " << at;
    }
    damage(file, whole);
  }
}

TEST_F(AFolder, ShowsEveryPlaceWhereItMayBeCut) {
  write(of_all_kinds());
  const std::string whole = lines();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    damage("history.jsonl", whole.substr(0, size));
    EXPECT_FALSE(read_history(folder)->is_whole) << size;
  }
}

TEST_F(AFolder, NamesTheLineThatEndsHalfWay) {
  write(of_all_kinds());
  const std::string whole = lines();
  damage("history.jsonl", whole.substr(0, whole.find('\n') + 10));
  EXPECT_EQ(read_history(folder)->damage, "history.jsonl:2: the line ends half way");
  EXPECT_EQ(read_history(folder)->entries.size(), 1u);
}

TEST_F(AFolder, NamesTheLineThatIsNoEntry) {
  struct Row {
    const char* line;
    const char* damage;
  };
  const Row rows[] = {
      {"garbage", "history.jsonl:2: this line is no JSON"},
      {"\xff\xfe", "history.jsonl:2: this line is no JSON"},
      {"[]", "history.jsonl:2: `line` is no object"},
      {"{}", "history.jsonl:2: `at` is missing"},
      {R"({"at":1.5,"kind":"closed"})", "history.jsonl:2: `at` is not a whole number"},
      {R"({"at":1,"kind":"moved"})",
       "history.jsonl:2: `kind` is `moved`, which is none of its words"},
      {R"({"at":1,"kind":"step-began","step":-1})",
       "history.jsonl:2: `step` is not a number from 0"},
      {R"({"at":1,"kind":"step-began","step":1,"more":1})",
       "history.jsonl:2: it has a field that is not known"},
      {R"({"at":1,"kind":"observed","observation":7})",
       "history.jsonl:2: `observation` is not an object"},
  };
  write(of_all_kinds());
  const std::string first = lines().substr(0, lines().find('\n') + 1);
  for (const Row& row : rows) {
    damage("history.jsonl", first + row.line + "\n");
    EXPECT_EQ(read_history(folder)->damage, row.damage);
  }
}

TEST_F(AFolder, ShowsASealedFileThatWasChanged) {
  damage("plan.json", "{}");
  write(of_all_kinds(), true, {"plan.json"});
  EXPECT_TRUE(read_history(folder)->is_whole);
  damage("plan.json", "[]");
  const auto read = read_history(folder);
  EXPECT_FALSE(read->is_whole);
  EXPECT_TRUE(read->is_altered);
  EXPECT_EQ(read->damage, "plan.json was changed after the run: it does not fit its seal");
}

TEST_F(AFolder, ShowsASealedFileThatIsMissing) {
  damage("A.console", "bytes");
  write(of_all_kinds(), true, {"A.console"});
  std::filesystem::remove(folder + "/A.console");
  EXPECT_EQ(read_history(folder)->damage, "A.console is missing: the run left it");
}

TEST_F(AFolder, ThatWasCutShortIsNotTakenForChanged) {
  write(of_all_kinds(), false);
  EXPECT_FALSE(read_history(folder)->is_altered);
}

TEST_F(AFolder, ThatIsMissingIsAnError) {
  EXPECT_FALSE(read_history(folder + "/nowhere"));
  EXPECT_FALSE(HistoryFile::create("/proc/no-folder-can-be-made-here"));
}

TEST(HistoryLine, IsCanonicalAndTheSameForTheSameEntry) {
  const History history = history_of(plan_of({}), "B.state=BACKUP@10-12");
  EXPECT_EQ(to_line(history.entries.back()),
            R"({"at":12000000,"kind":"observed","observation":{"asked":10000000,)"
            R"("attribute":"state","evidence":"","heard":12000000,"kind":"claim","observer":"B",)"
            R"("subject":"B","value":"BACKUP"}})");
}

TEST(HistoryLine, TellsWhatItTookToBringADeviceBack) {
  const Entry entry{.kind = Entry::Kind::Restored, .name = "power by outlet", .value = "a"};
  EXPECT_EQ(to_line(entry), R"({"at":0,"kind":"restored","name":"power by outlet","value":"a"})");
  const auto read = entry_from(to_line(entry), "here");
  ASSERT_TRUE(read) << to_line(read.error());
  EXPECT_EQ(*read, entry);
}

TEST(HistoryLine, BytesThatAreNoTextAreReplacedAndStayALine) {
  Entry entry{.kind = Entry::Kind::Restored, .value = "a\xff\nb"};
  EXPECT_EQ(to_line(entry), "{\"at\":0,\"kind\":\"restored\",\"value\":\"a\xEF\xBF\xBD\\nb\"}");
}

}  // namespace
}  // namespace understudy::testing
