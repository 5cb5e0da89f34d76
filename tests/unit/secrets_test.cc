// Where passwords come from, and that nothing tells them again.
#include "targets/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "targets/device/transcript.h"
#include "tests/unit/doors_fixture.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

std::string content(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Secrets, ComeFromTheEnvironmentOrAFileThatNobodyElseReads) {
  setenv("UNDERSTUDY_TEST_PASSWORD", "from outside", 1);
  EXPECT_EQ(reveal({Secret::Kind::Environment, "UNDERSTUDY_TEST_PASSWORD", "t:1"}), "from outside");
  const auto missing = reveal({Secret::Kind::Environment, "NO_SUCH_PASSWORD", "t:1"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(to_line(missing.error()), "t:1: the environment has no NO_SUCH_PASSWORD");

  const TemporaryLink folder;
  std::ofstream(folder.path()) << "from a file\nsecond line\n";
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0600));
  EXPECT_EQ(reveal({Secret::Kind::File, folder.path(), "t:1"}), "from a file");
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0644));
  const auto open = reveal({Secret::Kind::File, folder.path(), "t:1"});
  ASSERT_FALSE(open);
  EXPECT_THAT(to_line(open.error()), HasSubstr("chmod 600"));
  EXPECT_THAT(to_line(open.error()), Not(HasSubstr("from a file")));
}

TEST(Secrets, OfAFileThatCannotBeReadSayWhy) {
  const TemporaryLink place;
  const auto missing = reveal({Secret::Kind::File, place.path(), "t:1"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(to_line(missing.error()),
            "t:1: " + place.path() + " cannot be read: No such file or directory");
  const auto folder = reveal({Secret::Kind::File, ".", "t:1"});
  ASSERT_FALSE(folder);
  EXPECT_EQ(to_line(folder.error()), "t:1: . cannot be read: Is a directory");
}

TEST(Masks, CoverByteForByteSoThatPlacesStay) {
  const Mask mask({"hunter22", "hunter", ""});
  EXPECT_EQ(mask.applied_to("a hunter22, a hunter."), "a ********, a ******.");
  EXPECT_EQ(mask.applied_to("a hunt"), "a hunt");
}

TEST(Masks, CoverAShortSecretOnlyWhereItStandsAlone) {
  const Mask mask({"sw"});
  EXPECT_EQ(mask.applied_to("sw\r"), "**\r");
  EXPECT_EQ(mask.applied_to("show switch\r\nsw\r\n"), "show switch\r\n**\r\n");
}

TEST(Transcripts, HoldNoSecretHoweverItWasCut) {
  const std::string printed = "login: admin\r\npassword: hunter22\r\nsw.1 # hunter2";
  for (std::size_t cut = 0; cut <= printed.size(); ++cut) {
    const TemporaryLink place;
    std::filesystem::create_directory(place.path());
    {
      Transcript transcript(place.path(), "A", Mask({"hunter22"}));
      transcript.received(printed.substr(0, cut), 1ms);
      transcript.received(printed.substr(cut), 2ms);
      transcript.sent("hunter22\r", 3ms);
      EXPECT_THAT(transcript.last_words(), Not(HasSubstr("hunter22"))) << cut;
    }
    EXPECT_EQ(content(place.path() + "/A.console"),
              "login: admin\r\npassword: ********\r\nsw.1 # hunter2")
        << cut;
    EXPECT_THAT(content(place.path() + "/A.console.jsonl"), Not(HasSubstr("hunter22")));
  }
}

}  // namespace
}  // namespace understudy::targets
