// Approved transcripts of the EXOS command line. A transcript in golden/cli is a script with the
// text that it gave: lines with a directive are carried out, lines that begin with "A| " or "B| "
// are what that module's console showed. A run that shows something else fails with both texts. To
// approve what is shown now: UNDERSTUDY_APPROVE=1 build/tests/test_cli_golden, then read the diff.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "reference-impl/chassis/query.h"
#include "tests/golden/cli_pair.h"

namespace understudy::reference {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(UNDERSTUDY_SOURCE_DIR) / "tests/golden/cli";

std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Control bytes by name; "\r\n" ends a line.
std::string visible(std::string_view shown) {
  std::string text;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    if (c == '\r' && i + 1 < shown.size() && shown[i + 1] == '\n') continue;
    if (c == '\r') {
      text += "<CR>";
    } else if (c == '\b') {
      text += "<BS>";
    } else if (c == '\a') {
      text += "<BEL>";
    } else {
      text += c;
    }
  }
  return text;
}

// Hundredths of a second in log lines follow the core's timers, which transcripts do not approve.
std::string without_hundredths(std::string text) {
  for (std::size_t at = text.find(" <"); at != std::string::npos; at = text.find(" <", at + 1)) {
    if (at >= 3 && text[at - 3] == '.') text.replace(at - 2, 2, "hh");
  }
  return text;
}

std::string transcript_of(char name, const std::string& shown) {
  if (shown.empty()) return {};
  std::istringstream lines(without_hundredths(visible(shown)));
  std::string text;
  for (std::string line; std::getline(lines, line);) text += fmt::format("{}| {}\n", name, line);
  return text;
}

// \r, \t, \x03 and \\ in a directive.
std::string unescape(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
      continue;
    }
    const char kind = text[++i];
    if (kind == 'x') {
      unsigned value = 0;
      std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
      bytes += static_cast<char>(value);
      i += 2;
    } else {
      bytes += kind == 'r' ? '\r' : kind == 't' ? '\t' : kind;
    }
  }
  return bytes;
}

class Script {
 public:
  Script(bool needs_login, std::string_view product)
      : pair_({.needs_login = needs_login}, product) {}

  // on A | off A | run 500 | A: a command line | A. keys without Enter | learn A mac rest |
  // fill A process count
  void carry_out(const std::string& line) {
    std::istringstream words(line);
    std::string verb, which;
    words >> verb >> which;
    if (verb == "on") pair_.power_on(slot_of(which));
    if (verb == "off") pair_.power_off(slot_of(which));
    if (verb == "run") pair_.run(std::chrono::milliseconds(std::atoi(which.c_str())));
    if (verb == "learn") learn(slot_of(which), words);
    if (verb == "fill") fill(slot_of(which), words);
    if (verb.size() != 2 || line.size() < 2) return;
    const std::string typed = line.size() > 3 ? unescape(line.substr(3)) : std::string();
    if (verb[1] == ':') pair_.type(slot_of(verb), 0, typed + "\r");
    if (verb[1] == '.') pair_.type(slot_of(verb), 0, typed);
  }

  std::string take_shown() {
    return transcript_of('A', pair_.take_shown(0, 0)) + transcript_of('B', pair_.take_shown(1, 0));
  }

 private:
  static Slot slot_of(const std::string& word) { return word.front() == 'B' ? 1 : 0; }

  void learn(Slot slot, std::istringstream& words) {
    std::string mac, rest;
    words >> mac;
    std::getline(words >> std::ws, rest);
    pair_.give(slot, EntryLearned{11, mac, rest});  // 11: fdb
  }

  void fill(Slot slot, std::istringstream& words) {
    std::string process;
    int count = 0;
    words >> process >> count;
    const Profile& profile = pair_.module(slot).profile();
    for (int index = 1; index <= count; ++index) {
      pair_.give(slot, learned_entry(profile, *application_named(profile, process), index));
    }
  }

  CliPair pair_;
};

std::string replay(const std::string& approved) {
  const bool is_netgear = approved.starts_with("# NETGEAR");
  Script script(approved.starts_with("# login"), is_netgear ? "xcm8800" : "exos-11.3");
  std::istringstream lines(approved);
  std::string transcript;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("A| ") || line.starts_with("B| ")) continue;
    transcript += line + '\n';
    if (!line.starts_with('#')) script.carry_out(line);
    transcript += script.take_shown();
  }
  return transcript;
}

class CliTranscript : public testing::TestWithParam<const char*> {};

TEST_P(CliTranscript, ShowsWhatWasApproved) {
  const fs::path path = folder / fmt::format("{}.txt", GetParam());
  const std::string approved = read(path);
  ASSERT_FALSE(approved.empty()) << path;
  const std::string shown = replay(approved);
  if (std::getenv("UNDERSTUDY_APPROVE") != nullptr) std::ofstream(path) << shown;
  EXPECT_EQ(shown, read(path));
}

INSTANTIATE_TEST_SUITE_P(Golden, CliTranscript,
                         testing::Values("boot", "login", "show", "configure", "save", "reboot",
                                         "failover", "paging", "editing", "backup", "hardware",
                                         "images", "xcm8800"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace understudy::reference
