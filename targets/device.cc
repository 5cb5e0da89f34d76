#include "targets/device.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/words.h"
#include "targets/device/switch_device.h"
#include "targets/printable.h"

namespace understudy::targets {

namespace {

constexpr Duration longest_silence = std::chrono::minutes(2);

void add_missing(const std::string& name, std::vector<std::string>& names) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

}  // namespace

/// Every node shows its first prompt, ends, or had the time of two boots for it.
Result<void> SwitchDevice::open() {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const Credentials login = i < settings_.logins.size() ? settings_.logins[i] : Credentials{};
    lines_[i].session = Session::create(dialect_.words, login);
    if (!settings_.identities[i].empty()) lines_[i].session->guard();
  }
  if (lobby_) {
    lobby_->session = Session::create(dialect_.words, *settings_.management);
    lobby_->session->guard();
  }
  const auto boot = timing_of(settings_.capabilities, "boot", Duration::zero());
  for (Line* line : consoles()) line->session->boot_takes(boot);
  if (auto started = bench_->start(); !started) return started;
  if (auto listening = start_listening(); !listening) return listening;
  const NeverCancelled never;
  const Time limit = now() + (boot > Duration::zero() ? 2 * boot + answer_ : longest_silence);
  const auto is_waiting = [&](const Line& line) {
    return has_console(line) && !line.has_ended && (!line.has_prompted || !is_known(line));
  };
  const auto is_homeless = [&] {
    return lobby_ && !guest_ &&
           !std::ranges::all_of(lines_, [&](auto& line) { return has_console(line); });
  };
  while ((std::ranges::any_of(lines_, is_waiting) || is_homeless()) && now() < limit &&
         broken_.empty() && died_early_.empty() &&
         std::ranges::none_of(consoles(), [&](const Line* line) { return is_refused(*line); }))
    advance(limit, never);
  const auto where = settings_.testbed;
  for (const Line* line : consoles()) {
    const Credentials login = login_of(*line);
    if (line->has_prompted || line->refusal_words.empty() || login.user.empty()) continue;
    const auto place = line_of(line->name);
    return fail(place < settings_.places.size() ? settings_.places[place] : where,
                fmt::format("{} refused the {}password of {}: `{}`", line->name,
                            login.password.empty() ? "empty " : "", login.user,
                            printable(settings_.mask.applied_to(line->refusal_words))),
                "login: {user: USER, password: ...} of its console");
  }
  if (!died_early_.empty()) return fail(where, died_early_, "the node never showed a prompt");
  if (!broken_.empty()) return fail(broken_at_.empty() ? where : broken_at_, broken_);
  if (is_homeless())
    incident(Incident::Kind::Unread, "management",
             fmt::format("no node answers at the management address; its last words: {}",
                         lobby_->transcript.last_words()),
             Time::zero(), now());
  for (auto& line : lines_) {
    if (line.has_prompted && is_waiting(line))
      return fail(where, fmt::format("the console of {} does not say whose it is", line.name));
    if (is_waiting(line)) {
      const auto last = line.transcript.last_words();
      const std::string ended = line.why_closed.empty()
                                    ? std::string()
                                    : "; its console session ended: " + line.why_closed;
      incident(
          Incident::Kind::Unread, line.name,
          line.transcript.size() == 0
              ? fmt::format("{} printed nothing{}", line.name, ended)
              : fmt::format("{} printed {} bytes and no prompt of the dialect {}; the last: {}{}",
                            line.name, line.transcript.size(), dialect_.name, last, ended),
          Time::zero(), now());
    }
    line.boots = 0;
  }
  is_open_ = true;
  return take_custody(never);
}

Result<std::unique_ptr<Target>> open_device(std::unique_ptr<Bench> bench, DeviceSettings settings) {
  Reader reader(settings.dialect, settings.capabilities.nodes);
  add_words(*settings.dialect, *bench, settings.capabilities);
  auto device =
      std::make_unique<SwitchDevice>(std::move(bench), std::move(settings), std::move(reader));
  if (auto opened = device->open(); !opened) return tl::unexpected(opened.error());
  return device;
}

void add_words(const Dialect& dialect, const Bench& bench, Capabilities& capabilities) {
  for (const auto& act : dialect.acts) add_missing(act.word, capabilities.acts);
  for (const auto& act : bench.acts()) add_missing(act, capabilities.acts);
  capabilities.impossible = bench.impossible();
  for (const auto& attribute : attributes_of(dialect))
    add_missing(attribute, capabilities.attributes);
  capabilities.vocabularies = vocabularies_of(dialect);
  for (const char* own : {"asked", "answered", "boots", "mode"})
    add_missing(own, capabilities.attributes);
  for (const ListenerWord& listener : listener_words()) {
    const std::string name(listener.name);
    if (std::ranges::find(capabilities.observers, name) == capabilities.observers.end()) continue;
    for (const auto& attribute : listened_attributes(dialect, name))
      add_missing(name + "." + attribute, capabilities.attributes);
    for (auto& [attribute, values] : listened_vocabularies(dialect, name))
      capabilities.vocabularies.emplace_back(name + "." + attribute, std::move(values));
  }
  for (const auto& node : capabilities.nodes) add_missing(node, capabilities.observers);
  for (const auto& link : capabilities.links) add_missing(link, capabilities.observers);
}

}  // namespace understudy::targets
