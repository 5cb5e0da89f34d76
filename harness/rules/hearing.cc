#include "harness/rules/hearing.h"

#include <algorithm>

#include "harness/rules/acts.h"

namespace understudy::rules {
namespace {

bool names(const Act& act, const Trace& trace, const std::string& node) {
  const auto named = nodes_named(act, trace.plan->nodes);
  return std::find(named.begin(), named.end(), node) != named.end();
}

/// Only a receipt that says that the removal was seen ends a fault.
Time settled_after(const Trace& trace, const ActTrace& removal) {
  return removal.receipt.done + resolve_time(*trace.plan);
}

bool lifts(const ActTrace& removal, const Act& fault) {
  if (removal.act.word != "restore" || !removal.receipt.took_effect) return false;
  const auto link = removal.act.arguments.find("link");
  return link == removal.act.arguments.end() || !fault.arguments.contains("link") ||
         *link == fault.arguments.at("link");
}

Deafness of_link(const Trace& trace, const ActTrace& fault) {
  Deafness deaf{fault.receipt.ordered, Time::max(), "", ""};
  // So many frames and no more: the receipt was given when the last of them was hit.
  if (fault.act.arguments.contains("count")) deaf.to = settled_after(trace, fault);
  for (const ActTrace& later : trace.acts) {
    if (later.line > fault.line && lifts(later, fault.act)) {
      deaf.to = std::min(deaf.to, settled_after(trace, later));
      break;
    }
  }
  const auto named = nodes_named(fault.act, trace.plan->nodes);
  if (named.size() <= 2 && !named.empty()) deaf.one = named.front();
  if (named.size() == 2) deaf.other = named.back();
  return deaf;
}

/// Only a node that stood still keeps an office that another took over meanwhile, and must settle
/// it.
Time heard_again(const Trace& trace, const ActTrace& act) {
  return stands_still(act.act) ? settled_after(trace, act) : act.receipt.done;
}

Deafness of_node(const Trace& trace, const ActTrace& act, const std::string& node) {
  Deafness deaf{act.receipt.ordered, Time::max(), node, ""};
  for (const ActTrace& later : trace.acts) {
    if (later.line > act.line && gives_back(later.act) && names(later.act, trace, node)) {
      deaf.to = heard_again(trace, later);
      break;
    }
  }
  return deaf;
}

/// When a node is up again: its first own answer that was asked after `at`.
Time up_again(const Trace& trace, const std::string& node, const std::string& attribute, Time at) {
  const auto own = trace.answers.find({node, node, attribute});
  if (own == trace.answers.end()) return Time::max();
  for (const Answer& answer : own->second) {
    if (answer.asked >= at) return answer.heard;
  }
  return Time::max();
}

/// A node that was up at `before` and had restarted by `after` was up as long as it went on
/// answering: a restart takes longer than it is from one answer to the next.
Time up_until(const Trace& trace, const std::string& node, const std::string& attribute,
              Time before, Time after) {
  const Duration poll = timing(*trace.plan, "poll", std::chrono::milliseconds(100));
  const Duration restart = std::min(10 * poll, timing(*trace.plan, "boot", 20 * poll) / 2);
  const auto own = trace.answers.find({node, node, attribute});
  if (own == trace.answers.end()) return before;
  Time up = before;
  for (const Answer& answer : own->second) {
    if (answer.asked <= before) continue;
    if (answer.heard >= after || answer.asked - up > restart) break;
    up = answer.heard + Time(1);  // not before it told so
  }
  return up;
}

void add_boots(const Trace& trace, const std::string& node, const std::string& attribute,
               std::vector<Deafness>& deaf) {
  deaf.push_back({Time::min(), up_again(trace, node, attribute, Time::min()), node, ""});
  for (const std::string& observer : {node, std::string("bench")}) {
    const auto boots = trace.answers.find({observer, node, "boots"});
    if (boots == trace.answers.end()) continue;
    const auto& answers = boots->second;
    for (std::size_t index = 1; index < answers.size(); ++index) {
      if (answers[index].value == answers[index - 1].value) continue;
      const Time heard = answers[index].heard;
      deaf.push_back({up_until(trace, node, attribute, answers[index - 1].asked, heard),
                      up_again(trace, node, attribute, heard), node, ""});
    }
  }
}

}  // namespace

std::vector<Deafness> deafness(const Trace& trace, const std::string& attribute) {
  std::vector<Deafness> deaf;
  for (const ActTrace& one : trace.acts) {
    if (one.act.word == "duplicate" || one.act.word == "reorder") continue;  // all frames arrive
    if (is_link_fault(one.act)) {
      deaf.push_back(of_link(trace, one));
      continue;
    }
    if (!takes_away(one.act)) continue;
    auto named = nodes_named(one.act, trace.plan->nodes);
    if (named.empty()) named = trace.plan->nodes;
    for (const std::string& node : named) deaf.push_back(of_node(trace, one, node));
  }
  for (const auto& [line, incident] : trace.incidents) {
    const bool is_end =
        incident.kind == Incident::Kind::NodeDied || incident.kind == Incident::Kind::SessionLost;
    if (!is_end) continue;
    deaf.push_back(
        {incident.from, up_again(trace, incident.node, attribute, incident.to), incident.node, ""});
  }
  for (const std::string& node : trace.plan->nodes) add_boots(trace, node, attribute, deaf);
  return deaf;
}

bool hear_each_other(const std::vector<Deafness>& deaf, const std::string& one,
                     const std::string& other, Time from, Time to) {
  return std::none_of(deaf.begin(), deaf.end(), [&](const Deafness& each) {
    if (each.from > to || each.to <= from) return false;
    const bool is_first = each.one.empty() || each.one == one || each.one == other;
    const bool is_second = each.other.empty() || each.other == one || each.other == other;
    return is_first && is_second;
  });
}

}  // namespace understudy::rules
