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
      random_(settings_.seed) {}

Result<std::unique_ptr<Wire>> Wire::create(WireSettings settings, Send send) {
  const std::string path = settings.folder + "/" + settings.link;
  auto passed = Capture::create(path + ".pcap");
  if (!passed) return tl::unexpected(passed.error());
  auto lost = Capture::create(path + ".lost.pcap");
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

FrameMark Wire::pass(const Frame& frame, Time now) {
  if (!send_(frame.to, frame.bytes)) {
    broken("the kernel refused a frame of the relay", now);
    table_.count_late_loss(frame.from, frame.to);
    lose(frame, now);
    return {};
  }
  const auto number = passed_->write(now, settings_.ends[frame.from].address,
                                     settings_.ends[frame.to].address, frame.bytes);
  const FrameMark mark{number, now};
  marks_[{frame.from, frame.to, frame.type}].passed = mark;
  if (std::exchange(awaits_passage_, false)) {
    notes_.push_back({.kind = WireNote::Kind::Passed, .id = lifts_, .mark = mark, .at = now});
  }
  return mark;
}

FrameMark Wire::lose(const Frame& frame, Time now) {
  const auto number = lost_->write(now, settings_.ends[frame.from].address,
                                   settings_.ends[frame.to].address, frame.bytes);
  const FrameMark mark{number, now};
  marks_[{frame.from, frame.to, frame.type}].lost = mark;
  return mark;
}

void Wire::keep(Frame frame, Time due, bool is_held) {
  if (delayed_.size() + held_.size() >= most_waiting) {
    broken(fmt::format("more than {} frames wait for their delay", most_waiting), due);
    table_.count_late_loss(frame.from, frame.to);
    if (is_held) table_.released(frame.from, frame.to);
    return;
  }
  if (is_held) {
    const Way way{frame.from, frame.to};
    held_.emplace(way, std::pair{due, std::move(frame)});
  } else {
    delayed_.emplace(due, std::move(frame));
  }
}

void Wire::deliver_late(const Frame& frame, Time now) {
  if (!table_.is_cut(frame.from, frame.to, frame.type)) {
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

void Wire::cross(const Frame& frame, const Decision& decision, Time now) {
  FrameMark mark;
  if (decision.lost) {
    mark = lose(frame, now);
  } else {
    Frame sent = frame;
    if (decision.corrupt) sent.bytes[decision.corrupt->position] ^= decision.corrupt->flip;
    for (const Duration delay : decision.deliveries) {
      if (decision.is_held) {
        keep(sent, now + settings_.hold_limit, true);
      } else if (delay > Duration::zero()) {
        keep(sent, now + delay, false);
      } else {
        mark = pass(sent, now);
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

void Wire::arrived(std::size_t from, std::span<const std::uint8_t> bytes, Time came, Time now) {
  Frame frame{from, 0, std::string(settings_.frames.type_of(bytes)), {bytes.begin(), bytes.end()}};
  SeenFrame seen{from, bytes, frame.type, false, came, now, {}};
  for (std::size_t to = 0; to < settings_.ends.size(); ++to) {
    if (to == from) continue;
    frame.to = to;
    const Decision decision = table_.decide(from, to, frame.type, bytes.size(), random_());
    cross(frame, decision, now);
    const Marks& marks = marks_[{from, to, frame.type}];
    if (!decision.lost) seen.has_passed = true;
    if (decision.lost && seen.evidence.empty()) {
      seen.evidence = fmt::format("{}.lost.pcap:{}", settings_.link, marks.lost.number);
    } else if (marks.passed.at == now && marks.passed.number > 0) {
      seen.evidence = fmt::format("{}.pcap:{}", settings_.link, marks.passed.number);
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
  for (const auto& [key, marks] : marks_) {
    const auto& [from, to, type] = key;
    if (fault.from.value_or(from) != from || fault.to.value_or(to) != to) continue;
    if (!fault.type.empty() && fault.type != type) continue;
    take_later(installed.last_passed, marks.passed);
    take_later(installed.last_lost, marks.lost);
  }
  return installed;
}

Installed Wire::lift(Time now) {
  Installed lifted{++lifts_, now, {}, {}};
  for (const auto& [key, marks] : marks_) {
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

void Wire::flush() {
  const bool is_whole = passed_->flush() && lost_->flush();
  if (!is_whole) broken("the capture cannot be written: is the disk full?", {});
}

}  // namespace understudy::targets
