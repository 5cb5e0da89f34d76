// What a testbed may say of processes, and what is refused before anything starts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "targets/keeper/placeholders.h"
#include "targets/process.h"

namespace understudy::targets {
namespace {

using testing::HasSubstr;

ProcessBenchSettings two_nodes() {
  ProcessBenchSettings settings;
  settings.testbed = "lab.yaml";
  settings.folder = "/tmp";
  settings.nodes = {
      {"MSM-A", {"node", "${MSM-A.backplane.local}", "${MSM-A.control}"}, true, {}, "signal"},
      {"MSM-B", {"node", "${MSM-B.backplane.peer}", "${run}"}, true, {}, "signal"}};
  settings.links = {{"backplane", {0, 1}, ""}};
  return settings;
}

std::string refusal(const ProcessBenchSettings& settings) {
  const auto bench = make_process_bench(settings);
  return bench ? "no refusal" : to_line(bench.error());
}

TEST(ProcessSettings, SoundOnesGiveABenchWithItsWords) {
  const auto bench = make_process_bench(two_nodes());
  ASSERT_TRUE(bench.has_value()) << to_line(bench.error());
  EXPECT_THAT((*bench)->acts(),
              testing::IsSupersetOf({"lose", "power-on", "hang", "cut", "restore"}));
}

TEST(ProcessSettings, WithoutLinksThereAreNoWordsForThem) {
  ProcessBenchSettings settings;
  settings.nodes = {{"A", {"node"}, true, {}, "signal"}};
  const auto bench = make_process_bench(settings);
  EXPECT_THAT((*bench)->acts(), testing::Not(testing::Contains("cut")));
}

TEST(ProcessSettings, AnUnknownPlaceholderIsRefusedWithTheNearest) {
  auto settings = two_nodes();
  settings.nodes[0].command[1] = "${MSM-A.backplane.locl}";
  EXPECT_EQ(refusal(settings),
            "lab.yaml: node MSM-A: `${MSM-A.backplane.locl}` is no placeholder of this testbed "
            "(did you mean `MSM-A.backplane.local`?)");
  settings.nodes[0].command[1] = "${MSM-A.state";
  EXPECT_THAT(refusal(settings), HasSubstr("`${MSM-A.state` does not end"));
}

TEST(ProcessSettings, WhatCannotWorkIsRefusedBeforeAnythingStarts) {
  auto settings = two_nodes();
  settings.nodes[0].name = "../A";
  settings.links.clear();
  EXPECT_THAT(refusal(settings), HasSubstr("cannot be the name of a node"));
  settings = two_nodes();
  settings.nodes[1].command.clear();
  EXPECT_THAT(refusal(settings), HasSubstr("node MSM-B: no command"));
  settings = two_nodes();
  settings.nodes[1].power = "outlet";
  EXPECT_THAT(refusal(settings), HasSubstr("power by `outlet` is not for processes"));
  settings = two_nodes();
  settings.links[0].ends = {0};
  EXPECT_THAT(refusal(settings), HasSubstr("a link has two ends or more"));
  settings = two_nodes();
  settings.links[0].ends = {0, 0};
  EXPECT_THAT(refusal(settings), HasSubstr("`MSM-A` is on it twice"));
  settings = two_nodes();
  settings.links[0].frames = "/nowhere.yaml";
  EXPECT_THAT(refusal(settings), HasSubstr("/nowhere.yaml"));
  settings = two_nodes();
  settings.hands = {{"insert", {"node", "${node.kontrol}"}}};
  EXPECT_THAT(refusal(settings), HasSubstr("did you mean `node.control`"));
  EXPECT_EQ(refusal(ProcessBenchSettings{}), "no nodes");
}

TEST(Placeholders, AreReplacedWhereverTheyStand) {
  const PlaceholderValues values{{"a", "1"}, {"b", "2"}};
  EXPECT_EQ(expand("x${a}y${b}${a}z", values, ""), "x1y21z");
  EXPECT_EQ(expand("$a {b} $", values, ""), "$a {b} $");
  EXPECT_EQ(expand("", values, ""), "");
}

TEST(Placeholders, ValuesAreNotExpandedAgain) {
  EXPECT_EQ(expand("${a}", PlaceholderValues{{"a", "${b}"}}, ""), "${b}");
}

}  // namespace
}  // namespace understudy::targets
