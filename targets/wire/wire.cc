#include "targets/wire/wire.h"

#include <fmt/format.h>

#include <algorithm>

namespace understudy::targets {
namespace {

constexpr std::size_t most_waiting = 65'536;

std::vector<std::string> names_of(const std::vector<WireEnd>& ends) {
  std::vector<std::string> names;
  for (const WireEnd& end : ends) names.push_back(end.node);
  return names;
}

void take_later(FrameMark& latest, const FrameMark& other) {
  if (other.number > latest.number) latest = other;
}

}  // namespace

Wire::Wire(WireSettings settings, Send send, std::unique_ptr<Capture> passed,
           std::unique_ptr<Capture> lost)
    : settings_(std::move(settings)),
      send_(std::move(send)),
      passed_(std::move(passed)),
      lost_(std::move(lost)),
      table_(settings_.ends.size()),
      facts_(settings_.link, names_of(settings_.ends), settings_.frames, settings_.refresh),
      random_(settings_.seed),
      types_(settings_.frames.type_names()),
      marks_(settings_.ends.size() * settings_.ends.size() * types_.size()) {}

Result<std::unique_ptr<Wire>> Wire::create(WireSettings settings, Send send) {
  const std::string path = settings.folder + "/" + settings.link;
  auto passed = Capture::create(path + ".pcap", settings.layer);
  if (!passed) return tl::unexpected(passed.error());
  auto lost = Capture::create(path + ".lost.pcap", settings.layer);
  if (!lost) return tl::unexpected(lost.error());
  return std::unique_ptr<Wire>(
      new Wire(std::move(settings), std::move(send), std::move(*passed), std::move(*lost)));
}

void Wire::broken(std::string cause, Time now) {
  if (std::exchange(is_broken_, true)) return;
  WireNote note{.kind = WireNote::Kind::Broken, .at = now};
  note.text = settings_.link + ": " + std::move(cause);
  notes_.push_back(std::move(note));
}

FrameMark Wire::pass(const FrameView& frame, Time now) {
  if (!send_(frame.to, frame.bytes)) {
    broken("the kernel refused a frame of the relay", now);
    table_.count_late_loss(frame.from, frame.to);
    lose(frame, now);
    return {};
  }
  const auto number = passed_->write(now, settings_.ends[frame.from].address,
                                     settings_.ends[frame.to].address, frame.bytes);
  const FrameMark mark{number, now};
  marks_of(frame).passed = mark;
  if (std::exchange(awaits_passage_, false)) {
    notes_.push_back({.kind = WireNote::Kind::Passed, .id = lifts_, .mark = mark, .at = now});
  }
  return mark;
}

FrameMark Wire::lose(const FrameView& frame, Time now) {
  const auto number = lost_->write(now, settings_.ends[frame.from].address,
                                   settings_.ends[frame.to].address, frame.bytes);
  const FrameMark mark{number, now};
  marks_of(frame).lost = mark;
  return mark;
}

void Wire::keep(const FrameView& frame, Time due, bool is_held) {
  if (delayed_.size() + held_.size() >= most_waiting) {
    broken(fmt::format("more than {} frames wait for their delay", most_waiting), due);
    table_.count_late_loss(frame.from, frame.to);
    if (is_held) table_.released(frame.from, frame.to);
    return;
  }
  Frame kept{frame, {frame.bytes.begin(), frame.bytes.end()}};
  kept.view.bytes = {};  // its own bytes count from now on
  if (is_held) {
    held_.emplace(Way{frame.from, frame.to}, std::pair{due, std::move(kept)});
  } else {
    delayed_.emplace(due, std::move(kept));
  }
}

void Wire::deliver_late(const Frame& kept, Time now) {
  FrameView frame = kept.view;
  frame.bytes = kept.bytes;
  if (!table_.is_cut(frame.from, frame.to, types_[frame.type])) {
    pass(frame, now);
    return;
  }
  table_.count_late_loss(frame.from, frame.to);
  lose(frame, now);
}

void Wire::release(Way way, Time now) {
  const auto [first, last] = held_.equal_range(way);
  for (auto each = first; each != last; ++each) deliver_late(each->second.second, now);
  held_.erase(first, last);
}

void Wire::cross(FrameView frame, const Decision& decision, Time now) {
  FrameMark mark;
  if (decision.lost) {
    mark = lose(frame, now);
  } else {
    if (decision.corrupt) {
      corrupted_.assign(frame.bytes.begin(), frame.bytes.end());
      corrupted_[settings_.payload_at + decision.corrupt->position] ^= decision.corrupt->flip;
      frame.bytes = corrupted_;
    }
    for (const Duration delay : decision.deliveries) {
      if (decision.is_held) {
        keep(frame, now + settings_.hold_limit, true);
      } else if (delay > Duration::zero()) {
        keep(frame, now + delay, false);
      } else {
        mark = pass(frame, now);
      }
    }
  }
  if (decision.releases_held) release({frame.from, frame.to}, now);
  tell_acted(decision, mark, now);
}

void Wire::tell_acted(const Decision& decision, FrameMark mark, Time now) {
  for (const std::uint64_t id : decision.faults) {
    const auto count = table_.count(id);
    if (!count || (count->acted != 1 && !count->is_spent)) continue;
    notes_.push_back({.kind = WireNote::Kind::Acted,
                      .id = id,
                      .acted = count->acted,
                      .is_spent = count->is_spent,
                      .mark = mark,
                      .at = now});
  }
}

/// Headers of the layers below belong to no message: a corrupted address would be a frame lost.
std::span<const std::uint8_t> Wire::message_of(std::span<const std::uint8_t> frame) const {
  return frame.subspan(std::min(settings_.payload_at, frame.size()));
}

void Wire::arrived(std::size_t from, std::span<const std::uint8_t> bytes, Time came, Time now) {
  if (only_forwards_) {
    for (std::size_t to = 0; to < settings_.ends.size(); ++to) {
      if (to != from) send_(to, bytes);
    }
    return;
  }
  const auto message = message_of(bytes);
  const bool is_known = !settings_.filter || settings_.filter(bytes);
  const auto described = is_known ? message : std::span<const std::uint8_t>();
  FrameView frame{from, 0, settings_.frames.type_index_of(described), bytes};
  const std::string& type = types_[frame.type];
  SeenFrame seen{from, described, frame.type, false, came, now, {}};
  for (std::size_t to = 0; to < settings_.ends.size(); ++to) {
    if (to == from) continue;
    frame.to = to;
    const Decision decision = table_.decide(from, to, type, message.size(), random_());
    cross(frame, decision, now);
    const Marks& marks = marks_of(frame);
    if (!decision.lost) seen.has_passed = true;
    if (decision.lost && seen.evidence.number == 0) {
      seen.evidence = {marks.lost.number, true};
    } else if (marks.passed.at == now && marks.passed.number > 0) {
      seen.evidence = {marks.passed.number, false};
    }
  }
  for (Observation& fact : facts_.of(seen)) {
    notes_.push_back({.kind = WireNote::Kind::Fact, .fact = std::move(fact), .at = now});
  }
}

void Wire::time_passed(Time now) {
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    const auto first = delayed_.extract(delayed_.begin());
    deliver_late(first.mapped(), now);
  }
  std::vector<Way> late;
  for (const auto& [way, waiting] : held_) {
    if (waiting.first <= now && (late.empty() || late.back() != way)) late.push_back(way);
  }
  for (const Way& way : late) {
    release(way, now);
    table_.released(way.first, way.second);
  }
}

