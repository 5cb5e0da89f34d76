// The catalogue of deliberate defects against the fact sheet's numbers: nothing is passed over in
// silence, nothing is both caught and said to be out of sight.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "reference-impl/chassis/exos_11_3.h"
#include "reference-impl/chassis/procurve_8212zl.h"
#include "reference-impl/defects/defect.h"

namespace understudy::reference {
namespace {

using testing::IsEmpty;

/// A family whose numbers are all accounted for.
struct Family {
  std::string profile;
  Profile (*make)(const Timing&);
  std::set<std::string> numbers;
};

std::set<std::string> numbered(std::string_view prefix, int count) {
  std::set<std::string> numbers;
  for (int i = 1; i <= count; ++i) numbers.insert(fmt::format("{}{}", prefix, i));
  return numbers;
}

/// M1 to M52, and the published defects that concern redundancy.
std::set<std::string> numbers_of_exos() {
  std::set<std::string> numbers = numbered("M", 52);
  numbers.merge(numbered("published ", 28));
  return numbers;
}

/// D1 to D15 of section 14, and the families of defect below them, (a) to (p).
std::set<std::string> numbers_of_procurve() {
  std::set<std::string> numbers = numbered("D", 15);
  for (char letter = 'a'; letter <= 'p'; ++letter) numbers.emplace(1, letter);
  return numbers;
}

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

std::set<std::string> caught(const Family& family) {
  std::set<std::string> numbers;
  for (const Defect& defect : defects_of(family.profile)) numbers.merge(numbers_in(defect.origin));
  return numbers;
}

std::set<std::string> explained(const Family& family) {
  std::set<std::string> numbers;
  for (const Unobservable& row : unobservable_of(family.profile)) {
    numbers.merge(numbers_in(row.origin));
  }
  return numbers;
}

std::set<std::string> without(std::set<std::string> numbers, const std::set<std::string>& taken) {
  std::erase_if(numbers, [&](const std::string& number) { return taken.contains(number); });
  return numbers;
}

class DefectCatalogue : public testing::TestWithParam<Family> {};

TEST_P(DefectCatalogue, EveryNumberOfTheFactSheetIsADefectOrHasItsReason) {
  EXPECT_THAT(without(without(GetParam().numbers, caught(GetParam())), explained(GetParam())),
              IsEmpty());
}

TEST_P(DefectCatalogue, NoNumberIsBothADefectAndOutOfSight) {
  std::set<std::string> both;
  std::ranges::set_intersection(caught(GetParam()), explained(GetParam()),
                                std::inserter(both, both.end()));
  EXPECT_THAT(both, IsEmpty());
}

TEST_P(DefectCatalogue, OriginsAreNumbersOfTheFactSheet) {
  std::set<std::string> named = caught(GetParam());
  named.merge(explained(GetParam()));
  EXPECT_THAT(without(named, GetParam().numbers), IsEmpty());
}

TEST_P(DefectCatalogue, EachDefectHasANameOfItsOwnASentenceAClauseAndAChange) {
  std::set<std::string_view> ids;
  for (const Defect& defect : defects_of(GetParam().profile)) {
    EXPECT_TRUE(ids.insert(defect.id).second) << defect.id;
    EXPECT_TRUE(defect.sentence.ends_with('.')) << defect.id;
    EXPECT_FALSE(defect.clauses.empty()) << defect.id;
    EXPECT_TRUE(defect.replace || defect.interpose) << defect.id;
  }
}

TEST_P(DefectCatalogue, WhatIsOutOfSightHasASentenceAndAReason) {
  for (const Unobservable& row : unobservable_of(GetParam().profile)) {
    EXPECT_TRUE(row.sentence.ends_with('.')) << row.origin;
    EXPECT_FALSE(row.reason.empty()) << row.origin;
  }
}

TEST_P(DefectCatalogue, AProfileWithAnEntryReplacedIsStillSound) {
  for (const Defect& defect : defects_of(GetParam().profile)) {
    if (!defect.replace) continue;
    Profile profile = GetParam().make({});
    defect.replace(profile);
    EXPECT_THAT(flaws_of(profile), IsEmpty()) << defect.id;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Families, DefectCatalogue,
    testing::Values(Family{"exos-11.3", exos_11_3, numbers_of_exos()},
                    Family{"procurve-8212zl", procurve_8212zl, numbers_of_procurve()}),
    [](const auto& tested) { return tested.index == 0 ? "Exos" : "Procurve"; });

}  // namespace
}  // namespace understudy::reference
