// What the names of a plan stand for once it runs: roles are nodes, `$name` is a remembered value
// or a role's node. Used by the run, before anything reaches the target, and by the judge, which
// reads the same bindings from the history. Pure; a name that stands for nothing is reported, never
// guessed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/target.h"

namespace understudy {

struct Bindings {
  std::map<std::string, std::string> roles;            ///< role -> node
  std::map<std::string, std::optional<Value>> values;  ///< remembered; nullopt: it had no answer
};

/// The node of a role; any other name stands for itself.
std::string node_of(const Bindings& bindings, const std::string& name);

/// The condition with nodes for roles and values for names. Names without a value stay as they are
/// and are added to `unknown`.
Condition with_names(const Condition& condition, const Bindings& bindings,
                     std::vector<std::string>& unknown);

/// The act as a target may see it: nodes for roles wherever the word takes a node, values for
/// names.
Act with_names(const Act& act, const Bindings& bindings, std::vector<std::string>& unknown);

/// `boots`, and what came to a listener (`traps`, `traps.NAME`), are counted from the latest `do`;
/// observations carry totals.
bool is_counted_from_act(const std::string& attribute);

/// `asked` and `answered` tell of the latest act, not of the moment they are asked.
bool is_about_the_act(const std::string& attribute);

}  // namespace understudy
