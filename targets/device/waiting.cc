// Waiting: what is polled, when a wait ends, and what the target itself makes of a condition.
#include <fmt/format.h>

#include <algorithm>

#include "harness/words.h"
#include "targets/device/switch_device.h"

namespace understudy::targets {

namespace {

constexpr int most_attempts = 3;
constexpr int most_doubted_attempts = 10;  // on a console where every tenth line is a log line, two
                                           // or three answers are enough

/// No answer is worth asking for again.
bool is_final(const ReadState& state) {
  const bool is_doubted = !state.doubted.empty() || state.is_unread_doubted;
  if (is_doubted) return state.attempts >= most_doubted_attempts;
  return state.was_read || state.attempts >= most_attempts;
}

bool is_up(const Line& line) {
  const Mode mode = line.session->mode();
  return mode != Mode::Ended && mode != Mode::Booting && mode != Mode::BootLoader &&
         mode != Mode::Silent;
}

std::vector<std::string> attributes_in(const Condition& condition, const Condition& watch) {
  std::vector<std::string> names;
  for (const auto* one : {&condition, &watch})
    for (const auto& term : one->terms)
      if (std::ranges::find(names, term.attribute) == names.end()) names.push_back(term.attribute);
  return names;
}

}  // namespace

void SwitchDevice::add_wish(const Term& term, Wish& wish) const {
  if (const auto* listener = find_listener(term.observer)) {
    wish.is_by_snmp = wish.is_by_snmp || !listener->is_told_unasked;
    return;
  }
  const auto read = read_for(dialect_, term.attribute);
  if (!read || is_own_attribute(dialect_, term.attribute)) return;
  const auto add = [&](std::size_t line) {
    auto& reads = wish.reads[line];
    if (std::ranges::find(reads, *read) == reads.end()) reads.push_back(*read);
    std::ranges::sort(reads);
  };
  const std::string& asked = term.observer.empty() ? term.subject : term.observer;
  if (asked.empty()) {
    for (std::size_t i = 0; i < lines_.size(); ++i) add(i);
  } else if (const auto line = line_of(asked); line < lines_.size()) {
    add(line);
    wish.is_named[line] = true;
  }
}

Wish SwitchDevice::wish_for(const Condition& condition, const Condition& watch) const {
  Wish wish{std::vector<std::vector<std::size_t>>(lines_.size()),
            std::vector<bool>(lines_.size(), false), false};
  for (const auto& term : condition.terms) add_wish(term, wish);
  for (const auto& term : watch.terms) add_wish(term, wish);
  return wish;
}

void SwitchDevice::tell_all_own(const Condition& condition, const Condition& watch) {
  for (const auto& attribute : attributes_in(condition, watch))
    if (is_own_attribute(dialect_, attribute))
      for (auto& line : lines_) tell_own(line, attribute, now(), now());
  tell_listened(condition, watch);
}

/// What a case has asked it may ask again.
void SwitchDevice::remember_wish(const Wish& wish) {
  wished_.reads.resize(lines_.size());
  wished_.is_named.resize(lines_.size());
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    std::vector<std::size_t> both;
    std::ranges::set_union(wished_.reads[i], wish.reads[i], std::back_inserter(both));
    wished_.reads[i] = std::move(both);
  }
  wished_.is_by_snmp = wished_.is_by_snmp || wish.is_by_snmp;
}

/// Sends the next read of each node that is idle and due. With `since`, whatever was not asked
/// after it is due at once.
void SwitchDevice::poll(const Wish& wish, std::optional<Time> since) {
  poll_snmp(wish, since);
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    Line& line = lines_[i];
    if (wish.reads[i].empty() || line.session->mode() != Mode::Shell || !line.pending.empty() ||
        line.needs_setup)
      continue;
    if (since) {
      line.round.clear();
      for (const auto read : wish.reads[i]) {
        const ReadState& state = line.reads[read];
        const bool is_fresh = state.asked && *state.asked >= *since;
        if (!is_fresh || !is_final(state)) line.round.push_back(read);
      }
    } else if (line.round.empty() && now() >= line.next_poll) {
      line.round = wish.reads[i];
      line.next_poll = now() + poll_;
    }
    if (line.round.empty()) continue;
    const std::size_t read = line.round.front();
    line.round.erase(line.round.begin());
    submit(line, {Purpose::Kind::Read, read}, dialect_.reads[read].command, {}, answer_);
  }
}

/// Every read that is wished for was asked at or after `since`, or its node cannot answer.
bool SwitchDevice::is_settled(const Wish& wish, Time since, bool is_patient) const {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const Line& line = lines_[i];
    if (wish.reads[i].empty() || line.has_ended) continue;
    const bool is_fresh = std::ranges::all_of(wish.reads[i], [&](std::size_t read) {
      const ReadState& state = line.reads[read];
      return state.asked && *state.asked >= since && (is_final(state) || !is_patient);
    });
    if (is_fresh) continue;
    if (!line.pending.empty()) return false;
    if (line.last_failure >= since && !(is_patient && wish.is_named[i])) continue;
    if (is_patient && wish.is_named[i]) return false;
    if (line.session->mode() == Mode::Shell) return false;
    if (is_patient && is_up(line)) return false;
  }
  return is_snmp_settled(wish, since);
}

