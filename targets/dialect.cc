#include "targets/dialect.h"

#include <fmt/format.h>

#include <algorithm>

#include "targets/device/dialect_reader.h"
#include "targets/search_path.h"

namespace understudy::targets {

namespace {

const std::vector<std::string> refusal_kinds{"unknown-command", "licence", "not-in-sync", "busy",
                                             "wrong-node",      "error"};

Refusal refusal_from(const yaml::Node& node, yaml::Problems& problems) {
  Refusal refusal;
  if (!yaml::check_keys(node, "a refusal", {"kind", "pattern"}, {}, problems)) return refusal;
  if (const auto* kind = yaml::find(node, "kind"))
    refusal.kind =
        static_cast<Refusal::Kind>(choice_from(*kind, "kind", refusal_kinds, problems).value_or(5));
  if (const auto* pattern = yaml::find(node, "pattern"))
    refusal.pattern = pattern_from(*pattern, "pattern", problems);
  return refusal;
}

std::vector<yaml::Entry> entries_of(const yaml::Node& map, const char* key,
                                    yaml::Problems& problems) {
  const auto* node = yaml::find(map, key);
  if (!node) return {};
  if (node->is_map()) return node->entries;
  yaml::add(problems, *node, fmt::format("`{}` is a map", key));
  return {};
}

std::vector<std::string> texts_in(const yaml::Node& map, const char* key,
                                  yaml::Problems& problems) {
  const auto* node = yaml::find(map, key);
  return node ? yaml::texts_from(*node, key, problems) : std::vector<std::string>{};
}

std::string text_in(const yaml::Node& map, const char* key, yaml::Problems& problems) {
  const auto* node = yaml::find(map, key);
  return node ? yaml::text_from(*node, key, problems).value_or("") : std::string();
}

/// Names that stand for other parts of the file: they must be there.
void check_references(const yaml::Node& root, const Dialect& dialect, yaml::Problems& problems) {
  const auto known = attributes_of(dialect);
  const auto check = [&](const char* key, const std::string& name) {
    if (name.empty() || std::ranges::find(known, name) != known.end()) return;
    yaml::add(problems, *yaml::find(root, key), fmt::format("{}: no read tells `{}`", key, name),
              did_you_mean(name, known));
  };
  check("leader", dialect.leader.first);
  check("alive", dialect.alive.first);
  check("identity", dialect.identity);
  check("identity", dialect.node_identity);
  for (const auto& read : dialect.reads)
    for (const auto& rule : read.attributes)
      if (rule.from == AttributeRule::From::Copy) check("reads", rule.source);
}

void read_console_part(const yaml::Node& root, Dialect& dialect, yaml::Problems& problems) {
  if (const auto* nodes = yaml::find(root, "nodes"))
    dialect.node_names = pattern_from(*nodes, "nodes", problems);
  if (const auto* console = yaml::find(root, "console"))
    dialect.console = console_from(*console, problems);
  if (const auto* prompt = yaml::find(root, "prompt"))
    dialect.prompt = attributes_from(*prompt, true, problems);
  if (const auto* limit = yaml::find(root, "answer"))
    dialect.answer_limit = duration_in(*limit, "answer", problems).value_or(Duration::zero());
  if (const auto* poll = yaml::find(root, "poll"))
    dialect.poll = duration_in(*poll, "poll", problems).value_or(Duration::zero());
  dialect.setup = texts_in(root, "setup", problems);
  for (const auto& entry : entries_of(root, "counters", problems))
    dialect.counters.push_back({entry.key.text, pattern_from(entry.value, "counters", problems)});
}

void read_words_part(const yaml::Node& root, Dialect& dialect, yaml::Problems& problems) {
  if (const auto* refusals = yaml::find(root, "refusals"))
    for (const auto& item : refusals->items)
      dialect.refusals.push_back(refusal_from(item, problems));
  for (const auto& entry : entries_of(root, "reads", problems))
    dialect.reads.push_back(read_from(entry, problems));
  if (const auto* leader = yaml::find(root, "leader"))
    if (const auto pairs = pairs_from(*leader, "leader", problems); !pairs.empty())
      dialect.leader = pairs.front();
  if (const auto* alive = yaml::find(root, "alive")) {
    if (!alive->is_map() || alive->entries.size() != 1)
      yaml::add(problems, *alive, "`alive` is one attribute and its values",
                "alive: {state: [MASTER, BACKUP]}");
    else
      dialect.alive = {alive->entries.front().key.text,
                       yaml::texts_from(alive->entries.front().value, "alive", problems)};
  }
  for (const auto& entry : entries_of(root, "acts", problems))
    dialect.acts.push_back(act_from(entry, dialect, problems));
  dialect.collect = texts_in(root, "collect", problems);
  for (const auto& entry : entries_of(root, "custody", problems))
    dialect.custody.push_back(custody_from(entry, dialect, problems));
  if (const auto* identity = yaml::find(root, "identity");
      identity && yaml::check_keys(*identity, "identity", {"device"}, {"console"}, problems)) {
    dialect.identity = text_in(*identity, "device", problems);
    dialect.node_identity = text_in(*identity, "console", problems);
  }
  if (const auto* probe = yaml::find(root, "probe");
      probe && yaml::check_keys(*probe, "probe", {"unknown-command", "long-output", "clock"}, {},
                                problems)) {
    dialect.unknown_command = text_in(*probe, "unknown-command", problems);
    dialect.long_command = text_in(*probe, "long-output", problems);
    dialect.clock_command = text_in(*probe, "clock", problems);
  }
}

/// Keys of `changes` replace those of `base`, and maps are changed key by key.
void merge(yaml::Node& base, const yaml::Node& changes) {
  if (!base.is_map() || !changes.is_map()) {
    base = changes;
    return;
  }
  for (const yaml::Entry& change : changes.entries) {
    const auto place = std::ranges::find(base.entries, change.key.text,
                                         [](const yaml::Entry& entry) { return entry.key.text; });
    if (place == base.entries.end()) {
      base.entries.push_back(change);
    } else {
      merge(place->value, change.value);
    }
  }
}

/// The file of a dialect, merged into the ones that it extends.
Result<yaml::Node> read_dialect(const std::string& folder, int depth = 0) {
  constexpr int kDeepest = 4;
  const std::string path = folder + "/dialect.yaml";
  yaml::Problems problems;
  auto documents = yaml::parse_file(path, problems);
  if (!problems.empty()) return tl::unexpected(yaml::first_of(problems));
  if (documents.size() != 1) return fail(path, "a dialect is one document");
  yaml::Node& root = documents.front();
  const auto* extends = yaml::find(root, "extends");
  if (!extends) return std::move(root);
  const auto name = yaml::text_from(*extends, "extends", problems);
  if (!name) return tl::unexpected(yaml::first_of(problems));
  if (depth == kDeepest) {
    return fail(yaml::where(*extends), "a dialect extends another four times at most",
                "do two extend each other?");
  }
  const auto found = find_data(Data::Dialect, *name);
  if (!found) return fail(yaml::where(*extends), found.error().what, found.error().hint);
  auto base = read_dialect(*found, depth + 1);
  if (base) merge(*base, root);
  return base;
}

}  // namespace

Result<std::shared_ptr<const Dialect>> load_dialect_folder(const std::string& folder) {
  const std::string path = folder + "/dialect.yaml";
  yaml::Problems problems;
  const auto merged = read_dialect(folder);
  if (!merged) return tl::unexpected(merged.error());
  const yaml::Node& root = *merged;
  auto dialect = std::make_shared<Dialect>();
  dialect->folder = folder;
  if (yaml::check_keys(root, "a dialect", {"dialect", "console", "answer", "poll", "reads"},
                       {"extends", "title", "nodes", "leader", "alive", "setup", "refusals",
                        "prompt", "counters", "traps", "syslog", "snmp", "acts", "collect",
                        "custody", "identity", "probe"},
                       problems)) {
    dialect->name = text_in(root, "dialect", problems);
    dialect->title = text_in(root, "title", problems);
    read_console_part(root, *dialect, problems);
    read_words_part(root, *dialect, problems);
    read_listened_part(root, *dialect, problems);
    check_references(root, *dialect, problems);
  }
  if (!problems.empty()) return tl::unexpected(yaml::first_of(problems));
  auto words = compile_words(dialect->console);
  if (!words) return fail(path, words.error().what, words.error().hint);
  dialect->words = std::move(*words);
  return dialect;
}

Result<std::shared_ptr<const Dialect>> load_dialect(const std::string& name) {
  auto folder = find_data(Data::Dialect, name);
  if (!folder) return tl::unexpected(folder.error());
  return load_dialect_folder(*folder);
}

const ActRule* find_act(const Dialect& dialect, std::string_view word) {
  const auto found = std::ranges::find(dialect.acts, word, &ActRule::word);
  return found == dialect.acts.end() ? nullptr : &*found;
}

std::optional<std::size_t> read_for(const Dialect& dialect, std::string_view attribute) {
  for (std::size_t i = 0; i < dialect.reads.size(); ++i)
    if (std::ranges::find(dialect.reads[i].attributes, attribute, &AttributeRule::name) !=
        dialect.reads[i].attributes.end())
      return i;
  // Every prompt tells the attributes of the prompt: the cheapest command is the first.
  if (std::ranges::find(dialect.prompt, attribute, &AttributeRule::name) != dialect.prompt.end() &&
      !dialect.reads.empty())
    return 0;
  return std::nullopt;
}

std::size_t node_called(const Dialect& dialect, const std::vector<std::string>& nodes,
                        std::string_view word) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i] == word) return i;
    const auto found = dialect.node_names.find(nodes[i]);
    if (found &&
        std::ranges::any_of(found->groups, [&](const auto& group) { return group.second == word; }))
      return i;
  }
  return nodes.size();
}

