// Why an answer is missing: output that could not be read, a console that was lost, or silence.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/rules/expect.h"
#include "harness/rules/wording.h"

namespace understudy::rules {
namespace {

bool overlaps(const Incident& incident, Time from, Time to) {
  return incident.to >= from && incident.from <= to;
}

const std::string& asked_of(const Group& group, const Atom& atom) {
  return group.term.observer.empty() ? atom.subject : group.term.observer;
}

std::string late_answers_of(const Trace& trace, const std::string& asked, Time from, Time to) {
  std::vector<Incident> late;
  for (const auto& [line, incident] : trace.incidents)
    if (incident.node == asked && overlaps(incident, from, to)) late.push_back(incident);
  return text_of_late(late);
}

std::string why_silent(const Trace& trace, const Group& group, const Atom& atom, Time from,
                       Time to) {
  const std::string& asked = asked_of(group, atom);
  for (const auto kind : {Incident::Kind::Unread, Incident::Kind::SessionLost}) {
    for (const auto& [line, incident] : trace.incidents) {
      if (incident.kind != kind || incident.node != asked) continue;
      if (!overlaps(incident, from, to)) continue;
      const char* cause = kind == Incident::Kind::Unread ? "unread" : "not reached";
      return fmt::format("{}: {}: {}", cause, asked, incident.words);
    }
  }
  if (const std::string late = late_answers_of(trace, asked, from, to); !late.empty())
    return "not reached: " + late;
  const std::string about = asked == atom.subject
                                ? group.term.attribute
                                : fmt::format("{}.{}", atom.subject, group.term.attribute);
  if (atom.samples.empty()) {
    return fmt::format("not reached: {} gave no answer about {}", asked, about);
  }
  return fmt::format("not reached: {} gave no answer about {} after {}", asked, about,
                     rounded(atom.samples.back().heard));
}

}  // namespace

std::string why_never_answered(const Trace& trace, const Expression& expression) {
  for (const Group& group : expression.groups) {
    for (const Atom& atom : group.atoms) {
      if (atom.is_left_out || !atom.samples.empty()) continue;
      return why_silent(trace, group, atom, Time::min(), Time::max());
    }
  }
  return {};
}

std::string unread_on_the_way(const Trace& trace, const Group& group, Time from, Time to) {
  for (const Atom& atom : group.atoms) {
    const std::string& asked = asked_of(group, atom);
    const Sample* before = nullptr;
    for (const Sample& after : atom.samples) {
      const Sample* const last = std::exchange(before, &after);
      if (atom.is_left_out || (last != nullptr && last->value == after.value)) continue;
      const Time since = last != nullptr ? std::max(from, last->heard) : from;
      const Time until = std::min(to, after.asked);
      for (const auto& [line, incident] : trace.incidents) {
        if (incident.kind != Incident::Kind::Unread || incident.node != asked) continue;
        if (since < until && overlaps(incident, since, until))
          return fmt::format("unread: {}: {}", asked, incident.words);
      }
    }
  }
  return {};
}

Finding finding_on(std::size_t first_line, std::size_t last_line, Time from, Time to) {
  Finding finding;
  finding.first_line = first_line;
  finding.last_line = last_line;
  finding.from = from;
  finding.to = to;
  return finding;
}

std::string why_missing(const Trace& trace, const Expression& expression, Time from, Time to) {
  if (!expression.unknown.empty()) {
    return fmt::format("not reached: ${} never had an answer", expression.unknown.front());
  }
  const Atom* fell_silent = nullptr;
  const Group* its_group = nullptr;
  bool is_asked = false;
  for (const Group& group : expression.groups) {
    for (const Atom& atom : group.atoms) {
      if (atom.is_left_out) continue;
      is_asked = true;
      if (atom.samples.empty()) return why_silent(trace, group, atom, from, to);
      if (atom.samples.back().asked >= to || fell_silent != nullptr) continue;
      fell_silent = &atom;
      its_group = &group;
    }
  }
  if (fell_silent != nullptr) return why_silent(trace, *its_group, *fell_silent, from, to);
  return is_asked ? "too slow: the answers lie too far apart to tell"
                  : "not reached: every node that could answer was taken away by the case";
}

}  // namespace understudy::rules
