// Which nodes hear each other, and when. Two nodes hear each other unless a fault of ours lies
// between them; after its verified removal they have timing.resolve to settle, as they have after a
// node stood still and went on. A node that boots hears from its first own answer on: it brings no
// office along. Where this cannot be known (a fault that counts frames and ends by itself), they
// are taken not to hear.
#pragma once

#include <string>
#include <vector>

#include "harness/rules/trace.h"

namespace understudy::rules {

/// From `from` until before `to` these two need not hear each other; an empty name is every node.
struct Deafness {
  Time from{};
  Time to{};
  std::string one;
  std::string other;
};

/// `attribute` is the one by which a node shows that it is up again after a boot.
std::vector<Deafness> deafness(const Trace& trace, const std::string& attribute);

bool hear_each_other(const std::vector<Deafness>& deaf, const std::string& one,
                     const std::string& other, Time from, Time to);

}  // namespace understudy::rules
