// Paging and output filters.
#include <gtest/gtest.h>

#include "reference-impl/cli/output_filter.h"
#include "reference-impl/cli/pager.h"

namespace understudy::reference {
namespace {

constexpr std::string_view page_line = "more?";
const std::string erased = "\r     \r";

std::string numbered(int from, int to, std::string_view end) {
  std::string text;
  for (int i = from; i <= to; ++i) text += std::to_string(i) + std::string(end);
  return text;
}

TEST(Pager, ShowsAPageAndAsks) {
  Pager pager;
  EXPECT_EQ(show_text(pager, numbered(1, 30, "\n"), true, page_line),
            numbered(1, 23, "\r\n") + "more?");
  EXPECT_TRUE(is_paging(pager));
}

TEST(Pager, DoesNotAskWhenAPageIsEnough) {
  Pager pager;
  EXPECT_EQ(show_text(pager, numbered(1, 23, "\n"), true, page_line), numbered(1, 23, "\r\n"));
  EXPECT_FALSE(is_paging(pager));
}

TEST(Pager, DoesNotAskWhenPagingIsOff) {
  Pager pager;
  EXPECT_EQ(show_text(pager, numbered(1, 99, "\n"), false, page_line), numbered(1, 99, "\r\n"));
  EXPECT_FALSE(is_paging(pager));
}

TEST(Pager, SpaceErasesTheQuestionAndGivesAPage) {
  Pager pager;
  show_text(pager, numbered(1, 50, "\n"), true, page_line);
  EXPECT_EQ(page_key(pager, ' ', page_line), erased + numbered(24, 46, "\r\n") + "more?");
  EXPECT_EQ(page_key(pager, ' ', page_line), erased + numbered(47, 50, "\r\n"));
  EXPECT_FALSE(is_paging(pager));
}

TEST(Pager, EnterGivesOneLine) {
  Pager pager;
  show_text(pager, numbered(1, 50, "\n"), true, page_line);
  EXPECT_EQ(page_key(pager, '\r', page_line), erased + "24\r\nmore?");
}

TEST(Pager, QLeavesAndOtherKeysDoNothing) {
  Pager pager;
  show_text(pager, numbered(1, 50, "\n"), true, page_line);
  EXPECT_EQ(page_key(pager, 'x', page_line), "");
  EXPECT_TRUE(is_paging(pager));
  EXPECT_EQ(page_key(pager, 'q', page_line), erased);
  EXPECT_FALSE(is_paging(pager));
}

TEST(OutputFilter, KeepsTheLinesThatHoldTheText) {
  const FilteredLine line = split_filter("show switch | inc \"ver\"");
  EXPECT_EQ(line.command, "show switch ");
  EXPECT_EQ(filter_lines(line.filter, "a\nPrimary ver\nb\nver"), "Primary ver\nver");
}

TEST(OutputFilter, DropsLinesOrBeginsAtOne) {
  EXPECT_EQ(filter_lines(split_filter("x | exclude b").filter, "a\nb\nc\n"), "a\nc\n");
  EXPECT_EQ(filter_lines(split_filter("x | begin b").filter, "a\nb\nc\n"), "b\nc\n");
}

TEST(OutputFilter, ABarInsideQuotesBelongsToTheCommand) {
  EXPECT_EQ(split_filter("show log match \"a|b\"").command, "show log match \"a|b\"");
}

TEST(OutputFilter, PointsAtNonsenseBehindTheBar) {
  EXPECT_EQ(split_filter("show fdb | count").nonsense, 11u);
  EXPECT_EQ(split_filter("show fdb |").nonsense, 9u);
  EXPECT_EQ(split_filter("show fdb | include").nonsense, 11u);
  EXPECT_EQ(split_filter("show fdb | include a b").nonsense, 21u);
}

}  // namespace
}  // namespace understudy::reference
