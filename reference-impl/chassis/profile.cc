#include "reference-impl/chassis/profile.h"

#include <fmt/format.h>

#include <algorithm>

namespace understudy::reference {

const StateRow& row_of(const Profile& profile, NodeState state) {
  for (const StateRow& row : profile.states) {
    if (row.state == state) return row;
  }
  static constexpr StateRow off{NodeState::Off, "OFF", Office::None};
  return off;
}

std::string_view word_of(const Profile& profile, NodeState state) {
  return row_of(profile, state).word;
}

std::string_view word_of(const Profile& profile, Reason reason) {
  for (const auto& [known, word] : profile.reason_words) {
    if (known == reason) return word;
  }
  return {};
}

const CommandRow* row_of(const Profile& profile, CommandKind kind) {
  for (const CommandRow& row : profile.commands) {
    if (row.kind == kind) return &row;
  }
  return nullptr;
}

namespace {

bool has_state(const Profile& profile, NodeState state) {
  return std::any_of(profile.states.begin(), profile.states.end(),
                     [state](const StateRow& row) { return row.state == state; });
}

/// True if every application can be reached by starting only those whose dependencies are done.
bool can_start_all(const std::vector<ApplicationRow>& applications) {
  std::vector<bool> done(applications.size(), false);
  for (std::size_t round = 0; round < applications.size(); ++round) {
    for (std::size_t i = 0; i < applications.size(); ++i) {
      const auto& needs = applications[i].depends_on;
      done[i] = done[i] || std::all_of(needs.begin(), needs.end(), [&](std::uint8_t need) {
                  return need < done.size() && done[need];
                });
    }
  }
  return std::all_of(done.begin(), done.end(), [](bool is_done) { return is_done; });
}

}  // namespace

std::vector<std::string> flaws_of(const Profile& profile) {
  std::vector<std::string> flaws;
  for (const TransitionRow& row : profile.transitions) {
    if (!has_state(profile, row.to) || (row.from && !has_state(profile, *row.from))) {
      flaws.push_back(fmt::format("the transition for event {} names a state without a row",
                                  static_cast<int>(row.event)));
    }
  }
  if (profile.election.order.empty()) flaws.emplace_back("the election has no factor");
  if (profile.slot_words.size() != 2 || profile.node_words.size() != 2) {
    flaws.emplace_back("a chassis has two slots, each with a word and a name");
  }
  if (profile.replication.applications.size() > 64) flaws.emplace_back("more than 64 applications");
  if (!can_start_all(profile.replication.applications)) {
    flaws.emplace_back("the applications depend on each other in a cycle");
  }
  if (profile.boot.empty()) flaws.emplace_back("there is no boot phase");
  return flaws;
}

}  // namespace understudy::reference
