// What is missing of a run, or was changed, is missed: whatever is done to what it left.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "fresh_folder.h"
#include "harness/execute.h"
#include "harness/files.h"
#include "harness/records/folder_lock.h"
#include "harness/records/run_store.h"
#include "judge_story.h"
#include "scripted_testbed.h"

namespace understudy::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A change of a text; the same text where there is nothing to change.
using Cut = std::string (*)(const std::string&);

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line + "\n");
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  return fmt::format("{}", fmt::join(lines, ""));
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

std::string cut_in_half(const std::string& text) {
  return text.substr(0, text.size() / 2);
}

std::string emptied(const std::string&) {
  return {};
}

std::string without_the_last_byte(const std::string& text) {
  return text.substr(0, text.size() - 1);
}

std::string with_another_byte(const std::string& text) {
  std::string other = text;
  other[text.size() / 2] = static_cast<char>(other[text.size() / 2] ^ 1);
  return other;
}

std::string without_the_last_line(const std::string& text) {
  auto lines = lines_of(text);
  lines.pop_back();
  return joined(lines);
}

std::string without_the_second_line(const std::string& text) {
  auto lines = lines_of(text);
  if (lines.size() > 1) lines.erase(lines.begin() + 1);
  return joined(lines);
}

std::string with_two_lines_swapped(const std::string& text) {
  auto lines = lines_of(text);
  if (lines.size() > 1) std::swap(lines[0], lines[1]);
  return joined(lines);
}

std::string with_the_last_line_doubled(const std::string& text) {
  auto lines = lines_of(text);
  lines.push_back(lines.back());
  return joined(lines);
}

class AStoredRun : public ::testing::Test {
 protected:
  void SetUp() override {
    options.out = folder + "/out";
    options.watches_lateness = false;
    ASSERT_FALSE(go(plans("case", 3)).could_not_start);
    ASSERT_EQ(status(), 0) << "as it was left";
  }

  static std::vector<Plan> plans(const std::string& name, std::size_t count) {
    std::vector<Plan> all;
    for (std::size_t index = 0; index < count; ++index) {
      Plan plan = plan_of({now("backup.state=BACKUP")});
      plan.clauses[0].level = Level::Must;
      plan.case_name = plan.id = fmt::format("{}-{}", name, index);
      plan.given = {{"master", {Matcher::Kind::Equals, {"MASTER"}}},
                    {"backup", {Matcher::Kind::Equals, {"BACKUP"}}}};
      all.push_back(plan);
    }
    return all;
  }

  Execution go(const std::vector<Plan>& all) { return execute(all, testbed, options, {}, cancel); }

  std::string suite() const { return options.out + "/test/suite"; }

  int status() const {
    const auto judged = judge_folder(options.out);
    return judged ? exit_status(*judged, {}) : 3;
  }

  std::vector<std::string> damage(const std::string& of) const {
    const auto judged = judge_folder(of);
    return judged ? judged->damage : std::vector{to_line(judged.error())};
  }
  std::vector<std::string> damage() const { return damage(options.out); }

  std::vector<std::string> files() const {
    std::vector<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(options.out)) {
      if (entry.is_regular_file()) paths.push_back(entry.path());
    }
    return paths;
  }

  /// The files of which nobody would notice that this was done to them.
  std::vector<std::string> unnoticed(Cut cut) const {
    std::vector<std::string> missed;
    for (const std::string& path : files()) {
      const std::string text = *read_text(path);
      if (cut(text) == text) continue;
      write(path, cut(text));
      const auto lines = damage();
      const auto named = HasSubstr(fs::path(path).filename().string());
      const bool is_named = ::testing::Matches(Contains(named))(lines);
      if (status() != 2 || !is_named) missed.push_back(path);
      write(path, text);
    }
    return missed;
  }

  const FreshFolder own;
  const std::string folder = own.path().string();
  ScriptedTestbed testbed;
  ExecuteOptions options;
  NotCancelled cancel;
};

TEST_F(AStoredRun, HasAFileOfEachKind) {
  EXPECT_EQ(files().size(), 1U + 1U + 3U * 4U);
}

