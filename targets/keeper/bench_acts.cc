// The words of a process bench: faults of links, hands (power is in bench_power.cc); each as an
// order to the keeper and a receipt of what was seen to happen.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "targets/keeper/bench.h"
#include "targets/keeper/bench_words.h"
#include "targets/keeper/operator.h"
#include "targets/wire/receipt_words.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr Duration order_limit = 5s;

constexpr std::array<const char*, 6> fault_words{"cut",       "drop",    "delay",
                                                 "duplicate", "reorder", "corrupt"};

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

FrameMark mark_of(const Json& mark) {
  return {mark.value("number", std::uint64_t{0}), Time(mark.value("at", std::int64_t{0}))};
}

}  // namespace

std::vector<std::string> ProcessBench::acts() const {
  std::vector<std::string> words = power_acts();
  if (!settings_.links.empty()) {
    words.insert(words.end(), fault_words.begin(), fault_words.end());
    words.emplace_back("restore");
  }
  for (const ProcessHand& hand : settings_.hands)
    if (!hand.is_for_operator() || settings_.is_attended) words.push_back(hand.word);
  return words;
}

std::vector<ImpossibleAct> ProcessBench::impossible() const {
  std::vector<ImpossibleAct> acts = impossible_power_acts();
  for (const ProcessHand& hand : settings_.hands)
    if (hand.is_for_operator() && !settings_.is_attended)
      acts.push_back({hand.word, wants_operator});
  return acts;
}

bool ProcessBench::order(const Json& order) {
  if (!channel_) return false;
  if (send_message(channel_.get(), order.dump()) == Sending::Sent) return true;
  keeper_lost();
  return false;
}

std::optional<Json> ProcessBench::order_and_wait(Json words, Duration limit) {
  const std::uint64_t id = ++last_order_;
  words["id"] = id;
  if (!order(words)) return std::nullopt;
  const Time until = now() + limit;
  for (;;) {
    const auto answer = receipts_.extract(id);
    if (!answer.empty()) return answer.mapped();
    if (!channel_ || now() >= until) return std::nullopt;
    wait(until - now());
  }
}

Receipt ProcessBench::receipt_of(const std::optional<Json>& answer, Time ordered,
                                 std::string means) const {
  Receipt receipt;
  receipt.means = std::move(means);
  receipt.ordered = ordered;
  receipt.done = now();
  if (!answer) {
    receipt.outcome = Receipt::Outcome::BenchBroken;
    receipt.words = channel_ ? "the keeper did not answer in time" : "the keeper ended";
    return receipt;
  }
  receipt.took_effect = answer->value("ok", false);
  receipt.words = answer->value("words", "");
  receipt.done = std::max(ordered, Time(answer->value("at", std::int64_t{0})));
  if (!receipt.took_effect) receipt.outcome = Receipt::Outcome::BenchBroken;
  return receipt;
}

// ------------------------------------------------------------------------------ power

Result<std::vector<std::size_t>> ProcessBench::nodes_of(const Act& act) const {
  std::vector<std::string> known;
  for (const ProcessNode& node : settings_.nodes) known.push_back(node.name);
  std::vector<std::size_t> nodes;
  const auto found = act.arguments.find("node");
  if (found == act.arguments.end()) return fail(act.word, "no node is named");
  const Json named = found->is_array() ? *found : Json::array({*found});
  for (const Json& each : named) {
    const std::string name = text_of(each);
    if (name == "chassis") {
      nodes.clear();
      for (std::size_t i = 0; i < known.size(); ++i)
        if (!settings_.nodes[i].is_management) nodes.push_back(i);
      return nodes;
    }
    const auto place = std::find(known.begin(), known.end(), name);
    if (place == known.end()) {
      return fail(act.word, "`" + name + "` is no node", did_you_mean(name, known));
    }
    nodes.push_back(static_cast<std::size_t>(place - known.begin()));
  }
  return nodes;
}

