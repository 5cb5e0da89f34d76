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
constexpr Duration silence = 400ms;    // after which a console that does not echo has no power
constexpr Duration last_words = 5s;    // bytes that are still on their way when the power goes

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

std::uint64_t ProcessBench::bytes_heard(const std::vector<std::size_t>& nodes) const {
  std::uint64_t bytes = 0;
  for (const std::size_t node : consoles_of(nodes)) bytes += heard_[node];
  return bytes;
}

/// Where these nodes are heard: a node without a console of its own by the management address.
std::vector<std::size_t> ProcessBench::consoles_of(const std::vector<std::size_t>& nodes) const {
  std::vector<std::size_t> consoles;
  for (const std::size_t node : nodes)
    if (is_ours(node) || settings_.nodes[node].door) consoles.push_back(node);
  if (!consoles.empty()) return consoles;
  for (std::size_t node = 0; node < settings_.nodes.size(); ++node)
    if (settings_.nodes[node].is_management) consoles.push_back(node);
  return consoles;
}

/// What the consoles show of it, `before` having been heard when it was ordered. Off: they fall
/// silent, and a line end is not echoed. On: they print. Empty if they do not show it.
std::string ProcessBench::await_power(const std::vector<std::size_t>& of, bool on,
                                      std::uint64_t before) {
  const auto nodes = consoles_of(of);
  const auto sum = [&] { return bytes_heard(nodes); };
  const Time begun = now();
  if (on) {
    while (sum() == before && now() < begun + settings_.boot && channel_)
      wait(begun + settings_.boot - now());
    return sum() == before ? "" : "the consoles print";
  }
  // The silence of a console that was never heard proves nothing.
  for (const std::size_t node : nodes)
    if (is_up_[node] && heard_[node] == 0) return "";
  before = sum();
  Time quiet_since = begun;
  bool was_asked = false;
  while (channel_) {
    if (const auto after = sum(); after != before) {
      if (was_asked) return "";  // it echoes
      before = after;
      quiet_since = now();
      if (quiet_since > begun + last_words) return "";
    }
    if (!was_asked && now() - quiet_since >= silence / 2) {
      for (const std::size_t node : nodes) send(node, "\r");
      was_asked = true;
    }
    if (now() - quiet_since >= silence) return "the consoles are silent";
    wait(was_asked ? quiet_since + silence - now() : quiet_since + silence / 2 - now());
  }
  return "";
}

Receipt ProcessBench::apply_outlets(const Act& act, const std::vector<std::size_t>& nodes,
                                    const std::vector<const ProcessOutlet*>& outlets) {
  Receipt all;
  all.ordered = now();
  all.took_effect = true;
  const bool on = act.word == "power-on";
  const std::uint64_t before = bytes_heard(nodes);
  for (const ProcessOutlet* outlet : outlets) {
    const Receipt one = switch_outlet(*outlet, on, all.ordered);
    all.outcome = std::max(all.outcome, one.outcome);
    all.words += (all.words.empty() ? "" : "; ") + one.words;
    all.means += (all.means.empty() ? "" : ", ") + one.means;
    all.took_effect = all.took_effect && one.took_effect;
  }
  return power_changed(nodes, on, before, std::move(all));
}

/// The instruction is shown; that it was followed is seen, not believed.
Receipt ProcessBench::apply_operator(const Act& act, const std::vector<std::size_t>& nodes) {
  Receipt receipt;
  receipt.ordered = now();
  receipt.means = "operator";
  const bool on = act.word == "power-on";
  std::string names;
  for (const std::size_t node : nodes)
    names += (names.empty() ? "" : " and ") + settings_.nodes[node].name;
  const std::string order =
      fmt::format("{} {}", on ? "give power to" : "take the power from", names);
  const std::uint64_t before = bytes_heard(nodes);
  const auto done = ask_operator(order, [this] { wait(look_again); });
  receipt.words = done ? order : to_line(done.error());
  receipt.took_effect = done.has_value();
  if (!done) receipt.outcome = Receipt::Outcome::BenchBroken;
  return power_changed(nodes, on, before, std::move(receipt));
}

/// Hands at the chassis: a module that is taken out has no power, and one that is put in or reset
/// prints.
Receipt ProcessBench::apply_hand_of_operator(const Act& act) {
  Receipt receipt;
  receipt.ordered = now();
  receipt.means = "operator";
  const auto nodes = nodes_of(act);
  if (!nodes) return bench_broken(to_line(nodes.error()), receipt.ordered);
  if (!settings_.is_attended) return unsupported(wants_operator, now());
  std::string order = act.word;
  for (const std::size_t node : *nodes) order += " " + settings_.nodes[node].name;
  for (const auto& [name, value] : act.arguments.items())
    if (name != "node")
      order += " " + (value.is_string() ? value.get<std::string>() : value.dump());
  const std::uint64_t before = bytes_heard(*nodes);
  const auto done = ask_operator(order, [this] { wait(look_again); });
  receipt.words = done ? order : to_line(done.error());
  receipt.took_effect = done.has_value();
  if (!done) receipt.outcome = Receipt::Outcome::BenchBroken;
  if (act.word == "remove" || act.word == "insert")
    return power_changed(*nodes, act.word == "insert", before, std::move(receipt));
  receipt.done = now();
  return receipt;
}

/// What the consoles show of it, and what that means for the nodes.
Receipt ProcessBench::power_changed(const std::vector<std::size_t>& nodes, bool on,
                                    std::uint64_t before, Receipt receipt) {
  const Time changed = now();
  receipt.done = changed;
  if (!receipt.took_effect) return receipt;
  const std::string proof = await_power(nodes, on, before);
  receipt.took_effect = !proof.empty();
  receipt.words += "; " + (proof.empty() ? std::string("the consoles do not show it") : proof);
  if (proof.empty()) receipt.outcome = Receipt::Outcome::BenchBroken;
  if (!receipt.took_effect) return receipt;
  for (const std::size_t node : nodes) {
    is_up_[node] = on;
    add({.kind = on ? BenchEvent::Kind::NodeStarted : BenchEvent::Kind::NodeEnded,
         .node = node,
         .text = on ? "" : "its power was switched off",
         .at = changed,
         .expected = true,
         .observation = {}});
    if (on && consoles_[node].is_open()) open_console(node, changed);
  }
  return receipt;
}

}  // namespace understudy::targets
