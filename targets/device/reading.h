// What an answer says: a pure function of the dialect and the bytes, so that `judge --reread` can
// try a mended dialect on the kept transcript. Used by the device after each answer. Output outside
// the dialect is unread: it tells nothing, and `unread` says which line of which template did not
// fit.
#pragma once

#include <string>
#include <vector>

#include "targets/dialect.h"

namespace understudy::targets {

struct Told {
  std::string subject;  ///< a node
  std::string attribute;
  Value value;

  friend bool operator==(const Told&, const Told&) = default;
};

struct Reading {
  std::vector<Told> told;
  std::string unread;  ///< empty if the answer could be read
};

/// A dialect and the nodes that its answers may name.
class Reader {
 public:
  Reader(std::shared_ptr<const Dialect> dialect, std::vector<std::string> nodes);

  /// `answer` is the text that `own`'s console gave to the read, `captures` those of the prompt.
  Reading read(std::size_t read, const std::string& own, const std::string& answer,
               const TextPairs& captures) const;

  /// What any prompt says, whatever came before it.
  std::vector<Told> read_prompt(const std::string& own, const TextPairs& captures) const;

  const Dialect& dialect() const { return *dialect_; }

 private:
  std::shared_ptr<const Dialect> dialect_;
  std::vector<std::string> nodes_;
};

}  // namespace understudy::targets
