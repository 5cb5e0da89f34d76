// One entry as one line of canonical JSON, and back.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

#include "harness/history.h"

namespace understudy {
namespace {

using Kind = Entry::Kind;

template <typename Enum>
struct Word {
  Enum value;
  const char* text;
};

constexpr std::array kinds = {
    Word<Kind>{Kind::Opened, "opened"},        Word<Kind>{Kind::Bound, "bound"},
    Word<Kind>{Kind::StepBegan, "step-began"}, Word<Kind>{Kind::Acted, "acted"},
    Word<Kind>{Kind::Observed, "observed"},    Word<Kind>{Kind::Remembered, "remembered"},
    Word<Kind>{Kind::Happened, "happened"},    Word<Kind>{Kind::StepEnded, "step-ended"},
    Word<Kind>{Kind::Restored, "restored"},    Word<Kind>{Kind::Closed, "closed"},
};

using Outcome = Receipt::Outcome;
constexpr std::array outcomes = {
    Word<Outcome>{Outcome::Done, "done"},
    Word<Outcome>{Outcome::Refused, "refused"},
    Word<Outcome>{Outcome::Unsupported, "unsupported"},
    Word<Outcome>{Outcome::NoAnswer, "no-answer"},
    Word<Outcome>{Outcome::BenchBroken, "bench-broken"},
};

using Happening = Incident::Kind;
constexpr std::array happenings = {
    Word<Happening>{Happening::Unread, "unread"},
    Word<Happening>{Happening::SessionLost, "session-lost"},
    Word<Happening>{Happening::Stall, "stall"},
    Word<Happening>{Happening::NodeDied, "node-died"},
    Word<Happening>{Happening::BenchBroken, "bench-broken"},
    Word<Happening>{Happening::IdleFault, "idle-fault"},
    Word<Happening>{Happening::Unsupported, "unsupported"},
    Word<Happening>{Happening::Late, "late"},
};

using Sort = Observation::Kind;
constexpr std::array sorts = {Word<Sort>{Sort::Claim, "claim"}, Word<Sort>{Sort::Fact, "fact"}};

template <typename Enum, std::size_t Count>
const char* text_of(const std::array<Word<Enum>, Count>& words, Enum value) {
  for (const auto& word : words) {
    if (word.value == value) return word.text;
  }
  ensure(false, "every enumerator has a word");
  return "";
}

/// One JSON object as text: fields are added in the order of their keys.
class Writer {
 public:
  void add(std::string_view key, std::int64_t number) {
    begin(key);
    fmt::format_to(std::back_inserter(text_), "{}", number);
  }
  void add(std::string_view key, Time time) { add(key, std::int64_t{time.count()}); }
  void add(std::string_view key, bool is_true) {
    begin(key);
    text_ += is_true ? "true" : "false";
  }
  void add(std::string_view key, std::string_view text) {
    begin(key);
    if (std::ranges::all_of(text, is_plain)) {
      text_ += '"';
      text_ += text;
      text_ += '"';
    } else {
      text_ += dumped(std::string(text));
    }
  }
  void add(std::string_view key, const std::string& text) { add(key, std::string_view(text)); }
  void add(std::string_view key, const char* text) { add(key, std::string_view(text)); }
  void add(std::string_view key, const Json& json) {
    begin(key);
    text_ += dumped(json);
  }
  void add(std::string_view key, const Writer& object) {
    begin(key);
    text_ += object.text_;
    text_ += '}';
  }
  std::string finish() && {
    text_ += '}';
    return std::move(text_);
  }

 private:
  /// Stands in JSON as it is: most texts of a history are such.
  static bool is_plain(char byte) {
    return byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\';
  }
  static std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  void begin(std::string_view key) {
    if (text_.size() > 1) text_ += ',';
    text_ += '"';
    text_ += key;
    text_ += "\":";
  }

