// One entry as one line of canonical JSON, and back.
#include <fmt/format.h>

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

Json json_of(const Receipt& receipt) {
  return {{"done", receipt.done.count()},       {"means", receipt.means},
          {"ordered", receipt.ordered.count()}, {"outcome", text_of(outcomes, receipt.outcome)},
          {"took_effect", receipt.took_effect}, {"words", receipt.words}};
}

Json json_of(const Observation& observation) {
  return {{"asked", observation.asked.count()},       {"attribute", observation.attribute},
          {"evidence", observation.evidence},         {"heard", observation.heard.count()},
          {"kind", text_of(sorts, observation.kind)}, {"observer", observation.observer},
          {"subject", observation.subject},           {"value", observation.value}};
}

Json json_of(const Incident& incident) {
  return {{"from", incident.from.count()},
          {"kind", text_of(happenings, incident.kind)},
          {"node", incident.node},
          {"to", incident.to.count()},
          {"words", incident.words}};
}

/// Which of the small fields an entry of this kind has.
bool has_step(Kind kind) {
  return kind == Kind::StepBegan || kind == Kind::Acted || kind == Kind::Remembered ||
         kind == Kind::StepEnded;
}
bool has_name(Kind kind) {
  return kind == Kind::Opened || kind == Kind::Bound || kind == Kind::Remembered ||
         kind == Kind::Closed;
}
bool has_value(Kind kind) {
  return has_name(kind) || kind == Kind::StepEnded || kind == Kind::Restored;
}

/// Takes fields out of one object, one after the other; the first that is wrong is remembered.
class Fields {
 public:
  Fields(const Json& object, std::string_view of) : object_(object) {
    if (!object.is_object()) wrong_ = fmt::format("`{}` is no object", of);
  }

  void read(const char* key, std::string& into) {
    if (const Json* field = find(key, &Json::is_string, "text")) into = field->get<std::string>();
  }
  void read(const char* key, bool& into) {
    if (const Json* field = find(key, &Json::is_boolean, "true or false"))
      into = field->get<bool>();
  }
  void read(const char* key, Time& into) {
    if (const Json* field = find(key, &Json::is_number_integer, "a whole number")) {
      into = Time{field->get<std::int64_t>()};
    }
  }
  void read(const char* key, std::size_t& into) {
    if (const Json* field = find(key, &Json::is_number_unsigned, "a number from 0")) {
      into = field->get<std::size_t>();
    }
  }
  void read(const char* key, Json& into) {
    if (const Json* field = find(key, &Json::is_object, "an object")) into = *field;
  }
  template <typename Enum, std::size_t Count>
  void read(const char* key, const std::array<Word<Enum>, Count>& words, Enum& into) {
    std::string text;
    read(key, text);
    if (!wrong_.empty()) return;
    for (const auto& word : words) {
      if (text == word.text) {
        into = word.value;
        return;
      }
    }
    wrong_ = fmt::format("`{}` is `{}`, which is none of its words", key, text);
  }
  /// The object under `key`, an empty one where there is none (then an error is remembered).
  const Json& object(const char* key) {
    static const Json empty = Json::object();
    const Json* field = find(key, &Json::is_object, "an object");
    return field != nullptr ? *field : empty;
  }
  /// Every field was taken: a line with more is not one of ours.
  void finish() {
    if (wrong_.empty() && object_.size() != read_) wrong_ = "it has a field that is not known";
  }
  void take_error_of(const Fields& inner) {
    if (wrong_.empty()) wrong_ = inner.wrong_;
  }
  const std::string& wrong() const { return wrong_; }

 private:
  const Json* find(const char* key, bool (Json::*is_right)() const noexcept, const char* what) {
    if (!wrong_.empty()) return nullptr;
    const auto found = object_.find(key);
    if (found == object_.end()) {
      wrong_ = fmt::format("`{}` is missing", key);
      return nullptr;
    }
    if (!((*found).*is_right)()) {
      wrong_ = fmt::format("`{}` is not {}", key, what);
      return nullptr;
    }
    ++read_;
    return &*found;
  }

  const Json& object_;
  std::size_t read_ = 0;
  std::string wrong_;
};

void read_act(Fields& outer, Entry& entry) {
  Fields act(outer.object("act"), "act");
  act.read("arguments", entry.act.arguments);
  act.read("word", entry.act.word);
  act.finish();
  outer.take_error_of(act);

  Fields receipt(outer.object("receipt"), "receipt");
  receipt.read("done", entry.receipt.done);
  receipt.read("means", entry.receipt.means);
  receipt.read("ordered", entry.receipt.ordered);
  receipt.read("outcome", outcomes, entry.receipt.outcome);
  receipt.read("took_effect", entry.receipt.took_effect);
  receipt.read("words", entry.receipt.words);
  receipt.finish();
  outer.take_error_of(receipt);
}

void read_observation(Fields& outer, Observation& into) {
  Fields fields(outer.object("observation"), "observation");
  fields.read("asked", into.asked);
  fields.read("attribute", into.attribute);
  fields.read("evidence", into.evidence);
  fields.read("heard", into.heard);
  fields.read("kind", sorts, into.kind);
  fields.read("observer", into.observer);
  fields.read("subject", into.subject);
  fields.read("value", into.value);
  fields.finish();
  outer.take_error_of(fields);
}

void read_incident(Fields& outer, Incident& into) {
  Fields fields(outer.object("incident"), "incident");
  fields.read("from", into.from);
  fields.read("kind", happenings, into.kind);
  fields.read("node", into.node);
  fields.read("to", into.to);
  fields.read("words", into.words);
  fields.finish();
  outer.take_error_of(fields);
}

}  // namespace

std::string to_line(const Entry& entry) {
  Json line = {{"at", entry.at.count()}, {"kind", text_of(kinds, entry.kind)}};
  if (has_step(entry.kind)) line["step"] = entry.step;
  if (has_name(entry.kind)) line["name"] = entry.name;
  if (has_value(entry.kind)) line["value"] = entry.value;
  if (!entry.defect.empty()) line["defect"] = entry.defect;
  if (entry.kind == Kind::Remembered) line["known"] = entry.known;
  if (entry.kind == Kind::Acted) {
    line["act"] = {{"arguments", entry.act.arguments}, {"word", entry.act.word}};
    line["receipt"] = json_of(entry.receipt);
  }
  if (entry.kind == Kind::Observed) line["observation"] = json_of(entry.observation);
  if (entry.kind == Kind::Happened) line["incident"] = json_of(entry.incident);
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Entry> entry_from(const std::string& line, const std::string& where) {
  const Json json = Json::parse(line, nullptr, false);
  if (json.is_discarded()) return fail(where, "this line is no JSON");
  Entry entry;
  Fields fields(json, "line");
  fields.read("at", entry.at);
  fields.read("kind", kinds, entry.kind);
  if (has_step(entry.kind)) fields.read("step", entry.step);
  if (has_name(entry.kind)) fields.read("name", entry.name);
  if (has_value(entry.kind)) fields.read("value", entry.value);
  if (entry.kind == Kind::Opened && json.contains("defect")) fields.read("defect", entry.defect);
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
