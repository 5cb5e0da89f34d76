// Time: what happens in the world and on the wire, in one order.
#include "targets/simulated/simulated_bench.h"

namespace understudy::targets {
namespace {

namespace ref = understudy::reference;

std::span<const std::uint8_t> bytes_of(const ref::FrameBytes& frame) {
  const auto view = frame.view();
  return {reinterpret_cast<const std::uint8_t*>(view.data()), view.size()};
}

ref::FrameBytes frame_of(std::span<const std::uint8_t> bytes) {
  return ref::FrameBytes(std::span(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()));
}

/// Gives every frame to the wire, which says what arrives at once; the rest comes later by itself.
class WirePolicy final : public ref::LinkPolicy {
 public:
  explicit WirePolicy(Wire& wire, std::vector<Delivery>*& sink) : wire_(wire), sink_(sink) {}
  std::unique_ptr<LinkPolicy> clone() const override { return nullptr; }
  void carry(ref::Slot from, ref::Slot, const ref::FrameBytes& frame, ref::Duration now,
             std::uint64_t, std::vector<Delivery>& deliveries) override {
    sink_ = &deliveries;
    wire_.arrived(from, bytes_of(frame), now, now);
    sink_ = nullptr;
  }

 private:
  Wire& wire_;
  std::vector<Delivery>*& sink_;
};

}  // namespace

Result<void> SimulatedBench::start() {
  is_started_ = true;
  if (!settings_.links.empty()) {
    WireSettings wire;
    wire.link = settings_.links.front().name;
    for (std::size_t end = 0; end < settings_.nodes.size(); ++end) {
      wire.ends.push_back({settings_.nodes[end].name, address_of_end(end)});
    }
    wire.frames = frames_;
    wire.folder = settings_.folder;
    wire.seed = settings_.seed;
    auto made = Wire::create(std::move(wire), [this](std::size_t to, auto frame) {
      const auto slot = static_cast<ref::Slot>(to);
      if (sink_) {
        sink_->push_back({ref::Duration{}, frame_of(frame)});
      } else {
        world_.inject(static_cast<ref::Slot>(1 - slot), slot, frame_of(frame));
      }
      return true;
    });
    if (!made) return tl::unexpected(made.error());
    wire_ = std::move(*made);
    artefacts_ = {settings_.links.front().name + ".pcap",
                  settings_.links.front().name + ".lost.pcap"};
    connect();
  }
  world_.power_on(ref::A);
  world_.power_on(ref::B);
  collect();
  return {};
}

void SimulatedBench::connect() {
  if (wire_) world_.set_link(std::make_unique<WirePolicy>(*wire_, sink_));
}

/// The next thing that happens, in the world or on the wire; false if nothing does until then.
bool SimulatedBench::live_until(Time until) {
  const auto event = world_.next_event();
  const auto due = wire_ ? wire_->next_due() : std::nullopt;
  if (due && *due <= until && (!event || *due <= *event)) {
    world_.run_to(std::max(*due, world_.now()));
    wire_->time_passed(world_.now());
  } else if (!world_.run_event(until)) {
    world_.run_to(until);
    return false;
  }
  collect();
  return true;
}

void SimulatedBench::pump(Time until, const Cancel& cancel, std::vector<BenchEvent>& events) {
  constexpr int kEventsBetweenLooks = 1000;
  for (int looked = 0; pending_.empty(); ++looked) {
    if (looked % kEventsBetweenLooks == 0 && cancel.is_cancelled()) return;
    if (!live_until(until)) break;
  }
  std::move(pending_.begin(), pending_.end(), std::back_inserter(events));
  pending_.clear();
}

void SimulatedBench::tell(const ref::Happening& happening) {
  BenchEvent event;
  event.node = happening.slot;
  event.at = event.from = happening.at;
  const auto add = [&](BenchEvent::Kind kind) {
    event.kind = kind;
    pending_.push_back(event);
  };
  switch (happening.kind) {
    case ref::Happening::Kind::Printed:
      if (happening.console != 0) return;
      if (!pending_.empty() && pending_.back().kind == BenchEvent::Kind::Bytes &&
          pending_.back().node == happening.slot && pending_.back().at == happening.at) {
        pending_.back().text += happening.text;
        return;
      }
      event.text = happening.text;
      add(BenchEvent::Kind::Bytes);
      break;
    case ref::Happening::Kind::HungUp:
      break;  // the serial line itself never ends
    case ref::Happening::Kind::Notified:
      for (const SimulatedListener& listener : settings_.listeners) {
        if (happening.to != to_text(listener.address)) continue;
        event.listener = listener.name;
        event.sender = address_of_end(happening.slot);
        event.text = happening.text;
        add(BenchEvent::Kind::Datagram);
      }
      break;
    case ref::Happening::Kind::Started:
      if (happening.by_itself) return;
      add(BenchEvent::Kind::NodeStarted);
      add(BenchEvent::Kind::ConsoleOpened);
      break;
    case ref::Happening::Kind::Ended:
      if (happening.by_itself) return;
      event.expected = true;
      add(BenchEvent::Kind::ConsoleClosed);
      add(BenchEvent::Kind::NodeEnded);
      break;
  }
}

void SimulatedBench::collect() {
  for (const ref::Happening& happening : world_.take_happenings()) tell(happening);
  if (wire_) collect_notes();
}

void SimulatedBench::collect_notes() {
  for (WireNote& note : wire_->take_notes()) {
    BenchEvent event;
    event.at = note.at;
    event.from = note.from;
    switch (note.kind) {
      case WireNote::Kind::Fact:
        event.kind = BenchEvent::Kind::Fact;
        event.observation = std::move(note.fact);
        event.from = event.observation.asked;
        pending_.push_back(std::move(event));
        break;
      case WireNote::Kind::Acted: {
        Effect& effect = effects_[note.id];
        if (effect.acted == 0) effect.first = {note.mark.number, note.at};
        effect.acted = note.acted;
        effect.is_spent = note.is_spent;
        effect.last = note.at;
        break;
      }
      case WireNote::Kind::Passed:
        passage_ = FrameMark{note.mark.number, note.at};
        break;
      case WireNote::Kind::Stall:
        break;  // virtual time is never late
      case WireNote::Kind::Idle:
      case WireNote::Kind::Broken:
        event.kind = note.kind == WireNote::Kind::Idle ? BenchEvent::Kind::IdleFault
                                                       : BenchEvent::Kind::Broken;
        event.text = std::move(note.text);
        pending_.push_back(std::move(event));
        break;
    }
  }
}

std::map<std::string, std::string> SimulatedBench::values() const {
  std::map<std::string, std::string> values;
  for (std::size_t end = 0; end < settings_.nodes.size(); ++end)
    values[settings_.nodes[end].name + ".address"] = ip_text(address_of_end(end));
  for (const SimulatedListener& listener : settings_.listeners) {
    values[listener.name + ".host"] = ip_text(listener.address);
    values[listener.name + ".port"] = std::to_string(listener.address.port);
  }
  return values;
}

void SimulatedBench::send(std::size_t node, std::string_view bytes) {
  world_.type(static_cast<ref::Slot>(node), bytes);
  collect();
}

}  // namespace understudy::targets