TEST_F(AStoredRun, IsNotWholeWithoutAnyOfItsFiles) {
  for (const std::string& path : files()) {
    const std::string text = *read_text(path);
    fs::remove(path);
    EXPECT_EQ(status(), 2) << path;
    EXPECT_THAT(damage(), Contains(HasSubstr(fs::path(path).filename().string()))) << path;
    write(path, text);
  }
}

TEST_F(AStoredRun, IsNotWholeWithAFileCutInHalf) {
  EXPECT_THAT(unnoticed(cut_in_half), IsEmpty());
}

TEST_F(AStoredRun, IsNotWholeWithAFileEmptied) {
  EXPECT_THAT(unnoticed(emptied), IsEmpty());
}

TEST_F(AStoredRun, IsNotWholeWithoutTheLastByteOfAFile) {
  EXPECT_THAT(unnoticed(without_the_last_byte), IsEmpty());
}

TEST_F(AStoredRun, IsNotWholeWithAByteChanged) {
  EXPECT_THAT(unnoticed(with_another_byte), IsEmpty());
}

TEST_F(AStoredRun, IsNotWholeWithoutTheLastLineOfAFile) {
  EXPECT_THAT(unnoticed(without_the_last_line), IsEmpty());
}

TEST_F(AStoredRun, IsNotWholeWithoutALineOfAFile) {
  EXPECT_THAT(unnoticed(without_the_second_line), IsEmpty());
}

TEST_F(AStoredRun, IsNotWholeWithTwoLinesSwapped) {
  EXPECT_THAT(unnoticed(with_two_lines_swapped), IsEmpty());
}

TEST_F(AStoredRun, IsNotWholeWithTheLastLineDoubled) {
  EXPECT_THAT(unnoticed(with_the_last_line_doubled), IsEmpty());
}

TEST_F(AStoredRun, KnowsFactsThatWereChanged) {
  const std::string path = options.out + "/runs.json";
  std::string text = *read_text(path);
  text.replace(text.find("\"jobs\": 1"), 9, "\"jobs\": 2");
  write(path, text);
  EXPECT_EQ(status(), 2);
  EXPECT_THAT(damage(), Contains(HasSubstr("runs.json: was changed: its seal does not fit")));
}

TEST_F(AStoredRun, MissesACaseOfWhichItsLineIsGoneToo) {
  fs::remove_all(suite() + "/case-2");
  const std::string list = suite() + "/plans.jsonl";
  write(list, without_the_last_line(*read_text(list)));
  EXPECT_EQ(status(), 2);
  EXPECT_THAT(damage(), Contains(HasSubstr("case-2: is missing")));
  EXPECT_THAT(damage(), Contains(HasSubstr("plans.jsonl: was changed")));
}

TEST_F(AStoredRun, MissesACaseAndItsList) {
  fs::remove_all(suite() + "/case-1");
  fs::remove(suite() + "/plans.jsonl");
  EXPECT_EQ(status(), 2);
  EXPECT_THAT(damage(), Contains(HasSubstr("case-1: is missing")));
}

TEST_F(AStoredRun, MissesACaseItsListAndTheStore) {
  fs::remove_all(suite() + "/case-1");
  fs::remove(suite() + "/plans.jsonl");
  fs::remove(options.out + "/runs.json");
  EXPECT_EQ(status(), 2);
  EXPECT_THAT(damage(), Contains(HasSubstr("runs.json: is missing")));
}

TEST_F(AStoredRun, MissesASuite) {
  fs::remove_all(suite());
  EXPECT_EQ(status(), 2);
  EXPECT_THAT(damage(), Contains(HasSubstr("case-0: is missing")));
}

TEST_F(AStoredRun, MissesAFolderThatWasRenamed) {
  fs::rename(suite() + "/case-1", suite() + "/case-9");
  EXPECT_EQ(status(), 2);
  EXPECT_THAT(damage(), Contains(HasSubstr("case-1/plan.json is missing")));
  EXPECT_THAT(damage(), Contains(HasSubstr("case-9: no run listed it")));
}

TEST_F(AStoredRun, DoesNotJudgeAFolderThatWasAdded) {
  fs::copy(suite() + "/case-1", suite() + "/case-9", fs::copy_options::recursive);
  EXPECT_EQ(status(), 2);
  EXPECT_THAT(damage(), Contains(HasSubstr("case-9: no run listed it")));
  EXPECT_EQ(judge_folder(options.out)->cases.size(), 3U);
}

