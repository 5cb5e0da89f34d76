#include "targets/device/transcript.h"

#include <algorithm>

namespace understudy::targets {

namespace {

constexpr std::size_t tail_bytes = 400;

std::string file_name(const std::string& node) {
  std::string name = node;
  std::ranges::replace(name, '/', '_');
  return name + ".console";
}

}  // namespace

Transcript::Transcript(const std::string& folder, const std::string& node, Mask mask)
    : name_(file_name(node)), mask_(std::move(mask)) {
  if (folder.empty()) return;
  bytes_.reset(std::fopen((folder + "/" + name_).c_str(), "wbe"));
  times_.reset(std::fopen((folder + "/" + name_ + ".jsonl").c_str(), "wbe"));
}

Transcript::~Transcript() {
  keep(std::exchange(held_, {}));
}

/// What is decided: written, and remembered for messages.
void Transcript::keep(std::string_view bytes) {
  tail_.append(bytes.substr(bytes.size() > tail_bytes ? bytes.size() - tail_bytes : 0));
  if (tail_.size() > tail_bytes) tail_.erase(0, tail_.size() - tail_bytes);
  if (!bytes_ || bytes.empty()) return;
  std::fwrite(bytes.data(), 1, bytes.size(), bytes_.get());
  std::fflush(bytes_.get());
}

void Transcript::received(std::string_view bytes, Time at) {
  if (times_) {
    const Json line{{"at", at.count()}, {"from", size_}, {"received", bytes.size()}};
    std::fputs((line.dump() + "\n").c_str(), times_.get());
    std::fflush(times_.get());
  }
  size_ += bytes.size();
  held_ = mask_.applied_to(held_.append(bytes));
  const std::string decided = held_.substr(0, held_.size() - mask_.undecided(held_));
  held_.erase(0, decided.size());
  keep(decided);
}

void Transcript::sent(std::string_view bytes, Time at) {
  if (!times_) return;
  const Json line{
      {"at", at.count()}, {"from", size_}, {"sent", mask_.applied_to(std::string(bytes))}};
  std::fputs((line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n").c_str(),
             times_.get());
  std::fflush(times_.get());
}

void Transcript::sent_break(Time at) {
  if (!times_) return;
  const Json line{{"at", at.count()}, {"from", size_}, {"sent", ""}, {"break", true}};
  std::fputs((line.dump() + "\n").c_str(), times_.get());
  std::fflush(times_.get());
}

std::string Transcript::last_words() const {
  std::string words;
  for (const char c : tail_ + held_) {
    const bool is_printable = static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    const char shown = is_printable ? c : ' ';
    if (shown != ' ' || (!words.empty() && words.back() != ' ')) words += shown;
  }
  words.erase(words.find_last_not_of(' ') + 1);
  if (words.size() > 200) words = "..." + words.substr(words.size() - 197);
  return words;
}

std::vector<std::string> Transcript::files() const {
  if (!bytes_) return {};
  return {name_, name_ + ".jsonl"};
}

}  // namespace understudy::targets
