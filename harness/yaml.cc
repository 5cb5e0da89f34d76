#include "harness/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "harness/files.h"

namespace understudy::yaml {
namespace {

constexpr std::size_t largest_text = 8 << 20;  // no suite or dialect comes near
constexpr std::size_t largest_tree = 300'000;  // nodes, aliases written out

/// Thrown through yaml-cpp, which knows no other way out of a reading; caught in parse().
struct TooLarge {};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(), same);
  });
}

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_nodes(item);
  for (const Entry& entry : node.entries) count += 1 + count_nodes(entry.value);
  return count;
}

/// Builds the tree from yaml-cpp's events: they tell quoted scalars and positions apart.
class Builder : public YAML::EventHandler {
 public:
  Builder(std::string_view text, std::shared_ptr<const std::string> file, Problems& problems)
      : text_(text), file_(std::move(file)), problems_(problems) {}

  std::vector<Node> take_documents() { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    anchors_.clear();
    documents_.push_back(node_at(mark, Node::Kind::Empty));
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const std::string_view rest = text_.substr(std::min<std::size_t>(mark.pos, text_.size()));
    Node node = node_at(mark, Node::Kind::Empty);
    if (rest.starts_with('~') || is_one_of(rest.substr(0, 4), {"null"})) {
      add(problems_, node, "unquoted null is no value", "quote it, or leave the key out");
      node.kind = Node::Kind::Scalar;
      node.text = "null";
    }
    finish(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw YAML::ParserException(mark, "a value that contains itself");
    count(count_nodes(found->second));
    place(found->second);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = node_at(mark, Node::Kind::Scalar);
    node.text = value;
    node.is_quoted = tag == "!";
    refuse_tag(node, tag);
    finish(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(node_at(mark, Node::Kind::List), tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(node_at(mark, Node::Kind::Map), tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    std::optional<Node> key;  ///< a map's key that waits for its value
    bool has_bad_key = false;
  };

  Node node_at(const YAML::Mark& mark, Node::Kind kind) {
    count(1);
    // yaml-cpp tells empty documents without end where a stray comma or bracket opens one.
    if (++written_ > 4 * text_.size() + 16) {
      throw YAML::ParserException(mark, "a sign that opens no value");
    }
    Node node;
    node.kind = kind;
    node.file = file_;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  void count(std::size_t nodes) {
    nodes_ += nodes;
    if (nodes_ > largest_tree) throw TooLarge{};
  }

  void refuse_tag(const Node& node, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!")
      add(problems_, node, fmt::format("type tags are not used here: `{}`", tag), "leave it out");
  }

  void open(Node node, const std::string& tag, YAML::anchor_t anchor) {
    refuse_tag(node, tag);
    open_.push_back({std::move(node), anchor, std::nullopt, false});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done.node), done.anchor);
  }

  void finish(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) {
      count(count_nodes(node));
      anchors_[anchor] = node;
    }
    place(std::move(node));
  }

  void place(Node node) {
    if (open_.empty()) {
      refuse_word(node);
      documents_.back() = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_list()) {
      refuse_word(node);
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key && !parent.has_bad_key) {
      place_key(parent, std::move(node));
    } else {
      refuse_word(node);
      if (parent.key) parent.node.entries.push_back({std::move(*parent.key), std::move(node)});
      parent.key.reset();
      parent.has_bad_key = false;
    }
  }

  void place_key(Open& parent, Node node) {
    if (!node.is_scalar()) {
      add(problems_, node, "a key is a word, not a list, a map or nothing",
          "quote it if it is text");
      parent.has_bad_key = true;
      return;
    }
    if (const Node* earlier = find(parent.node, node.text)) {
      add(problems_, node, fmt::format("the key `{}` stands here twice", node.text),
          fmt::format("the first is on line {}", earlier->line));
    }
    parent.key = std::move(node);
  }

  void refuse_word(const Node& node) {
    if (!node.is_scalar() || node.is_quoted || !is_one_of(node.text, {"yes", "no", "on", "off"}))
      return;
    add(problems_, node, fmt::format("unquoted `{}` is no value", node.text),
        fmt::format("write \"{}\"", node.text));
  }

  std::string_view text_;
  std::shared_ptr<const std::string> file_;
  Problems& problems_;
  std::vector<Node> documents_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
  std::size_t written_ = 0;  ///< of those, the ones that no alias stands for
};

/// The place of the first byte that is no UTF-8, or the text's end.
std::size_t first_bad_byte(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xc2 && lead < 0xe0 ? 2
                               : lead >= 0xe0 && lead < 0xf0 ? 3
                               : lead >= 0xf0 && lead < 0xf5 ? 4
                                                             : 0;
    if (length == 0 || at + length > text.size()) return at;
    for (std::size_t i = 1; i < length; ++i)
      if ((static_cast<unsigned char>(text[at + i]) & 0xc0) != 0x80) return at;
    if (lead == 0xed && static_cast<unsigned char>(text[at + 1]) >= 0xa0) return at;  // surrogates
    if (lead == 0xe0 && static_cast<unsigned char>(text[at + 1]) < 0xa0) return at;   // overlong
    if (lead == 0xf0 && static_cast<unsigned char>(text[at + 1]) < 0x90) return at;
    if (lead == 0xf4 && static_cast<unsigned char>(text[at + 1]) >= 0x90) return at;
    at += length;
  }
  return text.size();
}

/// Tabs and control characters, before yaml-cpp sees them. False if reading on makes no sense.
bool check_text(std::string_view text, const std::string& file, Problems& problems) {
  if (text.size() > largest_text) {
    problems.push_back({file, fmt::format("longer than {} bytes", largest_text), "split it"});
    return false;
  }
  if (const std::size_t bad = first_bad_byte(text); bad < text.size()) {
    const auto before = text.substr(0, bad);
    problems.push_back(
        {fmt::format("{}:{}", file, 1 + std::count(before.begin(), before.end(), '\n')),
         "a byte that is no UTF-8 text", "save the file as UTF-8"});
    return false;
  }
  std::size_t line = 1;
  bool is_indentation = true;
  for (const char c : text) {
    const auto place = [&] { return fmt::format("{}:{}", file, line); };
    if (c == '\t' && is_indentation) {
      problems.push_back({place(), "a tab stands in the indentation", "YAML indents with spaces"});
      return false;
    }
    if (c == '\0') {
      problems.push_back({place(), "a NUL byte: this is no text file", ""});
      return false;
    }
    if (c == '\n') ++line;
    is_indentation = c == '\n' || (is_indentation && c == ' ');
  }
  return true;
}

}  // namespace