  std::string text_ = "{";
};

Writer written(const Act& act) {
  Writer object;
  object.add("arguments", act.arguments);
  object.add("word", act.word);
  return object;
}

Writer written(const Receipt& receipt) {
  Writer object;
  object.add("done", receipt.done);
  object.add("means", receipt.means);
  object.add("ordered", receipt.ordered);
  object.add("outcome", text_of(outcomes, receipt.outcome));
  object.add("took_effect", receipt.took_effect);
  object.add("words", receipt.words);
  return object;
}

Writer written(const Observation& observation) {
  Writer object;
  object.add("asked", observation.asked);
  object.add("attribute", observation.attribute);
  object.add("evidence", observation.evidence);
  object.add("heard", observation.heard);
  object.add("kind", text_of(sorts, observation.kind));
  object.add("observer", observation.observer);
  object.add("subject", observation.subject);
  object.add("value", observation.value);
  return object;
}

Writer written(const Incident& incident) {
  Writer object;
  object.add("from", incident.from);
  object.add("kind", text_of(happenings, incident.kind));
  object.add("node", incident.node);
  object.add("to", incident.to);
  object.add("words", incident.words);
  return object;
}

/// Which of the small fields an entry of this kind has.
bool has_step(Kind kind) {
  return kind == Kind::StepBegan || kind == Kind::Acted || kind == Kind::Remembered ||
         kind == Kind::StepEnded;
}
bool has_name(Kind kind) {
  return kind == Kind::Opened || kind == Kind::Bound || kind == Kind::Remembered ||
         kind == Kind::Restored || kind == Kind::Closed;
}
bool has_value(Kind kind) {
  return has_name(kind) || kind == Kind::StepEnded;
}

/// Takes fields out of one object, one after the other; the first that is wrong is remembered.
class Fields {
 public:
  Fields(simdjson::dom::element object, std::string_view of) {
    if (object.get(object_) != simdjson::SUCCESS) wrong_ = fmt::format("`{}` is no object", of);
  }
  explicit Fields(simdjson::dom::object object) : object_(object) {}

  void read(const char* key, std::string& into) {
    std::string_view text;
    if (take(key, text, "text")) into = text;
  }
  void read(const char* key, bool& into) { take(key, into, "true or false"); }
  void read(const char* key, Time& into) {
    std::int64_t number = 0;
    if (take(key, number, "a whole number")) into = Time{number};
  }
  void read(const char* key, std::size_t& into) {
    std::uint64_t number = 0;
    if (take(key, number, "a number from 0")) into = number;
  }
  void read(const char* key, Json& into) {
    simdjson::dom::object object;
    if (take(key, object, "an object"))
      into = object.size() == 0 ? Json::object() : Json::parse(simdjson::minify(object));
  }
  template <typename Enum, std::size_t Count>
  void read(const char* key, const std::array<Word<Enum>, Count>& words, Enum& into) {
    std::string_view text;
    if (!take(key, text, "text")) return;
    for (const auto& word : words) {
      if (text == word.text) {
        into = word.value;
        return;
      }
    }
    wrong_ = fmt::format("`{}` is `{}`, which is none of its words", key, text);
  }
  /// The fields of the object under `key`; what is wrong with them is taken over at their end.
  template <typename Read>
  void read_object(const char* key, const Read& read) {
    simdjson::dom::object object;
    if (!take(key, object, "an object")) return;
    Fields inner(object);
    read(inner);
    inner.finish();
    wrong_ = inner.wrong_;
  }
  bool has(const char* key) const {
    return wrong_.empty() && object_.at_key(key).error() == simdjson::SUCCESS;
  }
  /// Every field was taken: a line with more is not one of ours.
  void finish() {
    if (wrong_.empty() && object_.size() != read_) wrong_ = "it has a field that is not known";
  }
  const std::string& wrong() const { return wrong_; }

