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

/// What an earlier run left there is not this one's.
std::string fresh(std::string path) {
  if (!path.empty()) std::remove(path.c_str());
  return path;
}

}  // namespace

Transcript::Transcript(const std::string& folder, const std::string& node, Mask mask)
    : name_(file_name(node)),
      mask_(std::move(mask)),
      bytes_(fresh(folder.empty() ? "" : folder + "/" + name_), mask_) {
  if (!folder.empty()) times_.reset(std::fopen((folder + "/" + name_ + ".jsonl").c_str(), "wbe"));
}

void Transcript::received(std::string_view bytes, Time at) {
  if (times_) {
    const Json line{{"at", at.count()}, {"from", size_}, {"received", bytes.size()}};
    std::fputs((line.dump() + "\n").c_str(), times_.get());
    std::fflush(times_.get());
  }
  size_ += bytes.size();
  tail_ += bytes_.write(bytes);
  if (tail_.size() > tail_bytes) tail_.erase(0, tail_.size() - tail_bytes);
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
  for (const char c : tail_ + bytes_.held()) {
    const bool is_printable = static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    const char shown = is_printable ? c : ' ';
    if (shown != ' ' || (!words.empty() && words.back() != ' ')) words += shown;
  }
  words.erase(words.find_last_not_of(' ') + 1);
  if (words.size() > 200) words = "..." + words.substr(words.size() - 197);
  return words;
}

std::vector<std::string> Transcript::files() const {
  if (!bytes_.is_open()) return {};
  return {name_, name_ + ".jsonl"};
}

}  // namespace understudy::targets
