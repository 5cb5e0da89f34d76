// Passwords: where they come from (the environment, a file, a question on the terminal, or plainly
// the testbed), and how they are kept out of everything that a run writes. Used by the testbed,
// which reveals them when a target is opened and not before, and by the device, which masks them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/error.h"

namespace understudy::targets {

struct Secret {
  enum class Kind { Text, Environment, File, Prompt };
  Kind kind = Kind::Text;
  std::string source;  ///< the text itself, a variable, a path, or what is asked for
  std::string where;   ///< file:line
};

/// Asks for a prompted one once in the life of the process. The error never holds the secret.
Result<std::string> reveal(const Secret& secret);

/// Writes stars over secrets, byte for byte, so that places in a text stay what they are. One of
/// less than four characters cannot be told from other text: it is masked where it stands alone on
/// a line.
class Mask {
 public:
  explicit Mask(std::vector<std::string> secrets = {});

  std::string applied_to(std::string text) const;

  bool is_empty() const { return secrets_.empty(); }

  /// How many bytes at the end may be the beginning of a secret.
  std::size_t undecided(std::string_view text) const;

 private:
  std::vector<std::string> secrets_;  ///< the longest first
};

}  // namespace understudy::targets
