#include "harness/rules/acts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/matcher.h"
#include "harness/words.h"

namespace understudy::rules {
namespace {

template <typename... Words>
bool is_one_of(const std::string& word, Words... words) {
  return ((word == words) || ...);
}

void collect_names(const Json& tree, std::vector<std::string>& names) {
  if (tree.is_string()) names.push_back(tree.get<std::string>());
  if (!tree.is_structured()) return;
  for (const Json& part : tree) collect_names(part, names);
}

struct Gerund {
  const char* word;
  const char* text;
};
constexpr std::array gerunds = {
    Gerund{"lose", "losing"},
    Gerund{"power-off", "powering off"},
    Gerund{"power-on", "powering on"},
    Gerund{"hang", "hanging"},
    Gerund{"resume", "resuming"},
    Gerund{"cut", "cutting"},
    Gerund{"drop", "dropping frames on"},
    Gerund{"delay", "delaying frames on"},
    Gerund{"restore", "restoring"},
    Gerund{"duplicate", "doubling frames on"},
    Gerund{"reorder", "reordering frames on"},
    Gerund{"corrupt", "corrupting frames on"},
    Gerund{"reboot", "rebooting"},
    Gerund{"save", "saving on"},
    Gerund{"configure", "configuring"},
    Gerund{"switchover", "the switchover on"},
    Gerund{"insert", "inserting"},
    Gerund{"remove", "removing"},
};

std::string object_of(const Act& act) {
  for (const char* key : {"node", "link"}) {
    if (!act.arguments.contains(key)) continue;
    std::vector<std::string> names;
    collect_names(act.arguments[key], names);
    for (std::string& name : names) {
      if (!name.empty() && name.front() == '$') name.erase(0, 1);
      const bool is_common = std::all_of(name.begin(), name.end(), [](unsigned char letter) {
        return (letter >= 'a' && letter <= 'z') || letter == '-';
      });
      if (is_common) name = "the " + name;
    }
    return fmt::format("{}", fmt::join(names, " and "));
  }
  return {};
}

}  // namespace

bool disrupts(const Act& act) {
  const ActWord* word = find_act(act.word);
  if (word == nullptr) return true;
  return std::find(word->hazards.begin(), word->hazards.end(), "disrupts") != word->hazards.end();
}

int restarts_of(const Act& act) {
  if (!disrupts(act)) return 0;
  const ActWord* word = find_act(act.word);
  return word == nullptr ? 1 : word->restarts;
}

bool is_fault(const Act& act) {
  const ActWord* word = find_act(act.word);
  return word != nullptr && word->is_of_the_bench;
}

bool is_link_fault(const Act& act) {
  return is_one_of(act.word, "cut", "drop", "delay", "duplicate", "reorder", "corrupt");
}

bool takes_away(const Act& act) {
  return is_one_of(act.word, "lose", "power-off", "hang", "remove");
}

bool stands_still(const Act& act) {
  return is_one_of(act.word, "hang", "resume");
}

bool gives_back(const Act& act) {
  return is_one_of(act.word, "power-on", "resume", "insert", "reboot");
}

bool ends_a_process(const Act& act) {
  return disrupts(act) && !is_link_fault(act) &&
         !is_one_of(act.word, "hang", "resume", "restore", "power-on", "insert", "repair");
}

std::vector<std::string> nodes_named(const Act& act, const std::vector<std::string>& nodes) {
  std::vector<std::string> names;
  for (const auto& [argument, value] : act.arguments.items()) {
    if (argument == "node" || argument == "from" || argument == "to") collect_names(value, names);
  }
  if (std::find(names.begin(), names.end(), "chassis") != names.end()) return nodes;
  std::erase_if(names, [&](const std::string& name) {
    return std::find(nodes.begin(), nodes.end(), name) == nodes.end();
  });
  return names;
}

bool may_have_happened(const Receipt& receipt) {
  return receipt.took_effect || receipt.outcome == Receipt::Outcome::Done ||
         receipt.outcome == Receipt::Outcome::NoAnswer;
}

std::string phrase(const Act& planned) {
  const std::string object = object_of(planned);
  for (const auto& [word, text] : gerunds) {
    if (planned.word == word && !object.empty()) return fmt::format("{} {}", text, object);
  }
  return "`" + to_text(planned) + "`";
}

}  // namespace understudy::rules
