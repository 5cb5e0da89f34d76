// The last line of what a program says on its standard error, kept for a message: the reason why
// it ended, most often. Pure; a line that is too long is left out whole, as a part of one could
// hold the part of a secret, which nothing masks any more.
#pragma once

#include <string>
#include <string_view>

namespace understudy::targets {

class LastLine {
 public:
  static constexpr std::size_t longest = 1000;  ///< bytes of a line

  void add(std::string_view bytes);
  /// The last line that is not blank, without blanks at its ends; empty: there was none.
  std::string text() const;

 private:
  std::string last_;  ///< that ended
  std::string open_;  ///< that has not ended yet; one byte more than `longest`: too long
};

}  // namespace understudy::targets