// ------------------------------------------------------------------------------ links

Result<std::size_t> ProcessBench::link_of(const Act& act) const {
  std::vector<std::string> known;
  for (const ProcessLink& link : settings_.links) known.push_back(link.name);
  const auto found = act.arguments.find("link");
  if (found == act.arguments.end()) return fail(act.word, "no link is named");
  const std::string name = text_of(*found);
  const auto place = std::find(known.begin(), known.end(), name);
  if (place == known.end()) {
    return fail(act.word, "`" + name + "` is no link", did_you_mean(name, known));
  }
  return static_cast<std::size_t>(place - known.begin());
}

bool ProcessBench::is_periodic(std::size_t link, const std::string& type) const {
  const auto& types = frames_[link].types;
  if (!type.empty()) return frames_[link].is_periodic(type);
  return std::any_of(types.begin(), types.end(), [](const auto& each) { return each.is_periodic; });
}

void ProcessBench::wait_for(const EffectKey& key, bool until_spent, Duration limit) {
  const Time until = now() + limit;
  while (channel_ && now() < until) {
    const auto found = effects_.find(key);
    if (found != effects_.end() && (!until_spent || found->second.is_spent)) return;
    wait(until - now());
  }
}

// Frames that come by themselves prove a fault soon: the first one, or as many as it counts. Of
// others nobody knows when they come; the relay's word that the fault is in place has to do.
void ProcessBench::await_effect(const Fault& fault, const EffectKey& key, Receipt& receipt) {
  if (!fault.behind.empty()) {
    receipt.words += "; waits for the first " + fault.behind;
    return;
  }
  if (!is_periodic(key.first, fault.type)) return;
  const bool is_always = fault.share == 1'000'000;
  const auto frames = static_cast<double>(fault.count.value_or(1)) * 1e6 / fault.share;
  const auto beats = static_cast<std::int64_t>(frames * 1.5) + (fault.count ? 3 : 0);
  const Duration limit = beats * settings_.heartbeat + settings_.heartbeat / 2;
  if (fault.count || is_always) wait_for(key, fault.count.has_value(), limit);
  const auto found = effects_.find(key);
  if (found == effects_.end()) {
    receipt.words += "; no such frame came since";
    if (fault.count) receipt.took_effect = false;
    return;
  }
  const Effect& effect = found->second;
  const std::string& link = settings_.links[key.first].name;
  const bool loses = fault.kind == Fault::Kind::Cut || fault.kind == Fault::Kind::Drop;
  receipt.words +=
      fmt::format("; first {} {}{}", loses ? "lost" : "changed",
                  effect.first_frame == 0 ? "frame"
                                          : fmt::format("frame {} of {}{}", effect.first_frame,
                                                        link, loses ? ".lost.pcap" : ".pcap"),
                  " at " + seconds_text(effect.first));
  if (!fault.count) return;
  count_met_frames(receipt, effect.acted, *fault.count, effect.last, effect.is_spent);
}

Receipt ProcessBench::apply_fault(const Act& act) {
  const Time ordered = now();
  const auto link = link_of(act);
  if (!link) return bench_broken(to_line(link.error()), ordered);
  std::vector<std::string> ends;
  for (const std::size_t node : settings_.links[*link].ends)
    ends.push_back(settings_.nodes[node].name);
  const auto fault = fault_from_act(act, ends, frames_[*link].type_names());
  if (!fault) return bench_broken(to_line(fault.error()), ordered);
  const auto answer = order_and_wait(
      {{"order", "fault"}, {"link", *link}, {"word", act.word}, {"arguments", act.arguments}},
      order_limit);
  Receipt receipt = receipt_of(answer, ordered, settings_.links[*link].means());
  if (!receipt.took_effect) return receipt;
  receipt.words += "; last passed before: " + text_of_mark(mark_of(answer->at("last_passed")),
                                                           settings_.links[*link].name + ".pcap");
  const EffectKey key{*link, answer->at("number").get<std::uint64_t>()};
  await_effect(*fault, key, receipt);
  return receipt;
}

