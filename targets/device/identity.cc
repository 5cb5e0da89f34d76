// Whose console a session is: asked before anything else that the suite wants, on every new
// session, login and boot. A console that is another device's, or another node's, ends the run: a
// change or a power cut would meet the wrong one.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "targets/device/switch_device.h"

namespace understudy::targets {

bool SwitchDevice::is_known(const Line& line) const {
  const Identity& identity = settings_.identities[line_of(line.name)];
  return identity.empty() || (!line.needs_setup && line.proven.size() == identity.size());
}

/// As soon as a fresh session has a prompt: what it says of itself, then the lines that it needs.
void SwitchDevice::set_up(Line& line) {
  if (line.session->mode() == Mode::Shell && line.needs_setup) {
    line.needs_setup = false;
    line.proven.clear();
    line.doubted_read.reset();
    std::set<std::size_t> reads;
    for (const auto& [attribute, value] : settings_.identities[line_of(line.name)])
      reads.insert(*read_for(dialect_, attribute));
    if (lobby_ && &line == &*lobby_) reads.insert(*read_for(dialect_, dialect_.node_identity));
    for (const std::size_t read : reads)
      submit(line, {Purpose::Kind::Identity, read}, dialect_.reads[read].command, {}, answer_);
    ask_for_session(line);
    for (const auto& text : dialect_.setup) submit(line, {}, text, {}, answer_);
  }
  const bool is_in_lobby = lobby_ && &line == &*lobby_;
  if (is_known(line) && !is_in_lobby) line.session->release(now());
}

/// An answer that cannot be read, perhaps for a log line in it, is asked for once more.
void SwitchDevice::identify(Line& line, std::size_t read, const Answer& answer) {
  // In the lobby nobody knows yet whose console it is: any node's name will do.
  const bool is_in_lobby = lobby_ && &line == &*lobby_;
  const std::string own = is_in_lobby ? lines_.front().name : line.name;
  const Reading reading = reader_.read(read, own, answer.text, answer.captures);
  for (const auto& [attribute, expected] : settings_.identities[line_of(line.name)]) {
    if (read_for(dialect_, attribute) != read) continue;
    const auto told = std::ranges::find_if(reading.told, [&](const Told& one) {
      return one.subject == own && one.attribute == attribute && !one.value.empty();
    });
    if (told == reading.told.end()) {
      const std::string why = reading.unread.empty() ? "" : ": " + reading.unread;
      if (line.doubted_read) return silence(line, "it does not tell its " + attribute + why);
      line.doubted_read = read;
      submit(line, {Purpose::Kind::Identity, read}, dialect_.reads[read].command, {}, answer_);
      return;
    }
    if (told->value != expected)
      return silence(line, fmt::format("{} is `{}`, and the testbed says `{}`", attribute,
                                       told->value, expected));
    line.proven.insert(attribute);
  }
  if (is_in_lobby) find_whose(line, reading);
}

Credentials SwitchDevice::login_of(const Line& line) const {
  const auto place = line_of(line.name);
  if (place < settings_.logins.size()) return settings_.logins[place];
  return place == lines_.size() && settings_.management ? *settings_.management : Credentials{};
}

/// As often as the session tries; a screen that a session before it left may cost one try.
bool SwitchDevice::is_refused(const Line& line) const {
  return !line.has_prompted && !login_of(line).user.empty() &&
         (line.is_given_up || line.refused_logins >= Session::most_login_tries);
}

void SwitchDevice::silence(const Line& line, const std::string& words) {
  if (std::exchange(is_silenced_, true)) return;
  broken_ = fmt::format("the console of {} is not the testbed's: {}; nothing more was sent",
                        line.name, words);
  incident(Incident::Kind::BenchBroken, line.name, broken_, now(), now());
  const auto place = line_of(line.name);
  if (place < settings_.places.size()) broken_at_ = settings_.places[place];
}

}  // namespace understudy::targets
