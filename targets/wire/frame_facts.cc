#include "targets/wire/frame_facts.h"

namespace understudy::targets {

void FrameFacts::learn(const SeenFrame& frame, const std::string& attribute, std::string value,
                       std::vector<Observation>& facts) {
  Observation now{Observation::Kind::Fact, link_,       ends_[frame.from], attribute,
                  std::move(value),        frame.asked, frame.heard,       frame.evidence};
  const auto [place, is_new] = known_.try_emplace({frame.from, attribute});
  Known& known = place->second;
  const bool has_changed = is_new || known.last.value != now.value;
  if (has_changed && !is_new && known.last.heard > known.told) facts.push_back(known.last);
  if (has_changed || now.heard - known.told >= refresh_) {
    facts.push_back(now);
    known.told = now.heard;
  }
  known.last = std::move(now);
}

void FrameFacts::tell_count(const SeenFrame& frame, const std::string& attribute,
                            std::uint64_t count, std::vector<Observation>& facts) const {
  facts.push_back({Observation::Kind::Fact, link_, link_, attribute, std::to_string(count),
                   frame.asked, frame.heard, frame.evidence});
}

void FrameFacts::count(const SeenFrame& frame, std::vector<Observation>& facts) {
  if (!frame.has_passed) return;
  ++frames_;
  if (words_.is_periodic(frame.type)) ++heartbeats_;
  if (counts_told_ && frame.heard - *counts_told_ < refresh_) return;
  counts_told_ = frame.heard;
  tell_count(frame, "frames", frames_, facts);
  tell_count(frame, "heartbeats", heartbeats_, facts);
}

std::vector<Observation> FrameFacts::of(const SeenFrame& frame) {
  std::vector<Observation> facts;
  for (auto& [attribute, value] : words_.attributes_of(frame.bytes)) {
    learn(frame, attribute, std::move(value), facts);
  }
  count(frame, facts);
  return facts;
}

}  // namespace understudy::targets