Receipt ProcessBench::apply_restore(const Act& act) {
  const Time ordered = now();
  const auto link = link_of(act);
  if (!link) return bench_broken(to_line(link.error()), ordered);
  const auto answer = order_and_wait({{"order", "restore"}, {"link", *link}}, order_limit);
  Receipt receipt = receipt_of(answer, ordered, settings_.links[*link].means());
  if (!receipt.took_effect) return receipt;
  const std::string& name = settings_.links[*link].name;
  receipt.words +=
      "; last lost before: " + text_of_mark(mark_of(answer->at("last_lost")), name + ".lost.pcap");
  for (const Json& life : answer->at("lives")) receipt.words += "; " + life.get<std::string>();
  const EffectKey key{*link, answer->at("number").get<std::uint64_t>()};
  const Time until = now() + settings_.heartbeat * 3 / 2;
  while (channel_ && !passages_.contains(key) && now() < until) wait(until - now());
  const auto passage = passages_.find(key);
  receipt.words +=
      passage == passages_.end()
          ? "; no frame came since"
          : fmt::format("; first passed: frame {} of {}.pcap at {}", passage->second.first_frame,
                        name, seconds_text(passage->second.first));
  return receipt;
}

// ------------------------------------------------------------------------------ hands

Receipt ProcessBench::carry_out_hand(const Act& act, const ProcessHand& hand) {
  if (hand.is_for_operator()) return ask_for(order_for(act));
  const Time ordered = now();
  const auto command = expand(hand.command, values_for_hand(values_, act), settings_.testbed);
  if (!command) return bench_broken(to_line(command.error()), ordered);
  return run_command(*command, ordered, fmt::format("hand: {}", fmt::join(*command, " ")));
}

/// A module that is taken out has no power, and one that is put in prints; of a process of ours the
/// hand's own word is enough.
Receipt ProcessBench::apply_hand(const Act& act, const ProcessHand& hand) {
  if (hand.is_for_operator() && !settings_.is_attended) {
    Receipt receipt = bench_broken(wants_operator, now());
    receipt.outcome = Receipt::Outcome::Unsupported;
    return receipt;
  }
  const auto nodes = nodes_of(act);
  if (!nodes) return bench_broken(to_line(nodes.error()), now());
  if (auto kept = before_hand(act); !kept) return bench_broken(to_line(kept.error()), now());
  Receipt receipt = carry_out_hand(act, hand);
  if (!receipt.took_effect) return receipt;
  hand_done(act);
  const bool is_power = act.word == "remove" || act.word == "insert";
  if (is_power && std::ranges::none_of(*nodes, [this](std::size_t node) { return is_ours(node); }))
    power_changed(*nodes, act.word == "insert", false, receipt);
  return receipt;
}

Receipt ProcessBench::run_command(const std::vector<std::string>& command, Time ordered,
                                  std::string means) {
  const auto answer = order_and_wait({{"order", "hand"},
                                      {"command", command},
                                      {"environment", environment_of({})},
                                      {"limit", settings_.hand_limit.count()}},
                                     settings_.hand_limit + order_limit);
  return receipt_of(answer, ordered, std::move(means));
}

Receipt ProcessBench::apply(const Act& act) {
  change_.reset();
  for (const ProcessHand& hand : settings_.hands)
    if (hand.word == act.word) return apply_hand(act, hand);
  if (act.word == "restore") return apply_restore(act);
  if (std::find(fault_words.begin(), fault_words.end(), act.word) != fault_words.end()) {
    return apply_fault(act);
  }
  if (std::ranges::count(power_acts(), act.word) > 0) return apply_power(act);
  Receipt receipt = bench_broken("`" + act.word + "` is no word of this bench", now());
  receipt.outcome = Receipt::Outcome::Unsupported;
  return receipt;
}

}  // namespace understudy::targets
