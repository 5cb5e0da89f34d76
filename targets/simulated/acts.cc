// What is done to a module: power, buttons, hands.
#include <algorithm>
#include <array>

#include "reference-impl/chassis/query.h"
#include "targets/simulated/hands.h"
#include "targets/simulated/simulated_bench.h"

namespace understudy::targets {
namespace {

namespace ref = understudy::reference;

constexpr std::array<const char*, 6> fault_words{"cut",       "drop",    "delay",
                                                 "duplicate", "reorder", "corrupt"};
constexpr std::array<const char*, 8> module_words{"lose",   "power-off", "power-on", "hang",
                                                  "resume", "insert",    "remove",   "press"};

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

std::string text_argument(const Act& act, const char* name) {
  const auto found = act.arguments.find(name);
  return found == act.arguments.end() ? std::string() : text_of(*found);
}

std::vector<std::string> SimulatedBench::acts() const {
  std::vector<std::string> words(module_words.begin(), module_words.end());
  words.insert(words.end(), hand_words().begin(), hand_words().end());
  if (settings_.links.empty()) return words;
  words.insert(words.end(), fault_words.begin(), fault_words.end());
  words.emplace_back("restore");
  return words;
}

Receipt SimulatedBench::broken(std::string words) const {
  Receipt receipt;
  receipt.outcome = Receipt::Outcome::BenchBroken;
  receipt.words = std::move(words);
  receipt.ordered = receipt.done = now();
  return receipt;
}

Receipt SimulatedBench::done(std::string means, std::string words) const {
  Receipt receipt;
  receipt.means = std::move(means);
  receipt.words = std::move(words);
  receipt.ordered = receipt.done = now();
  receipt.took_effect = true;
  return receipt;
}

Result<std::vector<ref::Slot>> SimulatedBench::slots_of(const Act& act) const {
  std::vector<std::string> known;
  for (const SimulatedNode& node : settings_.nodes) known.push_back(node.name);
  const auto found = act.arguments.find("node");
  if (found == act.arguments.end()) return fail(act.word, "no node is named");
  std::vector<ref::Slot> slots;
  for (const Json& each : found->is_array() ? *found : Json::array({*found})) {
    const std::string name = text_of(each);
    if (name == "chassis") return std::vector<ref::Slot>{ref::A, ref::B};
    const auto place = std::find(known.begin(), known.end(), name);
    if (place == known.end()) {
      return fail(act.word, "`" + name + "` is no node", did_you_mean(name, known));
    }
    slots.push_back(static_cast<ref::Slot>(place - known.begin()));
  }
  return slots;
}

Receipt SimulatedBench::apply(const Act& act) {
  Receipt receipt;
  const auto is_one_of = [&act](const auto& words) {
    return std::find(words.begin(), words.end(), act.word) != words.end();
  };
  if (act.word == "restore" && !settings_.links.empty()) {
    receipt = lift(act);
  } else if (is_one_of(fault_words) && !settings_.links.empty()) {
    receipt = fault(act);
  } else if (is_one_of(module_words)) {
    receipt = power(act);
  } else if (is_one_of(hand_words())) {
    receipt = by_hand(act);
  } else {
    receipt = broken("`" + act.word + "` is no word of this bench");
    receipt.outcome = Receipt::Outcome::Unsupported;
  }
  collect();
  return receipt;
}

void SimulatedBench::power_one(const std::string& word, ref::Slot slot) {
  if (word == "lose" || word == "power-off") world_.cut_power(slot);
  if (word == "power-on") world_.power_on(slot);
  if (word == "hang") world_.hang(slot);
  if (word == "resume") world_.resume(slot);
  if (word == "insert") world_.insert(slot);
  if (word == "remove") world_.remove(slot);
}

/// Proof that the word took effect: the module's power and life as the world has them now.
bool SimulatedBench::has_happened(const std::string& word, ref::Slot slot) const {
  if (word == "lose" || word == "power-off" || word == "remove") return !world_.is_powered(slot);
  if (word == "hang") return world_.is_hung(slot);
  return world_.is_running(slot);
}

Receipt SimulatedBench::power(const Act& act) {
  const auto slots = slots_of(act);
  if (!slots) return broken(to_line(slots.error()));
  Receipt receipt = done("virtual chassis");
  const auto button = ref::button_named(text_argument(act, "button"));
  if (act.word == "press" && !button) {
    const std::string name = text_argument(act, "button");
    return broken(to_line(
        fail(act.word, "`" + name + "` is no button", did_you_mean(name, ref::button_words()))
            .value()));
  }
  for (const ref::Slot slot : *slots) {
    if (act.word == "press") world_.press(slot, *button);
    power_one(act.word, slot);
    receipt.took_effect &= has_happened(act.word, slot);
    if (!receipt.took_effect) break;
  }
  if (!receipt.took_effect) {
    receipt.outcome = Receipt::Outcome::BenchBroken;
    receipt.words = "the module is not in a state in which this can be done";
  }
  return receipt;
}

Receipt SimulatedBench::by_hand(const Act& act) {
  const auto slots = slots_of(act);
  if (!slots) return broken(to_line(slots.error()));
  for (const ref::Slot slot : *slots) {
    if (const auto is_done = do_by_hand(world_, slot, act); !is_done) {
      return broken(to_line(is_done.error()));
    }
  }
  return done("virtual hands");
}

}  // namespace understudy::targets
