// The session to the address that follows the leader. Whose it is, the console says after each
// login: until then it waits in the lobby, then it is the session of a node that has none of its
// own, with all that a console is asked and told. When it ends, a switchover or a reboot say, it
// comes back to the lobby, and the door opens the next one.
#include <algorithm>

#include "targets/device/switch_device.h"

namespace understudy::targets {

/// The line on which a console of the bench is heard.
Line& SwitchDevice::console_at(std::size_t console) {
  if (console < lines_.size()) return lines_[console];
  return guest_ ? lines_[*guest_] : *lobby_;
}

std::size_t SwitchDevice::console_of(const Line& line) const {
  const auto place = line_of(line.name);
  return guest_ && *guest_ == place ? lines_.size() : place;
}

/// Every line that has a session, the lobby's last.
std::vector<Line*> SwitchDevice::consoles() {
  std::vector<Line*> all;
  for (Line& line : lines_) all.push_back(&line);
  if (lobby_ && !guest_) all.push_back(&*lobby_);
  return all;
}

bool SwitchDevice::has_console(const Line& line) const {
  const auto place = line_of(line.name);
  return place < settings_.has_console.size() && settings_.has_console[place];
}

void SwitchDevice::find_whose(Line& line, const Reading& reading) {
  for (const Told& told : reading.told) {
    if (told.attribute != dialect_.node_identity) continue;
    const auto found = std::ranges::find(settings_.answers_as, told.value);
    if (found == settings_.answers_as.end())
      return silence(line, "it answers as `" + told.value + "`, which is no node of the testbed");
    moves_in_ = static_cast<std::size_t>(found - settings_.answers_as.begin());
  }
}

/// Once everything that it was asked in the lobby is answered.
void SwitchDevice::move_in() {
  if (!moves_in_ || guest_ || !lobby_->pending.empty()) return;
  const std::size_t place = *std::exchange(moves_in_, std::nullopt);
  const bool is_proven = lobby_->proven.size() == settings_.identities[lines_.size()].size();
  if (!is_proven || settings_.has_console[place] || lobby_->session->mode() == Mode::Ended) return;
  Line& line = lines_[place];
  std::swap(line.session, lobby_->session);
  std::swap(line.transcript, lobby_->transcript);
  line.proven.clear();
  for (const auto& [attribute, value] : settings_.identities[place]) line.proven.insert(attribute);
  line.needs_setup = false;
  line.has_prompted = true;
  line.has_ended = line.may_end = false;
  line.round.clear();
  guest_ = place;
  line.session->release(now());
}

void SwitchDevice::move_out() {
  moves_in_.reset();
  if (!guest_) return;
  Line& line = lines_[*guest_];
  std::swap(line.session, lobby_->session);
  std::swap(line.transcript, lobby_->transcript);
  line.pending.clear();
  lobby_->pending.clear();
  lobby_->needs_setup = true;
  lobby_->proven.clear();
  guest_.reset();
}

}  // namespace understudy::targets
