// YAML as every file of ours is written in it: suites, testbeds, dialects, frames. A thin layer on
// yaml-cpp that gives a tree of plain values with positions, and errors of one line, "file:line:
// what (hint)". It refuses what surprises people: duplicate keys, unquoted yes/no/on/off/null, tabs
// as indentation, aliases that grow without end. All scalars are text; who reads one gives it a
// type. Nothing here throws; errors are appended to a list, so that one reading finds them all.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/error.h"

namespace understudy::yaml {

struct Entry;

/// A value of the file. `Empty` is a key without a value ("known:").
struct Node {
  enum class Kind { Empty, Scalar, List, Map };
  Kind kind = Kind::Empty;
  std::string text;            ///< of a scalar
  bool is_quoted = false;      ///< of a scalar: quoted, or a block
  std::vector<Node> items;     ///< of a list
  std::vector<Entry> entries;  ///< of a map, in the order of the file
  std::shared_ptr<const std::string> file;
  int line = 0;    ///< from 1
  int column = 0;  ///< from 1

  bool is_scalar() const { return kind == Kind::Scalar; }
  bool is_list() const { return kind == Kind::List; }
  bool is_map() const { return kind == Kind::Map; }
  bool is_empty() const { return kind == Kind::Empty; }
};

/// One key of a map with its value. The key is a scalar, so `key.text` is its name.
struct Entry {
  Node key;
  Node value;
};

/// Every problem that was found, in the order of the file.
using Problems = std::vector<Error>;

/// The documents of a text ("---" between them). Sound only if nothing was added to `problems`.
std::vector<Node> parse(std::string_view text, const std::string& file, Problems& problems);

/// The same with a file read from disk.
std::vector<Node> parse_file(const std::string& path, Problems& problems);

std::string where(const Node& node);  ///< "file:line"

void add(Problems& problems, const Node& node, std::string what, std::string hint = {});

/// The first problem as one error, with "and N more" in its hint; call only if there is one.
Error first_of(const Problems& problems);

/// The value of a key, or nullptr. Anything but a map has no keys.
const Node* find(const Node& map, std::string_view key);

/// A closed map: `what` ("a testbed") has exactly these keys. Reports a node that is no map,
/// unknown keys (with the nearest known one) and missing required ones. False if it is no map at
/// all.
bool check_keys(const Node& node, std::string_view what, const std::vector<std::string>& required,
                const std::vector<std::string>& optional, Problems& problems);

/// A scalar as text; anything else is reported. Unquoted true and false are refused: quote them, or
/// read them with flag_from.
std::optional<std::string> text_from(const Node& node, std::string_view what, Problems& problems);

/// One scalar, or a list of scalars.
std::vector<std::string> texts_from(const Node& node, std::string_view what, Problems& problems);

/// true or false.
std::optional<bool> flag_from(const Node& node, std::string_view what, Problems& problems);

/// A whole number in decimal digits, at least `least`.
std::optional<std::int64_t> integer_from(const Node& node, std::string_view what,
                                         std::int64_t least, Problems& problems);

}  // namespace understudy::yaml
