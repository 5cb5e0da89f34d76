// Power, by the means that each node has: signals for processes, outlets of a power strip for what
// stands in a lab.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "targets/keeper/bench.h"
#include "targets/keeper/bench_words.h"
#include "targets/keeper/operator.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr Duration order_limit = 5s;
constexpr Duration look_again = 50ms;  // at the terminal, while consoles are read on

struct PowerWord {
  const char* word;
  const char* order;
  const char* means;
};

constexpr std::array<PowerWord, 5> power_words{{
    {"lose", "power-off", "SIGKILL"},
    {"power-off", "power-off", "SIGKILL"},
    {"power-on", "power-on", "process started"},
    {"hang", "hang", "SIGSTOP"},
    {"resume", "resume", "SIGCONT"},
}};

bool needs_process(std::string_view word) {
  return word == "hang" || word == "resume";
}

Receipt unsupported(std::string words, Time at) {
  Receipt receipt = bench_broken(std::move(words), at);
  receipt.outcome = Receipt::Outcome::Unsupported;
  return receipt;
}

}  // namespace

std::vector<std::string> ProcessBench::power_acts() const {
  const auto has = [this](const char* means) {
    return std::ranges::any_of(settings_.nodes,
                               [&](const ProcessNode& node) { return node.power == means; });
  };
  std::vector<std::string> words;
  for (const PowerWord& power : power_words) {
    const std::string word = power.word;
    const bool is_outside =
        has("outlet") || !settings_.outlets.empty() || (has("operator") && settings_.is_attended);
    if (has("signal") || (is_outside && !needs_process(word))) words.push_back(word);
  }
  return words;
}

/// A module that shares its outlets loses its power by somebody's hands, or not at all.
std::vector<ImpossibleAct> ProcessBench::impossible_power_acts() const {
  bool has_operator = false;
  for (std::size_t node = 0; node < settings_.nodes.size(); ++node) {
    const std::string& means = settings_.nodes[node].power;
    has_operator |= means == "operator";
    if (settings_.nodes[node].is_management) continue;
    if (means == "signal" || (means == "operator" && settings_.is_attended)) return {};
    if (outlets_for({"lose", {}}, {node})) return {};
  }
  if (settings_.outlets.empty() && !has_operator) return {};
  std::string why = has_operator ? wants_operator : "";
  if (!settings_.outlets.empty()) {
    const ProcessOutlet& outlet = settings_.outlets.front();
    std::vector<std::string> fed;
    for (const std::size_t node : outlet.feeds) fed.push_back(settings_.nodes[node].name);
    why = fmt::format("outlet {} feeds {}{}", outlet.name, fmt::join(fed, " and "),
                      has_operator ? fmt::format("; {}", wants_operator) : "");
  }
  std::vector<ImpossibleAct> acts;
  for (const PowerWord& power : power_words)
    if (!needs_process(power.word)) acts.push_back({power.word, why, settings_.outlets.empty()});
  return acts;
}

Receipt ProcessBench::apply_signal(const Act& act, const std::vector<std::size_t>& nodes) {
  const Time ordered = now();
  const auto power = std::find_if(power_words.begin(), power_words.end(),
                                  [&](const PowerWord& each) { return act.word == each.word; });
  Json targets = Json::array();
  for (const std::size_t node : nodes) {
    if (act.word != "power-on") {
      targets.push_back(node);
      continue;
    }
    auto spec = node_spec(node);
    if (!spec) return bench_broken(to_line(spec.error()), ordered);
    targets.push_back(std::move(*spec));
  }
  const auto answer = order_and_wait({{"order", power->order}, {"nodes", targets}}, order_limit);
  return receipt_of(answer, ordered, power->means);
}

Receipt ProcessBench::apply_power(const Act& act) {
  const auto nodes = nodes_of(act);
  if (!nodes) return bench_broken(to_line(nodes.error()), now());
  const auto all_by = [&](const char* means) {
    return std::ranges::all_of(
        *nodes, [&](std::size_t node) { return settings_.nodes[node].power == means; });
  };
  if (all_by("signal")) return apply_signal(act, *nodes);
  if (needs_process(act.word))
    return unsupported("only a process of ours can `" + act.word + "`", now());
  const auto outlets = outlets_for(act, *nodes);
  if (outlets) return apply_outlets(act, *nodes, *outlets);
  if (all_by("operator") && settings_.is_attended) return apply_operator(act, *nodes);
  return unsupported(to_line(outlets.error()), now());
}

