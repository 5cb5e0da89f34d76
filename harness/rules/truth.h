// Three-valued truth over answers. An answer is true at some instant in [asked, heard]; between two
// answers an attribute is unknown. A condition becomes an Expression of atoms (one node's attribute
// against one matcher), each with its samples; rules ask it at instants and get Yes, No or Unknown.
//
// One thing is assumed beyond the answers themselves: where a node gives the same answer before and
// after an instant, and neither a boot, a lost session nor an act of ours that restarts it lies
// between, it is *held* to that answer in between. Without it two nodes could never be shown to
// be master at once, as no two answers are ever given at one instant.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/rules/trace.h"

namespace understudy::rules {

enum class Truth { No, Yes, Unknown };

/// One answer against one matcher.
struct Sample {
  bool is_true = false;
  Time asked{};
  Time heard{};
  std::size_t line = 0;
  Value value;
};

struct Atom {
  std::string subject;
  std::vector<Sample> samples;  ///< in order of `heard`
  bool is_left_out = false;     ///< down by an act of ours and silent: not asked of any, each, no
};

struct Group {
  Term term;     ///< names replaced
  Term planned;  ///< as the plan has it
  std::vector<Atom> atoms;
};

struct Expression {
  std::vector<Group> groups;         ///< all hold at once
  std::vector<std::string> unknown;  ///< names without a value: nothing can be said
};

/// Which answers count.
struct Window {
  Time asked_from{};
  std::size_t first_line = 0;
  std::size_t last_line = 0;
  std::size_t step = 0;  ///< whose names and counters are meant
};

Expression make_expression(const Trace& trace, const Condition& condition, const Window& window);

using AtomTruth = std::function<Truth(const Atom&)>;
Truth evaluate(const Expression& expression, const AtomTruth& truth_of);
Truth evaluate(const Group& group, const AtomTruth& truth_of);

/// What the node is held to over the whole of [from, to]; see above.
Truth held(const Trace& trace, const Atom& atom, Time from, Time to);

/// The truth at the instant of one sample: its atom says so itself, the others as far as held.
Truth evaluate_at(const Trace& trace, const Expression& expression, const Atom& anchor,
                  const Sample& sample);

/// All atoms, and all samples of all atoms in order of `heard`.
struct Moment {
  const Group* group = nullptr;
  const Atom* atom = nullptr;
  const Sample* sample = nullptr;
};
std::vector<Moment> moments(const Expression& expression);

}  // namespace understudy::rules
