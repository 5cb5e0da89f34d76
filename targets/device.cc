#include "targets/device.h"

#include <fmt/format.h>

#include <algorithm>

#include "targets/device/switch_device.h"

namespace understudy::targets {

namespace {

constexpr Duration longest_silence = std::chrono::minutes(2);

class Never : public Cancel {
 public:
  bool is_cancelled() const override { return false; }
};

void add_missing(const std::string& name, std::vector<std::string>& names) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

}  // namespace

/// Every node shows its first prompt, ends, or had the time of two boots for it.
Result<void> SwitchDevice::open() {
  const auto words = compile_words(dialect_.console);
  if (!words) return tl::unexpected(words.error());
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const Credentials login = i < settings_.logins.size() ? settings_.logins[i] : Credentials{};
    lines_[i].session = Session::create(*words, login);
  }
  if (auto started = bench_->start(); !started) return started;
  const Never never;
  const auto boot = timing_of(settings_.capabilities, "boot", Duration::zero());
  const Time limit = now() + (boot > Duration::zero() ? 2 * boot + answer_ : longest_silence);
  const auto is_waiting = [](const Line& line) { return !line.has_prompted && !line.has_ended; };
  while (std::ranges::any_of(lines_, is_waiting) && now() < limit && broken_.empty() &&
         died_early_.empty())
    advance(limit, never);
  const auto where = settings_.testbed;
  if (!died_early_.empty()) return fail(where, died_early_, "the node never showed a prompt");
  if (!broken_.empty()) return fail(where, broken_);
  for (auto& line : lines_) {
    if (is_waiting(line)) {
      const auto last = line.transcript.last_words();
      incident(
          Incident::Kind::Unread, line.name,
          line.transcript.size() == 0
              ? fmt::format("{} printed nothing", line.name)
              : fmt::format("{} printed {} bytes and no prompt of the dialect {}; the last: {}",
                            line.name, line.transcript.size(), dialect_.name, last),
          Time::zero(), now());
    }
    line.boots = 0;
  }
  is_open_ = true;
  return {};
}

Result<std::unique_ptr<Target>> open_device(std::unique_ptr<Bench> bench, DeviceSettings settings) {
  auto reader = Reader::create(settings.dialect, settings.capabilities.nodes);
  if (!reader) return tl::unexpected(reader.error());
  add_words(*settings.dialect, bench->acts(), settings.capabilities);
  auto device =
      std::make_unique<SwitchDevice>(std::move(bench), std::move(settings), std::move(*reader));
  if (auto opened = device->open(); !opened) return tl::unexpected(opened.error());
  return device;
}

void add_words(const Dialect& dialect, const std::vector<std::string>& bench_acts,
               Capabilities& capabilities) {
  for (const auto& act : dialect.acts) add_missing(act.word, capabilities.acts);
  for (const auto& act : bench_acts) add_missing(act, capabilities.acts);
  for (const auto& attribute : attributes_of(dialect))
    add_missing(attribute, capabilities.attributes);
  capabilities.vocabularies = vocabularies_of(dialect);
  for (const char* own : {"asked", "answered", "boots", "mode"})
    add_missing(own, capabilities.attributes);
  for (const auto& node : capabilities.nodes) add_missing(node, capabilities.observers);
  for (const auto& link : capabilities.links) add_missing(link, capabilities.observers);
}

}  // namespace understudy::targets