/// The outlets that feed these nodes, if they feed no other one.
Result<std::vector<const ProcessOutlet*>> ProcessBench::outlets_for(
    const Act& act, const std::vector<std::size_t>& nodes) const {
  const auto is_meant = [&](std::size_t node) { return std::ranges::count(nodes, node) > 0; };
  std::vector<const ProcessOutlet*> outlets;
  for (const ProcessOutlet& outlet : settings_.outlets) {
    if (std::ranges::none_of(outlet.feeds, is_meant)) continue;
    for (const std::size_t node : outlet.feeds) {
      if (is_meant(node)) continue;
      return fail("", fmt::format("`{}` of one node: outlet {} feeds {} as well", act.word,
                                  outlet.name, settings_.nodes[node].name));
    }
    outlets.push_back(&outlet);
  }
  if (outlets.empty()) return fail("", "no outlet feeds it");
  return outlets;
}

Receipt ProcessBench::switch_outlet(const ProcessOutlet& outlet, bool on, Time ordered) {
  if (!on) {
    if (auto kept = before_outlet(outlet); !kept)
      return bench_broken(to_line(kept.error()), ordered);
  }
  Receipt receipt = carry_out_outlet(outlet, on, ordered);
  if (on && receipt.took_effect) outlet_is_on(outlet);
  return receipt;
}

Receipt ProcessBench::carry_out_outlet(const ProcessOutlet& outlet, bool on, Time ordered) {
  const std::string means = "outlet " + outlet.name;
  const auto command = expand(on ? outlet.on : outlet.off, values_, settings_.testbed);
  if (!command) return bench_broken(to_line(command.error()), ordered);
  Receipt receipt = run_command(*command, ordered, means);
  receipt.words = fmt::format("outlet {}: {}", outlet.name, receipt.words);
  if (!receipt.took_effect || outlet.state.empty()) return receipt;
  const auto question = expand(outlet.state, values_, settings_.testbed);
  if (!question) return bench_broken(to_line(question.error()), ordered);
  const Receipt told = run_command(*question, ordered, means);
  receipt.words += "; its state: " + told.words;
  const bool is_on = told.words.ends_with(": on");
  const bool is_off = told.words.ends_with(": off");
  receipt.took_effect = told.took_effect && (on ? is_on : is_off);
  if (!receipt.took_effect) receipt.outcome = Receipt::Outcome::BenchBroken;
  return receipt;
}

Receipt ProcessBench::apply_outlets(const Act& act, const std::vector<std::size_t>& nodes,
                                    const std::vector<const ProcessOutlet*>& outlets) {
  Receipt all;
  all.ordered = now();
  all.took_effect = true;
  const bool on = act.word == "power-on";
  bool is_confirmed = true;
  for (const ProcessOutlet* outlet : outlets) {
    const Receipt one = switch_outlet(*outlet, on, all.ordered);
    all.outcome = std::max(all.outcome, one.outcome);
    all.words += (all.words.empty() ? "" : "; ") + one.words;
    all.means += (all.means.empty() ? "" : ", ") + one.means;
    all.took_effect = all.took_effect && one.took_effect;
    is_confirmed = is_confirmed && !outlet->state.empty();
  }
  power_changed(nodes, on, is_confirmed, all);
  return all;
}

/// The instruction is shown; that it was followed is seen, not believed.
Receipt ProcessBench::ask_for(const std::string& order) {
  Receipt receipt;
  receipt.ordered = now();
  receipt.means = "operator";
  const auto done = ask_operator(order, [this] { wait(look_again); });
  receipt.words = done ? order : to_line(done.error());
  receipt.took_effect = done.has_value();
  if (!done) receipt.outcome = Receipt::Outcome::BenchBroken;
  receipt.done = now();
  return receipt;
}

Receipt ProcessBench::apply_operator(const Act& act, const std::vector<std::size_t>& nodes) {
  if (auto kept = before_hand(act); !kept) return bench_broken(to_line(kept.error()), now());
  Receipt receipt = ask_for(order_for(act));
  if (receipt.took_effect) hand_done(act);
  power_changed(nodes, act.word == "power-on", false, receipt);
  return receipt;
}

/// From now on it is to be seen.
void ProcessBench::power_changed(const std::vector<std::size_t>& nodes, bool on, bool is_confirmed,
                                 Receipt& receipt) {
  receipt.done = now();
  if (receipt.took_effect) change_ = PowerChange{nodes, on, receipt.done, is_confirmed};
}

void ProcessBench::seen(const PowerChange& change) {
  for (const std::size_t node : change.nodes) {
    is_up_[node] = change.on;
    add({.kind = change.on ? BenchEvent::Kind::NodeStarted : BenchEvent::Kind::NodeEnded,
         .node = node,
         .text = change.on ? "" : "its power was switched off",
         .at = change.at,
         .expected = true,
         .observation = {}});
    if (change.on && consoles_[node].is_open()) open_console(node, change.at);
  }
}

}  // namespace understudy::targets