std::optional<Time> Wire::next_due() const {
  std::optional<Time> due;
  if (!delayed_.empty()) due = delayed_.begin()->first;
  for (const auto& [way, waiting] : held_)
    due = std::min(due.value_or(waiting.first), waiting.first);
  return due;
}

Installed Wire::install(const Fault& fault, Time now) {
  Installed installed{table_.add(fault), now, {}, {}};
  installed_.push_back(now);
  for (std::size_t from = 0; from < settings_.ends.size(); ++from) {
    if (fault.from.value_or(from) != from) continue;
    for (std::size_t to = 0; to < settings_.ends.size(); ++to) {
      if (fault.to.value_or(to) != to) continue;
      for (std::size_t type = 0; type < types_.size(); ++type) {
        if (!fault.type.empty() && fault.type != types_[type]) continue;
        const Marks& marks = marks_of({from, to, type, {}});
        take_later(installed.last_passed, marks.passed);
        take_later(installed.last_lost, marks.lost);
      }
    }
  }
  return installed;
}

Installed Wire::lift(Time now) {
  Installed lifted{++lifts_, now, {}, {}};
  for (const Marks& marks : marks_) {
    take_later(lifted.last_passed, marks.passed);
    take_later(lifted.last_lost, marks.lost);
  }
  std::vector<std::string> ends;
  for (const WireEnd& end : settings_.ends) ends.push_back(end.node);
  const std::vector<Time> since = std::exchange(installed_, {});
  auto installed = since.begin();
  for (const FaultLife& life : table_.lift_all()) {
    lifted.lives.push_back(in_words(life, ends));
    if (life.is_idle()) {
      notes_.push_back({.kind = WireNote::Kind::Idle,
                        .from = *installed,
                        .at = now,
                        .text = settings_.link + ": " + lifted.lives.back()});
    }
    ++installed;
  }
  for (auto& [way, waiting] : held_) delayed_.emplace(now, std::move(waiting.second));
  held_.clear();
  awaits_passage_ = true;
  return lifted;
}

void Wire::only_forward(Time now) {
  lift(now);
  time_passed(now);
  flush();
  notes_.clear();
  only_forwards_ = true;
}

void Wire::flush() {
  const bool is_whole = passed_->flush() && lost_->flush();
  if (!is_whole) broken("the capture cannot be written: is the disk full?", {});
}

}  // namespace understudy::targets
