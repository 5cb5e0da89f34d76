// The hash chain over the lines of a history: each head covers the head before it and one line, so
// that a line that is missing, changed, added or moved changes the last head. BLAKE2b of libsodium.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace understudy {

class Chain {
 public:
  Chain();
  void add(std::string_view line);  ///< without its newline
  std::size_t length() const { return length_; }
  std::string head() const;  ///< in hexadecimal

 private:
  std::array<unsigned char, 32> head_{};
  std::size_t length_ = 0;
};

/// One hash over a text, in hexadecimal: what seals the facts that stand beside a chain.
std::string seal_of(std::string_view text);

/// The same over a file of any size; nothing if it cannot be read.
std::optional<std::string> seal_of_file(const std::string& path);

}  // namespace understudy
