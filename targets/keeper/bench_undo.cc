// What a process bench does to things that outlive it, noted on the disk before it is done.
#include <fmt/format.h>

#include <algorithm>

#include "targets/keeper/bench.h"
#include "targets/keeper/operator.h"

namespace understudy::targets {
namespace {

std::string name_of(const ProcessOutlet& outlet) {
  return fmt::format("outlet {}: on", outlet.name);
}

bool takes_power(const Act& act) {
  return act.word == "lose" || act.word == "power-off";
}

Act of_one(const Act& act, const std::string& word, const std::string& node) {
  Act one{word, act.arguments};
  one.arguments["node"] = node;
  return one;
}

}  // namespace

UndoList& ProcessBench::undo_list() {
  if (!undo_)
    undo_.emplace(settings_.out.empty() ? settings_.folder : settings_.out, keeper_,
                  environment_of({}), settings_.hand_limit);
  return *undo_;
}

/// An act as somebody at the chassis is asked for it.
std::string ProcessBench::order_for(const Act& act) const {
  std::vector<std::string> names;
  if (const auto nodes = nodes_of(act))
    for (const std::size_t node : *nodes) names.push_back(settings_.nodes[node].name);
  if (act.word == "power-on" || takes_power(act))
    return fmt::format("{} {}", takes_power(act) ? "take the power from" : "give power to",
                       fmt::join(names, " and "));
  std::string order = fmt::format("{} {}", act.word, fmt::join(names, " "));
  for (const auto& [name, value] : act.arguments.items())
    if (name != "node")
      order += " " + (value.is_string() ? value.get<std::string>() : value.dump());
  return order;
}

/// What undoes a hand's act at one node; nothing if there is nothing to undo.
Result<std::optional<Undo>> ProcessBench::undo_of(const Act& act, const std::string& node) const {
  const auto word =
      takes_power(act) ? std::optional<std::string>("power-on") : inverse_of(act.word);
  if (!word) return std::nullopt;
  Undo undo;
  undo.left.act = of_one(act, *word, node);
  if (word->empty()) {
    undo.left.what = "make good: " + order_for(of_one(act, act.word, node));
    return undo;
  }
  undo.left.what = order_for(undo.left.act);
  undo.is_for_hands = takes_power(act);
  for (const ProcessHand& hand : settings_.hands) {
    if (hand.word != *word) continue;
    undo.is_for_hands = hand.is_for_operator();
    if (undo.is_for_hands) continue;
    auto command = expand(hand.command, values_for_hand(values_, undo.left.act), settings_.testbed);
    if (!command) return tl::unexpected(command.error());
    undo.command = std::move(*command);
  }
  return undo;
}

/// Nodes of ours are thrown away with the run.
Result<void> ProcessBench::before_hand(const Act& act) {
  const auto nodes = nodes_of(act);
  if (!nodes) return tl::unexpected(nodes.error());
  for (const std::size_t node : *nodes) {
    if (is_ours(node)) continue;
    const auto undo = undo_of(act, settings_.nodes[node].name);
    if (!undo) return tl::unexpected(undo.error());
    if (!*undo) continue;
    if (auto kept = undo_list().before(**undo); !kept) return kept;
  }
  return {};
}

void ProcessBench::hand_done(const Act& act) {
  const auto nodes = nodes_of(act);
  if (!nodes || !undo_) return;
  for (const std::size_t node : *nodes)
    undo_->undone(order_for(of_one(act, act.word, settings_.nodes[node].name)));
}

Result<void> ProcessBench::before_outlet(const ProcessOutlet& outlet) {
  Undo undo;
  undo.left.what = name_of(outlet);
  std::vector<std::string> fed;
  for (const std::size_t node : outlet.feeds) fed.push_back(settings_.nodes[node].name);
  undo.left.act = {"power-on", {{"node", fed}}};
  auto command = expand(outlet.on, values_, settings_.testbed);
  if (!command) return tl::unexpected(command.error());
  undo.command = std::move(*command);
  return undo_list().before(undo);
}

void ProcessBench::outlet_is_on(const ProcessOutlet& outlet) {
  if (undo_) undo_->undone(name_of(outlet));
}

std::vector<LeftUndone> ProcessBench::left_undone() const {
  std::vector<LeftUndone> left;
  if (!undo_) return left;
  for (const Undo& undo : undo_->left()) left.insert(left.begin(), undo.left);
  return left;
}

void ProcessBench::undone(const LeftUndone& one) {
  if (undo_) undo_->undone(one.what);
}

/// What nothing undoes is undone by what makes the bench ready for the next run.
std::vector<std::string> ProcessBench::lines_of_undone() {
  std::vector<std::string> lines;
  for (const LeftUndone& one : left_undone()) {
    if (one.act.word.empty() && !settings_.prepare.empty()) {
      undone(one);
    } else {
      lines.push_back("not undone: " + one.what);
    }
  }
  return lines;
}

}  // namespace understudy::targets