std::vector<Node> parse(std::string_view text, const std::string& file, Problems& problems) {
  if (!check_text(text, file, problems)) return {};
  Builder builder(text, std::make_shared<const std::string>(file), problems);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    const auto body = text.substr(0, text.find_last_not_of(" \n") + 1);  // an end is no line
    const auto last = std::count(body.begin(), body.end(), '\n') + 1;
    const auto line =
        error.mark.is_null() ? 1 : std::min<std::ptrdiff_t>(error.mark.line + 1, last);
    problems.push_back({fmt::format("{}:{}", file, line), "not YAML: " + error.msg,
                        "check indentation, quotes and brackets up to here"});
  } catch (const TooLarge&) {
    problems.push_back(
        {file, fmt::format("more than {} values once its aliases are written out", largest_tree),
         "repeat less, or split it"});
  }
  return builder.take_documents();
}

std::vector<Node> parse_file(const std::string& path, Problems& problems) {
  const auto text = read_text(path);
  if (!text) {
    problems.push_back({path, text.error().what, "is the name right?"});
    return {};
  }
  return parse(*text, path, problems);
}

std::string where(const Node& node) {
  return fmt::format("{}:{}", node.file ? *node.file : std::string(), node.line);
}

void add(Problems& problems, const Node& node, std::string what, std::string hint) {
  problems.push_back({where(node), std::move(what), std::move(hint)});
}

Error first_of(const Problems& problems) {
  ensure(!problems.empty(), "first_of is asked of a list that holds a problem");
  Error first = problems.front();
  if (problems.size() > 1)
    first.hint += fmt::format("{}and {} more", first.hint.empty() ? "" : "; ", problems.size() - 1);
  return first;
}

const Node* find(const Node& map, std::string_view key) {
  for (const Entry& entry : map.entries)
    if (entry.key.text == key) return &entry.value;
  return nullptr;
}

bool check_keys(const Node& node, std::string_view what, const std::vector<std::string>& required,
                const std::vector<std::string>& optional, Problems& problems) {
  if (!node.is_map()) {
    add(problems, node, fmt::format("{} is a map of keys and values", what));
    return false;
  }
  std::vector<std::string> known = required;
  known.insert(known.end(), optional.begin(), optional.end());
  for (const Entry& entry : node.entries) {
    if (std::find(known.begin(), known.end(), entry.key.text) != known.end()) continue;
    std::string hint = did_you_mean(entry.key.text, known);
    if (hint.empty()) hint = fmt::format("known: {}", fmt::join(known, ", "));
    add(problems, entry.key, fmt::format("{} has no key `{}`", what, entry.key.text), hint);
  }
  for (const std::string& key : required)
    if (find(node, key) == nullptr)
      add(problems, node, fmt::format("{} needs the key `{}`", what, key));
  return true;
}

std::optional<std::string> text_from(const Node& node, std::string_view what, Problems& problems) {
  if (!node.is_scalar()) {
    add(problems, node, fmt::format("{} is one value", what));
    return std::nullopt;
  }
  if (!node.is_quoted && is_one_of(node.text, {"true", "false"})) {
    add(problems, node, fmt::format("unquoted `{}` is no value", node.text),
        fmt::format("write \"{}\"", node.text));
    return std::nullopt;
  }
  return node.text;
}

std::vector<std::string> texts_from(const Node& node, std::string_view what, Problems& problems) {
  std::vector<std::string> texts;
  if (!node.is_list()) {
    if (auto text = text_from(node, what, problems)) texts.push_back(std::move(*text));
    return texts;
  }
  for (const Node& item : node.items)
    if (auto text = text_from(item, fmt::format("each of {}", what), problems))
      texts.push_back(std::move(*text));
  return texts;
}

std::optional<bool> flag_from(const Node& node, std::string_view what, Problems& problems) {
  if (node.is_scalar() && node.text == "true") return true;
  if (node.is_scalar() && node.text == "false") return false;
  add(problems, node, fmt::format("{} is true or false", what));
  return std::nullopt;
}

std::optional<std::int64_t> integer_from(const Node& node, std::string_view what,
                                         std::int64_t least, Problems& problems) {
  std::int64_t value = 0;
  const char* end = node.text.data() + node.text.size();
  const auto [stop, error] = std::from_chars(node.text.data(), end, value);
  if (node.is_scalar() && error == std::errc() && stop == end && value >= least) return value;
  add(problems, node, fmt::format("{} is a whole number, at least {}", what, least));
  return std::nullopt;
}

}  // namespace understudy::yaml
