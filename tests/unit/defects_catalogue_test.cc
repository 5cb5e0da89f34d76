// The catalogue of deliberate defects against the fact sheet's numbers: nothing is passed over in
// silence, nothing is both caught and said to be out of sight.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "reference-impl/chassis/exos_11_3.h"
#include "reference-impl/defects/defect.h"

namespace understudy::reference {
namespace {

using testing::IsEmpty;

constexpr int kMutants = 52;    // M1 to M52
constexpr int kPublished = 28;  // published defects that concern redundancy

/// "M7, published 9" as two numbers.
std::set<std::string> numbers_in(std::string_view origin) {
  std::set<std::string> numbers;
  while (!origin.empty()) {
    const std::size_t comma = std::min(origin.find(", "), origin.size());
    numbers.emplace(origin.substr(0, comma));
    origin.remove_prefix(std::min(comma + 2, origin.size()));
  }
  return numbers;
}

std::set<std::string> all_numbers() {
  std::set<std::string> numbers;
  for (int i = 1; i <= kMutants; ++i) numbers.insert(fmt::format("M{}", i));
  for (int i = 1; i <= kPublished; ++i) numbers.insert(fmt::format("published {}", i));
  return numbers;
}

std::set<std::string> caught() {
  std::set<std::string> numbers;
  for (const Defect& defect : defects_of("exos-11.3")) numbers.merge(numbers_in(defect.origin));
  return numbers;
}

std::set<std::string> explained() {
  std::set<std::string> numbers;
  for (const Unobservable& row : unobservable_of("exos-11.3")) {
    numbers.merge(numbers_in(row.origin));
  }
  return numbers;
}

std::set<std::string> without(std::set<std::string> numbers, const std::set<std::string>& taken) {
  std::erase_if(numbers, [&](const std::string& number) { return taken.contains(number); });
  return numbers;
}

TEST(DefectCatalogue, EveryNumberOfTheFactSheetIsADefectOrHasItsReason) {
  EXPECT_THAT(without(without(all_numbers(), caught()), explained()), IsEmpty());
}

TEST(DefectCatalogue, NoNumberIsBothADefectAndOutOfSight) {
  std::set<std::string> both;
  std::ranges::set_intersection(caught(), explained(), std::inserter(both, both.end()));
  EXPECT_THAT(both, IsEmpty());
}

TEST(DefectCatalogue, OriginsAreNumbersOfTheFactSheet) {
  std::set<std::string> named = caught();
  named.merge(explained());
  EXPECT_THAT(without(named, all_numbers()), IsEmpty());
}

TEST(DefectCatalogue, EachDefectHasANameOfItsOwnASentenceAClauseAndAChange) {
  std::set<std::string_view> ids;
  for (const Defect& defect : defects_of("exos-11.3")) {
    EXPECT_TRUE(ids.insert(defect.id).second) << defect.id;
    EXPECT_TRUE(defect.sentence.ends_with('.')) << defect.id;
    EXPECT_FALSE(defect.clauses.empty()) << defect.id;
    EXPECT_TRUE(defect.replace || defect.interpose) << defect.id;
  }
}

TEST(DefectCatalogue, WhatIsOutOfSightHasASentenceAndAReason) {
  for (const Unobservable& row : unobservable_of("exos-11.3")) {
    EXPECT_TRUE(row.sentence.ends_with('.')) << row.origin;
    EXPECT_FALSE(row.reason.empty()) << row.origin;
  }
}

TEST(DefectCatalogue, AProfileWithAnEntryReplacedIsStillSound) {
  for (const Defect& defect : defects_of("exos-11.3")) {
    if (!defect.replace) continue;
    Profile profile = exos_11_3({});
    defect.replace(profile);
    EXPECT_THAT(flaws_of(profile), IsEmpty()) << defect.id;
  }
}

}  // namespace
}  // namespace understudy::reference
