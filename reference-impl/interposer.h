// What stands between a node and its module's host, and may change whatever passes: inputs,
// outputs, what is typed and printed, the node itself. The clean reference has none. Deliberate
// defects (reference-impl/defects) are interposers, or profiles with an entry replaced. Its memory
// belongs to the world: it is copied with the module and is part of the fingerprint. It survives
// restarts of the module, as a wrong program would.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "reference-impl/chassis/node.h"

namespace understudy::reference {

class Interposer {
 public:
  virtual ~Interposer() = default;
  virtual std::unique_ptr<Interposer> clone() const = 0;
  virtual std::string canonical_bytes() const = 0;

  /// Before a step; may change the input and the node. False: the node never gets the input.
  virtual bool before(const Profile& profile, Node& node, Diary& diary, Input& input,
                      Outputs& outputs) = 0;
  /// After it; the step's outputs stand in `outputs` from `from` on.
  virtual void after(const Profile& profile, Node& node, Diary& diary, Outputs& outputs,
                     std::size_t from) = 0;
  virtual void typed(std::string& bytes) = 0;
  virtual void printed(std::string& bytes) = 0;
};

}  // namespace understudy::reference
