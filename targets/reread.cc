#include "targets/reread.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <set>

#include "harness/names.h"
#include "targets/device/doubt.h"
#include "targets/dialect_pattern.h"
#include "targets/transcript_replay.h"

namespace understudy::targets {

namespace {

using Kind = Entry::Kind;

/// The attributes that a plan asks for.
std::set<std::string> asked_for(const Plan& plan) {
  std::set<std::string> names;
  const auto add = [&](const Condition& condition) {
    for (const Term& term : condition.terms) names.insert(term.attribute);
  };
  if (!plan.given.empty()) names.insert("state");
  for (const Invariant& invariant : plan.always) add(invariant.condition);
  for (const PlannedStep& planned : plan.steps) {
    add(planned.step.condition);
    for (const Condition& condition : planned.by_edition) add(condition);
    for (const auto& [name, term] : planned.step.remembered) names.insert(term.attribute);
  }
  return names;
}

bool asks_for(const Read& read, const std::set<std::string>& names) {
  return std::ranges::any_of(read.attributes,
                             [&](const AttributeRule& rule) { return names.contains(rule.name); });
}

/// "MSM-A.console" and 1034 of "MSM-A.console:1034-1990".
struct Place {
  std::string transcript{};
  std::uint64_t byte = 0;

  friend auto operator<=>(const Place&, const Place&) = default;
};

/// In an observation's evidence, or at the end of an incident's words.
std::optional<Place> place_of(const Entry& entry) {
  static const DialectPattern pattern =
      *DialectPattern::compile(R"((?<name>[^\s(]+\.console):(?<byte>\d+)-\d+\)?$)", "");
  const bool is_claim =
      entry.kind == Kind::Observed && entry.observation.kind == Observation::Kind::Claim;
  const bool is_unread =
      entry.kind == Kind::Happened && entry.incident.kind == Incident::Kind::Unread;
  if (!is_claim && !is_unread) return std::nullopt;
  const auto found = pattern.find(is_claim ? entry.observation.evidence : entry.incident.words);
  if (!found) return std::nullopt;
  Place place;
  for (const auto& [name, text] : found->groups) {
    if (name == "name") place.transcript = text;
    if (name == "byte") std::from_chars(text.data(), text.data() + text.size(), place.byte);
  }
  return place;
}

/// What the history has of one answer.
struct Kept {
  std::vector<std::size_t> claims{};  ///< indices of entries
  std::optional<std::size_t> unread{};
};

class Rereading {
 public:
  Rereading(const Plan& plan, const History& history, std::shared_ptr<const Dialect> dialect)
      : plan_(plan),
        history_(history),
        dialect_(*dialect),
        reader_(dialect, plan.nodes),
        names_(asked_for(plan)),
        changed_(history.entries) {
    for (std::size_t i = 0; i < history.entries.size(); ++i) {
      const Entry& entry = history.entries[i];
      if (entry.kind == Kind::StepBegan && !began_) began_ = entry.at;
      if (entry.kind == Kind::StepEnded) ended_ = entry.at;
      const auto place = place_of(entry);
      if (!place) continue;
      Kept& kept = kept_[*place];
      if (entry.kind == Kind::Happened) {
        kept.unread = i;
      } else {
        kept.claims.push_back(i);
      }
    }
  }