 private:
  template <typename Type>
  bool take(const char* key, Type& into, const char* what) {
    if (!wrong_.empty()) return false;
    simdjson::dom::element field;
    if (object_.at_key(key).get(field) != simdjson::SUCCESS) {
      wrong_ = fmt::format("`{}` is missing", key);
    } else if (field.get(into) != simdjson::SUCCESS) {
      wrong_ = fmt::format("`{}` is not {}", key, what);
    }
    ++read_;
    return wrong_.empty();
  }

  simdjson::dom::object object_;
  std::size_t read_ = 0;
  std::string wrong_;
};

void read_act(Fields& line, Entry& entry) {
  line.read_object("act", [&](Fields& act) {
    act.read("arguments", entry.act.arguments);
    act.read("word", entry.act.word);
  });
  line.read_object("receipt", [&](Fields& receipt) {
    receipt.read("done", entry.receipt.done);
    receipt.read("means", entry.receipt.means);
    receipt.read("ordered", entry.receipt.ordered);
    receipt.read("outcome", outcomes, entry.receipt.outcome);
    receipt.read("took_effect", entry.receipt.took_effect);
    receipt.read("words", entry.receipt.words);
  });
}

void read_observation(Fields& line, Observation& into) {
  line.read_object("observation", [&](Fields& fields) {
    fields.read("asked", into.asked);
    fields.read("attribute", into.attribute);
    fields.read("evidence", into.evidence);
    fields.read("heard", into.heard);
    fields.read("kind", sorts, into.kind);
    fields.read("observer", into.observer);
    fields.read("subject", into.subject);
    fields.read("value", into.value);
  });
}

void read_incident(Fields& line, Incident& into) {
  line.read_object("incident", [&](Fields& fields) {
    fields.read("from", into.from);
    fields.read("kind", happenings, into.kind);
    fields.read("node", into.node);
    fields.read("to", into.to);
    fields.read("words", into.words);
  });
}

}  // namespace

std::string to_line(const Entry& entry) {
  Writer line;
  if (entry.kind == Kind::Acted) line.add("act", written(entry.act));
  line.add("at", entry.at);
  if (!entry.defect.empty()) line.add("defect", entry.defect);
  if (entry.kind == Kind::Happened) line.add("incident", written(entry.incident));
  line.add("kind", text_of(kinds, entry.kind));
  if (entry.kind == Kind::Remembered) line.add("known", entry.known);
  const bool is_told = entry.kind != Kind::Restored || !entry.name.empty();
  if (has_name(entry.kind) && is_told) line.add("name", entry.name);
  if (entry.kind == Kind::Observed) line.add("observation", written(entry.observation));
  if (entry.kind == Kind::Acted) line.add("receipt", written(entry.receipt));
  if (has_step(entry.kind)) line.add("step", static_cast<std::int64_t>(entry.step));
  if (has_value(entry.kind)) line.add("value", entry.value);
  return std::move(line).finish();
}

Result<Entry> entry_from(const std::string& line, const std::string& where) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element json;
  if (parser.parse(line).get(json) != simdjson::SUCCESS) {
    return fail(where, "this line is no JSON");
  }
  Entry entry;
  Fields fields(json, "line");
  fields.read("at", entry.at);
  fields.read("kind", kinds, entry.kind);
  if (has_step(entry.kind)) fields.read("step", entry.step);
  const bool may_lack_name = entry.kind == Kind::Restored && !fields.has("name");
  if (has_name(entry.kind) && !may_lack_name) fields.read("name", entry.name);
  if (has_value(entry.kind)) fields.read("value", entry.value);
  if (entry.kind == Kind::Opened && fields.has("defect")) fields.read("defect", entry.defect);
  if (entry.kind == Kind::Remembered) fields.read("known", entry.known);
  if (entry.kind == Kind::Acted) read_act(fields, entry);
  if (entry.kind == Kind::Observed) read_observation(fields, entry.observation);
  if (entry.kind == Kind::Happened) read_incident(fields, entry.incident);
  fields.finish();
  if (!fields.wrong().empty())
    return fail(where, fields.wrong(), "history lines are written by a run");
  return entry;
}

}  // namespace understudy
