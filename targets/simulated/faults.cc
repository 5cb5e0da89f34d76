// Faults of the backplane, with the proof that each took effect.
#include <fmt/format.h>

#include <algorithm>

#include "targets/simulated/simulated_bench.h"
#include "targets/wire/receipt_words.h"

namespace understudy::targets {

Result<void> SimulatedBench::check_link(const Act& act) const {
  const std::vector<std::string> known{settings_.links.front().name};
  const std::string name = text_argument(act, "link");
  if (name.empty()) return fail(act.word, "no link is named");
  if (name != known.front()) {
    return fail(act.word, "`" + name + "` is no link", did_you_mean(name, known));
  }
  if (!wire_) return fail(act.word, "the bench has not been started");
  return {};
}

Receipt SimulatedBench::fault(const Act& act) {
  if (const auto checked = check_link(act); !checked) return broken(to_line(checked.error()));
  std::vector<std::string> ends;
  for (const SimulatedNode& node : settings_.nodes) ends.push_back(node.name);
  const auto fault = fault_from_act(act, ends, frames_.type_names());
  if (!fault) return broken(to_line(fault.error()));
  const Installed installed = wire_->install(*fault, now());
  has_faults_ = true;
  Receipt receipt = done("relay");
  receipt.words = "last passed before: " +
                  text_of_mark(installed.last_passed, settings_.links.front().name + ".pcap");
  await_effect(*fault, installed.id, receipt);
  return receipt;
}

// Frames that come by themselves prove a fault soon: the first one, or as many as it counts. Of
// others nobody knows when they come; that the fault is in the table has to do.
void SimulatedBench::await_effect(const Fault& fault, std::uint64_t id, Receipt& receipt) {
  const auto periodic = [](const auto& type) { return type.is_periodic; };
  const bool comes = fault.type.empty()
                         ? std::any_of(frames_.types.begin(), frames_.types.end(), periodic)
                         : frames_.is_periodic(fault.type);
  if (!fault.behind.empty()) {
    receipt.words += "; waits for the first " + fault.behind;
    return;
  }
  if (!comes || (!fault.count && fault.share != 1'000'000)) return;
  const auto frames = static_cast<double>(fault.count.value_or(1)) * 1e6 / fault.share;
  const auto beats = static_cast<std::int64_t>((frames + 2) * 1.5);
  const Time until = now() + world_.profile().timing.heartbeat_period * beats;
  const auto is_proven = [&] {
    const auto found = effects_.find(id);
    return found != effects_.end() && (!fault.count || found->second.is_spent);
  };
  while (!is_proven() && live_until(until)) {
  }
  const auto found = effects_.find(id);
  if (found == effects_.end()) {
    receipt.words += "; no such frame came since";
    receipt.took_effect = !fault.count;
    return;
  }
  const Effect& effect = found->second;
  receipt.words += fmt::format("; first acted upon at {}", seconds_text(effect.first.at));
  if (!fault.count) return;
  count_met_frames(receipt, effect.acted, *fault.count, effect.last, effect.is_spent);
}

Receipt SimulatedBench::lift(const Act& act) {
  if (const auto checked = check_link(act); !checked) return broken(to_line(checked.error()));
  const Installed lifted = wire_->lift(now());
  has_faults_ = false;
  passage_.reset();
  const std::string& name = settings_.links.front().name;
  Receipt receipt = done("relay");
  receipt.words = "last lost before: " + text_of_mark(lifted.last_lost, name + ".lost.pcap");
  const Time until = now() + world_.profile().timing.heartbeat_period * 3 / 2;
  while (!passage_ && live_until(until)) {
  }
  for (const std::string& life : lifted.lives) receipt.words += "; " + life;
  receipt.words += passage_ ? "; first passed: " + text_of_mark(*passage_, name + ".pcap")
                            : "; no frame came since";
  return receipt;
}

std::vector<std::string> SimulatedBench::heal() {
  if (wire_) {
    wire_->lift(now());
    wire_->flush();
  }
  has_faults_ = false;
  world_.cut_power(reference::A);
  world_.cut_power(reference::B);
  world_.take_happenings();
  return {};
}

}  // namespace understudy::targets