TEST_F(AStoredRun, KnowsACaseThatWasExchangedForAnotherRuns) {
  const std::string first = options.out;
  options.out = folder + "/other";
  auto others = plans("case", 3);
  others[1].steps.push_back(pausing(5));
  go(others);
  fs::remove_all(first + "/test/suite/case-1");
  fs::copy(suite() + "/case-1", first + "/test/suite/case-1", fs::copy_options::recursive);
  options.out = first;
  EXPECT_EQ(status(), 2);
  EXPECT_THAT(damage(), Contains(HasSubstr("case-1: plan.json was changed")));
}

TEST_F(AStoredRun, MayBeMovedAsAWhole) {
  const std::string moved = folder + "/moved";
  fs::rename(options.out, moved);
  options.out = moved;
  EXPECT_EQ(status(), 0);
}

TEST_F(AStoredRun, IsJudgedInPartAsStrictly) {
  fs::remove(suite() + "/case-1/verdicts.json");
  EXPECT_THAT(damage(suite()), Contains(HasSubstr("verdicts.json is missing")));
  EXPECT_THAT(damage(suite() + "/case-1"), Contains(HasSubstr("verdicts.json is missing")));
  EXPECT_THAT(damage(suite() + "/case-2"), IsEmpty());
  EXPECT_EQ(judge_folder(suite() + "/case-2")->cases[0].folder, suite() + "/case-2");
}

TEST_F(AStoredRun, ThatDidNotComeToItsEndIsInconclusiveAtBest) {
  RunStore store = *read_run_store(options.out);
  store.runs[0].has_ended = false;
  ASSERT_TRUE(write_run_store(store, options.out));
  EXPECT_EQ(status(), 2);
  EXPECT_THAT(damage(), Contains(HasSubstr("was cut short")));
}

TEST_F(AStoredRun, FailsStillWhereSomethingElseIsMissing) {
  auto failing = plans("failing", 1);
  failing[0].steps = {now("backup.state=MASTER")};
  go(failing);
  fs::remove_all(suite() + "/case-1");
  EXPECT_EQ(status(), 1);
}

TEST_F(AStoredRun, GrowsByAnotherRunIntoTheSameFolder) {
  auto again = plans("case", 1);
  auto others = plans("other", 2);
  again.insert(again.end(), others.begin(), others.end());
  go(again);
  EXPECT_EQ(status(), 0);
  EXPECT_EQ(judge_folder(options.out)->cases.size(), 5U);
  fs::remove_all(suite() + "/case-2");
  EXPECT_THAT(damage(), Contains(HasSubstr("case-2/plan.json is missing")));
}

TEST_F(AStoredRun, DoesNotGrowWhereItIsNotWhole) {
  fs::remove(options.out + "/runs.json");
  const Execution execution = go(plans("other", 1));
  ASSERT_TRUE(execution.could_not_start);
  EXPECT_THAT(to_line(*execution.could_not_start), HasSubstr("runs.json: is missing"));
}

TEST_F(AStoredRun, HasTheFactsOfItsHost) {
  const RunStore store = *read_run_store(options.out);
  const Json run = Json::parse(*read_text(suite() + "/case-0/run.json"))["facts"];
  for (const Json& facts : {store.runs[0].facts, run}) {
    EXPECT_EQ(facts["load"].size(), 3U);
    EXPECT_EQ(facts["load_at_the_end"].size(), 3U);
    EXPECT_TRUE(facts.contains("lateness_ms"));
  }
}

TEST(AFolderOfRuns, IsWrittenToByOneAtATime) {
  const FreshFolder own;
  const std::string folder = own.path().string() + "/deep/out";
  {
    const auto first = FolderLock::take(folder);
    ASSERT_TRUE(first) << to_line(first.error());
    const auto second = FolderLock::take(folder);
    ASSERT_FALSE(second);
    EXPECT_EQ(to_line(second.error()), folder +
                                           ": another run writes to this folder (another --out, "
                                           "or wait until it has ended)");
  }
  EXPECT_TRUE(FolderLock::take(folder));
  EXPECT_TRUE(fs::is_empty(folder));
}

}  // namespace
}  // namespace understudy::testing