  Result<Reread> go(const std::string& folder) {
    Duration limit = dialect_.answer_limit;
    for (const auto& [name, duration] : plan_.timing)
      if (name == "answer") limit = duration;
    std::vector<std::string> transcripts = plan_.nodes;
    if (std::ifstream(folder + "/management.console")) transcripts.emplace_back("management");
    for (const std::string& node : transcripts) {
      std::string name = node + ".console";
      std::ranges::replace(name, '/', '_');
      const auto passed = read_transcript(folder + "/" + name);
      if (!passed) return tl::unexpected(passed.error());
      count_commands(*passed);
      unread_.clear();
      for (const auto& [line, answer] : answers_of(*passed, dialect_, limit))
        read_again(node, {name, answer.first_byte}, line, answer);
    }
    for (const auto& [place, kept] : kept_)
      if (!met_.contains(place)) take_away(place, kept);
    result_.history = history_;
    result_.history.entries.clear();
    put_together();
    remember_again();
    return std::move(result_);
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string>;
  using Reads = std::set<std::size_t>;

  void count_commands(const std::vector<Passed>& passed) {
    for (const Passed& one : passed) {
      const std::string text = one.sent.substr(0, one.sent.find_last_not_of("\r\n") + 1);
      if (text.empty()) continue;
      ++result_.typed;
      result_.known +=
          std::ranges::find(dialect_.reads, text, &Read::command) != dialect_.reads.end() ? 1 : 0;
    }
  }

  bool is_of_prompt(const std::string& attribute) const {
    return std::ranges::find(dialect_.prompt, attribute, &AttributeRule::name) !=
           dialect_.prompt.end();
  }

  bool is_told_when_asked(const std::string& attribute) const {
    const auto rule = std::ranges::find(dialect_.prompt, attribute, &AttributeRule::name);
    return rule != dialect_.prompt.end() && rule->is_told_when_asked;
  }

  const Observation& claim(std::size_t index) const { return history_.entries[index].observation; }

  /// The reads that the claims of one answer can be from.
  Reads reads_that_told(const std::string& line, const Kept& kept) const {
    Reads reads;
    for (std::size_t index = 0; index < dialect_.reads.size(); ++index) {
      const Read& read = dialect_.reads[index];
      if (read.command != line) continue;
      for (const std::size_t one : kept.claims)
        if (std::ranges::find(read.attributes, claim(one).attribute, &AttributeRule::name) !=
            read.attributes.end())
          reads.insert(index);
    }
    return reads;
  }

  /// The reads that an incident can be about: of its template where the dialect still has it.
  Reads reads_that_were_unread(const std::string& line, const std::string& words) const {
    Reads all;
    Reads of_template;
    for (std::size_t index = 0; index < dialect_.reads.size(); ++index) {
      const Read& read = dialect_.reads[index];
      if (read.command != line || !asks_for(read, names_)) continue;
      all.insert(index);
      const std::string& file = read.template_file.empty() ? "no template" : read.template_file;
      if (words.find("(" + file + ")") != std::string::npos) of_template.insert(index);
    }
    return of_template.empty() ? all : of_template;
  }

  void read_again(const std::string& node, const Place& place, const std::string& line,
                  const Answer& answer) {
    met_.insert(place);
    const Kept kept = kept_.contains(place) ? kept_.at(place) : Kept{};
    const bool is_prompt_only = std::ranges::all_of(
        kept.claims, [&](std::size_t one) { return is_of_prompt(claim(one).attribute); });
    Reads& waiting = unread_[line];  // since an incident: the same trouble is told once
    Reads reads;
    if (kept.unread) {
      reads = reads_that_were_unread(line, history_.entries[*kept.unread].incident.words);
      waiting.insert(reads.begin(), reads.end());
    } else if (!is_prompt_only) {
      reads = reads_that_told(line, kept);
      for (const std::size_t one : reads) waiting.erase(one);
    } else if (began_ && answer.asked >= *began_ && answer.heard <= ended_) {
      reads = waiting;
    }
    const bool was_unread = kept.unread || (is_prompt_only && !reads.empty());
    if (!was_unread && kept.claims.empty()) return;  // of setup, of an act, or of custody
    if (reads.empty() && !(is_prompt_only && !kept.unread)) return take_away(place, kept);

    std::string own = node;
    if (kept.unread) own = history_.entries[*kept.unread].incident.node;
    if (!kept.claims.empty()) own = claim(kept.claims.front()).observer;
    std::vector<std::pair<Told, bool>> told;
    std::string unread;
    for (const Told& one : reader_.read_prompt(own, answer.captures)) told.emplace_back(one, false);
    for (const std::size_t index : reads) {
      DoubtedReading reading = read_with_doubt(reader_, index, own, answer);
      if (unread.empty()) unread = reading.unread;
      if (reading.unread.empty()) told.insert(told.end(), reading.told.begin(), reading.told.end());
    }
    replace(kept, told);
    if (unread.empty()) {
      Time asked = answer.asked;
      Time heard = answer.heard;
      if (kept.unread) {
        const Incident& incident = history_.entries[*kept.unread].incident;
        asked = incident.from;
        heard = incident.to;
        gone_.insert(*kept.unread);
        ++result_.read;
      } else if (!kept.claims.empty()) {
        asked = claim(kept.claims.front()).asked;
        heard = claim(kept.claims.front()).heard;
      }
      add(own, kept, told, place, answer, asked, heard);
    } else if (kept.unread) {
      ++result_.still_unread;
    } else if (!is_prompt_only) {
      tell_unread(own, kept, unread, place, answer.last_byte);
    }
  }

  /// The same bytes tell something else now, or nothing.
  void replace(const Kept& kept, const std::vector<std::pair<Told, bool>>& told) {
    bool is_other = false;
    for (const std::size_t index : kept.claims) {
      const Observation& before = claim(index);
      const auto found = std::ranges::find_if(told, [&](const auto& one) {
        return one.first.subject == before.subject && one.first.attribute == before.attribute;
      });
      if (found == told.end()) {
        gone_.insert(index);
      } else {
        changed_[index].observation.value = found->first.value;
      }
      is_other = is_other || found == told.end() || found->first.value != before.value;
    }
    result_.otherwise += is_other ? 1 : 0;
  }

  /// What had not been told. An answer that log lines came into is believed as far as they change
  /// nothing in it.
  void add(const std::string& own, const Kept& kept, const std::vector<std::pair<Told, bool>>& told,
           const Place& place, const Answer& answer, Time asked, Time heard) {
    std::set<std::pair<std::string, std::string>> known;
    for (const std::size_t index : kept.claims)
      known.insert({claim(index).subject, claim(index).attribute});
    for (const auto& [one, is_doubted] : told) {
      if (is_doubted || !names_.contains(one.attribute) || is_told_when_asked(one.attribute))
        continue;
      if (!known.insert({one.subject, one.attribute}).second) continue;
      Entry entry{.kind = Kind::Observed, .at = heard};
      entry.observation = {Observation::Kind::Claim,
                           own,
                           one.subject,
                           one.attribute,
                           one.value,
                           asked,
                           heard,
                           fmt::format("{}:{}-{}", place.transcript, place.byte, answer.last_byte)};
      added_[place_for(entry.observation, place)].push_back(std::move(entry));
    }
  }

  /// Where the run would have written it: behind what the same console told before, and by when it
  /// was heard. Where time is virtual, an instant may hold several steps.
  std::size_t place_for(const Observation& one, const Place& place) const {
    const auto& entries = history_.entries;
    std::size_t from = 0;
    for (auto at = kept_.begin(); at != kept_.end() && at->first <= place; ++at) {
      if (at->first.transcript != place.transcript) continue;
      for (const std::size_t index : at->second.claims)
        from = std::max(from, at->first == place ? index : index + 1);
      if (at->second.unread)
        from = std::max(from, at->first == place ? *at->second.unread : *at->second.unread + 1);
    }
    const auto is_behind = [&](const Entry& entry) {
      const bool ends = entry.kind == Kind::StepEnded || entry.kind == Kind::Remembered ||
                        entry.kind == Kind::Restored || entry.kind == Kind::Closed;
      return entry.at > one.heard || (entry.at == one.heard && ends);
    };
    const auto found =
        std::find_if(entries.begin() + static_cast<std::ptrdiff_t>(from), entries.end(), is_behind);
    return static_cast<std::size_t>(found - entries.begin());
  }

  /// The dialect finds no answer in these bytes, or no read of the command.
  void take_away(const Place& place, const Kept& kept) {
    replace(kept, {});
    if (kept.unread) {
      ++result_.still_unread;
    } else if (!kept.claims.empty()) {
      tell_unread(claim(kept.claims.front()).observer, kept,
                  fmt::format("the dialect {} finds no answer", dialect_.name), place, place.byte);
    }
  }

  void tell_unread(const std::string& own, const Kept& kept, const std::string& words,
                   const Place& place, std::uint64_t last_byte) {
    ++result_.still_unread;
    const std::size_t index = kept.claims.front();
    const Observation& before = claim(index);
    Entry entry{.kind = Kind::Happened, .at = history_.entries[index].at};
    entry.incident = {Incident::Kind::Unread, own,
                      fmt::format("{} ({}:{}-{})", words, place.transcript, place.byte, last_byte),
                      before.asked, before.heard};
    if (std::exchange(last_words_[own], words) != words) added_[index].push_back(std::move(entry));
  }

  void put_together() {
    auto& entries = result_.history.entries;
    for (std::size_t index = 0; index <= changed_.size(); ++index) {
      for (Entry& entry : added_[index]) {
        entries.push_back(std::move(entry));
        result_.lines.push_back(std::max<std::size_t>(1, index));
      }
      if (index == changed_.size() || gone_.contains(index)) continue;
      entries.push_back(changed_[index]);
      result_.lines.push_back(index + 1);
    }
  }

  /// What an entry that remembers would have found; in the order of such entries.
  std::vector<std::optional<Value>> remembered_in(const std::vector<Entry>& entries) const {
    Bindings bindings;
    std::map<Key, Value> told;
    std::vector<std::optional<Value>> values;
    for (const Entry& entry : entries) {
      if (entry.kind == Kind::Bound) bindings.roles[entry.name] = entry.value;
      if (entry.kind == Kind::StepBegan) told.clear();
      if (entry.kind == Kind::Observed) {
        const Observation& one = entry.observation;
        told[{one.observer, one.subject, one.attribute}] = one.value;
      }
      if (entry.kind != Kind::Remembered) continue;
      values.emplace_back();
      for (const auto& [name, planned] : plan_.steps.at(entry.step).step.remembered) {
        if (name != entry.name) continue;
        std::vector<std::string> unknown;
        const Term term = with_names(Condition{{planned}}, bindings, unknown).terms.front();
        const std::string& observer = term.observer.empty() ? term.subject : term.observer;
        const auto found = told.find({observer, term.subject, term.attribute});
        if (found != told.end()) values.back() = found->second;
      }
    }
    return values;
  }

  void remember_again() {
    const auto before = remembered_in(history_.entries);
    const auto after = remembered_in(result_.history.entries);
    std::size_t at = 0;
    for (Entry& entry : result_.history.entries) {
      if (entry.kind != Kind::Remembered) continue;
      if (before.at(at) != after.at(at)) {
        entry.known = after.at(at).has_value();
        entry.value = after.at(at).value_or("");
      }
      ++at;
    }
  }

  const Plan& plan_;
  const History& history_;
  const Dialect& dialect_;
  Reader reader_;
  std::set<std::string> names_;
  std::vector<Entry> changed_;  ///< as they are read now, at their places
  std::set<std::size_t> gone_;
  std::map<std::size_t, std::vector<Entry>> added_;  ///< before the entry of this index
  std::map<Place, Kept> kept_;
  std::set<Place> met_;
  std::map<std::string, Reads> unread_;  ///< by command
  std::map<std::string, std::string> last_words_;
  std::optional<Time> began_;
  Time ended_{};
  Reread result_;
};

}  // namespace

Result<Reread> reread(const std::string& folder, const Plan& plan, const History& history,
                      std::shared_ptr<const Dialect> dialect) {
  return Rereading(plan, history, std::move(dialect)).go(folder);
}

void name_lines_of_file(const Reread& again, std::vector<Verdict>& verdicts) {
  static const DialectPattern numbered = *DialectPattern::compile(R"(\(line (?<line>\d+)\)$)", "");
  const auto on_disk = [&](std::size_t line) {
    return line == 0 || line > again.lines.size() ? line : again.lines[line - 1];
  };
  const auto rewrite = [&](std::string& text) {
    const auto found = numbered.find(text);
    if (!found) return;
    const std::size_t line = std::stoul(found->groups.front().second);
    text.replace(text.rfind("(line "), std::string::npos, fmt::format("(line {})", on_disk(line)));
  };
  for (Verdict& verdict : verdicts) {
    verdict.first_line = on_disk(verdict.first_line);
    verdict.last_line = on_disk(verdict.last_line);
    std::ranges::for_each(verdict.remarks, rewrite);
  }
}

}  // namespace understudy::targets
