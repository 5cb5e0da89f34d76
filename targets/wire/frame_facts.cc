#include "targets/wire/frame_facts.h"

#include <fmt/format.h>

#include <algorithm>

namespace understudy::targets {

FrameFacts::FrameFacts(std::string link, std::vector<std::string> ends, FrameWords words,
                       Duration refresh)
    : link_(std::move(link)),
      ends_(std::move(ends)),
      words_(std::move(words)),
      refresh_(refresh),
      known_(ends_.size() * words_.fields.size()) {
  for (const std::string& type : words_.type_names()) {
    auto& fields = fields_.emplace_back();
    for (std::size_t i = 0; i < words_.fields.size(); ++i) {
      if (std::ranges::count(words_.fields[i].types, type) > 0) fields.push_back(i);
    }
  }
  for (const FrameField& field : words_.fields) {
    const auto first = std::ranges::find(words_.fields, field.attribute, &FrameField::attribute);
    attributes_.push_back(static_cast<std::size_t>(first - words_.fields.begin()));
  }
}

std::string FrameFacts::text_of(FrameEvidence evidence) const {
  if (evidence.number == 0) return {};
  return fmt::format("{}{}.pcap:{}", link_, evidence.is_lost ? ".lost" : "", evidence.number);
}

Observation FrameFacts::fact_of(const Known& known, std::size_t from) const {
  return {Observation::Kind::Fact,
          link_,
          ends_[from],
          words_.fields[known.field].attribute,
          known.value,
          known.asked,
          known.heard,
          text_of(known.evidence)};
}

void FrameFacts::learn(const SeenFrame& frame, std::size_t field, std::uint64_t number,
                       std::vector<Observation>& facts) {
  Known& known = known_[frame.from * words_.fields.size() + attributes_[field]];
  bool has_changed = known.is_new;
  if (known.is_new || known.field != field || known.number != number) {
    auto value = value_of(words_.fields[field], number);
    if (!value) return;
    has_changed = known.is_new || known.value != *value;
    if (has_changed && !known.is_new && known.heard > known.told) {
      facts.push_back(fact_of(known, frame.from));
    }
    known.value = std::move(*value);
    known.field = field;
    known.number = number;
    known.is_new = false;
  }
  known.asked = frame.asked;
  known.heard = frame.heard;
  known.evidence = frame.evidence;
  if (!has_changed && frame.heard - known.told < refresh_) return;
  facts.push_back(fact_of(known, frame.from));
  known.told = frame.heard;
}

void FrameFacts::tell_count(const SeenFrame& frame, const std::string& attribute,
                            std::uint64_t count, std::vector<Observation>& facts) const {
  facts.push_back({Observation::Kind::Fact, link_, link_, attribute, std::to_string(count),
                   frame.asked, frame.heard, text_of(frame.evidence)});
}

void FrameFacts::count(const SeenFrame& frame, std::vector<Observation>& facts) {
  if (!frame.has_passed) return;
  ++frames_;
  if (frame.type < words_.types.size() && words_.types[frame.type].is_periodic) ++heartbeats_;
  if (counts_told_ && frame.heard - *counts_told_ < refresh_) return;
  counts_told_ = frame.heard;
  tell_count(frame, "frames", frames_, facts);
  tell_count(frame, "heartbeats", heartbeats_, facts);
}

std::vector<Observation> FrameFacts::of(const SeenFrame& frame) {
  std::vector<Observation> facts;
  for (const std::size_t field : fields_[frame.type]) {
    const auto number = number_in(words_.fields[field], frame.bytes);
    if (number) learn(frame, field, *number, facts);
  }
  count(frame, facts);
  return facts;
}

}  // namespace understudy::targets