std::vector<std::string> attributes_of(const Dialect& dialect) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const auto& read : dialect.reads)
    for (const auto& rule : read.attributes) add(rule.name);
  for (const auto& rule : dialect.prompt) add(rule.name);
  for (const auto& counter : dialect.counters) add(counter.attribute);
  return names;
}

std::vector<std::pair<std::string, std::vector<Value>>> vocabularies_of(const Dialect& dialect) {
  std::vector<const AttributeRule*> rules;
  for (const auto& rule : dialect.prompt) rules.push_back(&rule);
  for (const auto& read : dialect.reads)
    for (const auto& rule : read.attributes) rules.push_back(&rule);
  std::vector<std::pair<std::string, std::vector<Value>>> vocabularies;
  for (const auto& name : attributes_of(dialect)) {
    std::vector<Value> values;
    bool is_closed = false;
    bool is_open = false;
    const auto add = [&](const std::optional<Value>& value) {
      if (value && std::ranges::find(values, *value) == values.end()) values.push_back(*value);
    };
    for (const auto* rule : rules) {
      if (rule->name != name) continue;
      const bool has_list = !rule->words.empty() && !rule->is_duration;
      (has_list ? is_closed : is_open) = true;
      for (const auto& word : rule->words) add(word.value);
      add(rule->empty);
      add(rule->absent);
    }
    if (is_closed && !is_open) vocabularies.emplace_back(name, std::move(values));
  }
  return vocabularies;
}

std::optional<RefusalFound> find_refusal(const Dialect& dialect, std::string_view answer) {
  for (const auto& refusal : dialect.refusals)
    if (const auto found = refusal.pattern.find(answer)) {
      const auto at = answer.find(found->whole);
      const auto begin = at == 0 ? 0 : answer.rfind('\n', at - 1) + 1;
      const auto end = answer.find('\n', at + (found->whole.empty() ? 0 : found->whole.size() - 1));
      return RefusalFound{refusal.kind, std::string(answer.substr(begin, end - begin))};
    }
  return std::nullopt;
}

std::string to_text(Refusal::Kind kind) {
  return refusal_kinds[static_cast<std::size_t>(kind)];
}

}  // namespace understudy::targets