Time SwitchDevice::next_poll_of(const Wish& wish) const {
  Time next = Time::max();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const Line& line = lines_[i];
    if (wish.reads[i].empty() || line.session->mode() != Mode::Shell || !line.pending.empty())
      continue;
    next = std::min(next, std::max(line.next_poll, now()));
  }
  if (wish.is_by_snmp && !snmp_.is_pending) next = std::min(next, std::max(snmp_.next, now()));
  return next;
}

std::optional<Value> SwitchDevice::latest(const std::string& observer, const std::string& subject,
                                          const std::string& attribute, Time since) const {
  const auto found = latest_.find({observer.empty() ? subject : observer, subject, attribute});
  if (found == latest_.end() || found->second.second < since) return std::nullopt;
  if (listening_)
    if (auto counted = listening_->since_act(observer, subject, attribute)) return counted;
  if (attribute != "boots") return found->second.first;
  const auto line = line_of(subject);  // boots are counted from the latest act
  if (line >= lines_.size()) return found->second.first;
  return std::to_string(lines_[line].boots - lines_[line].boots_at_act);
}

bool SwitchDevice::holds(const Term& term, Time since) const {
  if (term.quantifier == Quantifier::The) {
    const auto value = latest(term.observer, term.subject, term.attribute, since);
    return value && matches(term.matcher, *value);
  }
  std::size_t known = 0;
  std::size_t matching = 0;
  for (const auto& line : lines_) {
    const auto value = latest(term.observer, line.name, term.attribute, since);
    known += value ? 1 : 0;
    matching += value && matches(term.matcher, *value) ? 1 : 0;
  }
  switch (term.quantifier) {
    case Quantifier::Each:
      return matching == lines_.size();
    case Quantifier::Any:
      return matching > 0;
    case Quantifier::No:
      return known > 0 && matching == 0;
    case Quantifier::The:
      break;
  }
  return false;
}

bool SwitchDevice::holds(const Condition& condition, Time since) const {
  return !condition.terms.empty() &&
         std::ranges::all_of(condition.terms, [&](const Term& term) { return holds(term, since); });
}

Progress SwitchDevice::take_progress(bool holds, bool cancelled) {
  Progress progress{holds, cancelled, std::exchange(observations_, {}),
                    std::exchange(incidents_, {})};
  std::ranges::stable_sort(progress.observations, {}, &Observation::heard);
  return progress;
}

Progress SwitchDevice::wait(const Condition& condition, const Condition& watch, Time deadline,
                            Time limit, bool is_ask, const Cancel& cancel) {
  const Time begun = now();
  const Wish wish = wish_for(condition, watch);
  remember_wish(wish);
  wanted_ = attributes_in(condition, watch);
  // What is only watched never makes a wait longer: a pause of 100 ms ends although a hung node
  // still owes an answer.
  const Wish needed = wish_for(condition, {});
  for (auto& line : lines_) {
    line.round.clear();
    for (auto& read : line.reads) {
      read.attempts = 0;
      read.asked.reset();
    }
  }
  // Where time is virtual an earlier wait may have ended at this very instant: its answers are old.
  for (auto& [key, seen] : latest_) seen.second = std::min(seen.second, begun - Duration(1));
  snmp_.latest.reset();
  tell_all_own(condition, watch);
  bool has_held = false;
  while (broken_.empty() && !cancel.is_cancelled()) {
    has_held = !is_ask && holds(condition, begun);
    if (has_held) break;
    const bool is_over = now() >= deadline;
    if (is_over && (is_settled(needed, deadline, is_ask) || now() >= limit)) break;
    poll(is_over ? needed : wish, is_over ? std::optional(deadline) : std::nullopt);
    advance(is_over ? limit : std::min(deadline, next_poll_of(wish)), cancel);
  }
  if (!has_held && !is_ask) {
    advance(now(), cancel);  // what has come
    tell_all_own(condition, watch);
  }
  if (is_ask) has_held = holds(condition, begun);
  return take_progress(has_held, cancel.is_cancelled());
}

Progress SwitchDevice::run_until(const Condition& condition, const Condition& watch, Time deadline,
                                 const Cancel& cancel) {
  return wait(condition, watch, deadline, std::max(deadline, now()) + 2 * answer_, false, cancel);
}

Progress SwitchDevice::ask(const Condition& condition, Duration limit, const Cancel& cancel) {
  return wait(condition, {}, now(), now() + limit, true, cancel);
}

}  // namespace understudy::targets
