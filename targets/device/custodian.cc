// Custody at work: what the dialect names is taken once a run, before anything is changed, and put
// back and compared after each case. A device that the case left down is brought back first, step
// by step, each with its bound.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "harness/files.h"
#include "targets/device/switch_device.h"

namespace understudy::targets {

namespace {

using namespace std::chrono_literals;

constexpr int most_rounds = 3;   // a text that is put back line by line may want a second look
constexpr int most_doubted = 4;  // of answers that log lines came into
constexpr Duration log_in_again = 15s;
constexpr Duration longest_boot = 2min;

std::string in_seconds(Duration duration) {
  return fmt::format("{:.1f}s", std::chrono::duration<double>(duration).count());
}

std::string on_one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  std::ranges::replace(text, '\r', ' ');
  return text;
}

}  // namespace

// ---------------------------------------------------------------- one question, one answer

std::optional<Answer> SwitchDevice::exchange(Line& line, const std::string& text,
                                             const TextPairs& replies, Duration limit,
                                             const Cancel& cancel) {
  heard_.reset();
  awaited_ = next_id_;
  submit(line, {Purpose::Kind::Custody, 0}, text, replies, limit);
  const Time end = now() + 2 * limit;
  while (!heard_ && now() < end && broken_.empty() && !cancel.is_cancelled()) advance(end, cancel);
  awaited_ = 0;
  auto answer = std::exchange(heard_, std::nullopt);
  const bool has_come = answer && (answer->outcome == Answer::Outcome::Answered ||
                                   answer->outcome == Answer::Outcome::Unforeseen);
  if (!has_come) answer.reset();
  return answer;
}

/// What a node tells of itself now. Where log lines came into the answer it is asked until two
/// answers tell the same.
SwitchDevice::ToldNow SwitchDevice::told_now(Line& line, const std::string& attribute,
                                             const Cancel& cancel) {
  const auto read = read_for(dialect_, attribute);
  ensure(read.has_value(), "a dialect's custody names what it reads");
  ToldNow last;
  for (int attempt = 0; attempt < most_doubted; ++attempt) {
    const auto answer = exchange(line, dialect_.reads[*read].command, {}, answer_, cancel);
    if (!answer) return {};
    const Reading reading = reader_.read(*read, line.name, answer->text, answer->captures);
    ToldNow told{true, std::nullopt};
    for (const Told& one : reading.told)
      if (one.subject == line.name && one.attribute == attribute) told.value = one.value;
    if (answer->noise_at.empty() || (last.has_answered && last.value == told.value)) return told;
    last = std::move(told);
  }
  return last;
}

std::string SwitchDevice::leader_now(const Cancel& cancel) {
  for (Line& line : lines_) {
    if (!is_answering(line)) continue;
    if (told_now(line, dialect_.leader.first, cancel).value == dialect_.leader.second)
      return line.name;
  }
  return {};
}

/// A chassis that still boots has a leader later.
std::string SwitchDevice::leader_within(Duration bound, const Cancel& cancel) {
  const Time limit = now() + bound;
  for (;;) {
    std::string lead = leader_now(cancel);
    if (!lead.empty() || now() >= limit || !broken_.empty() || cancel.is_cancelled()) return lead;
    const Time next = std::min(limit, now() + poll_);
    while (now() < next && broken_.empty() && !cancel.is_cancelled()) advance(next, cancel);
  }
}

// ---------------------------------------------------------------- taking

bool SwitchDevice::may_change() const {
  return std::ranges::any_of(settings_.capabilities.allow,
                             [](const std::string& hazard) { return hazard != "reads"; });
}

/// Something is put back where the leader takes orders.
bool SwitchDevice::asks_leader() const {
  return may_change() && std::ranges::any_of(dialect_.custody, &CustodyRule::is_sent_to_leader);
}

/// As soon as a console has a prompt, before the setup.
void SwitchDevice::ask_for_session(Line& line) {
  if (!settings_.custody || settings_.custody->was_taken) return;
  for (const CustodyRule& rule : dialect_.custody) {
    if (!rule.is_of_session || rule.attribute.empty()) continue;
    const auto read = *read_for(dialect_, rule.attribute);
    submit(line, {Purpose::Kind::Session, read}, dialect_.reads[read].command, {}, answer_);
  }
}

void SwitchDevice::session_told(Line& line, std::size_t read, const Answer& answer) {
  const Reading reading = reader_.read(read, line.name, answer.text, answer.captures);
  for (const CustodyRule& rule : dialect_.custody) {
    if (!rule.is_of_session || read_for(dialect_, rule.attribute) != read) continue;
    const auto is_it = [&](const TakenThing& one) {
      return one.rule == rule.name && one.node == line.name;
    };
    if (std::ranges::any_of(session_things_, is_it)) continue;  // of its first session
    for (const Told& told : reading.told)
      if (told.subject == line.name && told.attribute == rule.attribute)
        session_things_.push_back({rule.name, line.name, told.value});
  }
}

Result<void> SwitchDevice::take_thing(const CustodyRule& rule, Line& line, const Cancel& cancel) {
  const ToldNow told = told_now(line, rule.attribute, cancel);
  if (told.value) settings_.custody->things.push_back({rule.name, line.name, *told.value});
  if (told.value || !is_allowed(rule.hazard) || !rule.tells.empty()) return {};
  return fail(settings_.testbed,
              fmt::format("custody: {} does not tell `{}`, so that {} could not be put back",
                          line.name, rule.attribute, rule.name),
              rule.hint);
}

/// Of the chassis its leader tells; who tells the same has to tell the same again.
Result<void> SwitchDevice::take_of_chassis(const CustodyRule& rule, const std::string& lead,
                                           const Cancel& cancel) {
  auto taken = take_thing(rule, lines_[line_of(lead)], cancel);
  if (!taken) return taken;
  auto& things = settings_.custody->things;
  if (things.empty() || things.back().rule != rule.name) return {};
  const Value value = things.back().value;
  for (Line& line : lines_) {
    if (line.name == lead || !is_answering(line)) continue;
    if (told_now(line, rule.attribute, cancel).value == value)
      things.push_back({rule.name, line.name, value});
  }
  return {};
}

Result<void> SwitchDevice::take_custody(const Cancel& cancel) {
  if (!settings_.custody) return {};
  CustodyRecord& record = *settings_.custody;
  if (!record.was_taken) {
    const auto is_busy = [](const Line& line) { return !line.pending.empty(); };
    const Time limit = now() + 2 * answer_;  // what the sessions were asked before their setup
    while (std::ranges::any_of(lines_, is_busy) && now() < limit && broken_.empty())
      advance(limit, cancel);
    record.things = session_things_;
    for (const Line& line : lines_)
      if (is_answering(line)) record.nodes.push_back(line.name);
    const Duration boot = timing_of(settings_.capabilities, "boot", longest_boot);
    const std::string lead = asks_leader() ? leader_within(boot, cancel) : "";
    if (asks_leader() && lead.empty())
      return fail(settings_.testbed,
                  fmt::format("custody: no node says {} = {}, so nothing can be taken",
                              dialect_.leader.first, dialect_.leader.second),
                  "allow: [reads] changes nothing and takes nothing");
    for (const CustodyRule& rule : dialect_.custody) {
      if (rule.is_of_session || !may_change()) continue;
      if (rule.is_of_chassis) {
        if (auto taken = take_of_chassis(rule, lead, cancel); !taken) return taken;
        continue;
      }
      for (Line& line : lines_) {
        if (!is_answering(line)) continue;
        if (auto taken = take_thing(rule, line, cancel); !taken) return taken;
      }
    }
    record.was_taken = true;
  }
  return write_custody({});
}

/// What was taken stands on the disk before anything is changed.
Result<void> SwitchDevice::write_custody(const std::vector<std::string>& different) {
  if (settings_.folder.empty()) return {};
  const auto text = [](const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  };
  CustodyRecord shown = *settings_.custody;
  for (TakenThing& one : shown.things) one.value = settings_.mask.applied_to(one.value);
  Json kept = to_json(shown);
  kept["sent"] = sent_back_;
  kept["different"] = different;
  auto written = write_durably(settings_.folder + "/" + name_of_custody, text(kept));
  if (!written || !sent_back_.empty() || !different.empty()) return written;
  const std::filesystem::path mark = custody_mark(settings_.folder);
  std::error_code error;
  std::filesystem::create_directories(mark.parent_path(), error);
  if (error) return fail(mark.string(), "cannot be made: " + error.message());
  kept["testbed"] = std::filesystem::absolute(settings_.custody->testbed, error).string();
  return write_durably(mark.string(), text(kept));
}

// ---------------------------------------------------------------- putting back

/// The switch's own words where it declines; empty if it took all lines.
std::string SwitchDevice::send_back(const CustodyRule& rule, Line& line,
                                    const std::vector<std::string>& lines, const Cancel& cancel) {
  std::string trouble;
  for (const std::string& text : lines) {
    sent_back_.push_back(line.name + ": " + settings_.mask.applied_to(text));
    const auto answer = exchange(line, text, rule.replies, rule.limit.value_or(answer_), cancel);
    if (!answer) return fmt::format("`{}` had no answer", text);
    if (answer->outcome == Answer::Outcome::Unforeseen)
      return fmt::format("`{}` asked {}, and custody has no reply to it", text,
                         fmt::join(answer->questions, ", "));
    const auto refusal = find_refusal(dialect_, answer->text);
    if (!refusal && rule.hazard == "wears-flash") ++flash_writes_[line.name];
    if (refusal && trouble.empty())
      trouble = fmt::format("`{}`: {}", text, on_one_line(refusal->line));
  }
  return trouble;
}

/// Empty if it is as it was in the end.
std::string SwitchDevice::put_thing_back(const CustodyRule& rule, const TakenThing& thing,
                                         Line& teller, Line& taker, const Cancel& cancel) {
  std::string trouble;
  ToldNow told = told_now(teller, rule.attribute, cancel);
  for (int round = 0; round < most_rounds; ++round) {
    if (told.value && is_as_it_was(rule, thing.value, *told.value)) return {};
    if (!is_allowed(rule.hazard)) {
      if (!told.value) return {};
      trouble = fmt::format("the testbed does not allow `{}`", rule.hazard);
      break;
    }
    if (!told.has_answered || (rule.is_text() && !told.value)) break;
    const PutBack put = put_back(dialect_, rule, teller.name, thing.value, told.value.value_or(""));
    if (!put.cannot.empty())
      trouble = fmt::format("the dialect {} cannot undo `{}`", dialect_.name, put.cannot.front());
    if (put.lines.empty()) break;
    if (auto refused = send_back(rule, taker, put.lines, cancel); !refused.empty())
      trouble = std::move(refused);
    told = told_now(teller, rule.attribute, cancel);
  }
  if (told.value && is_as_it_was(rule, thing.value, *told.value)) return {};
  return fmt::format("custody: {}: {} {}{}", teller.name, rule.name,
                     difference(rule, thing.value, told.value),
                     trouble.empty() ? "" : " (" + trouble + ")");
}

/// A node that told the same as the leader gets the time of a synchronisation to tell it again.
std::string SwitchDevice::compare_follower(const CustodyRule& rule, const TakenThing& thing,
                                           const Cancel& cancel) {
  Line& line = lines_[line_of(thing.node)];
  const Time limit = now() + timing_of(settings_.capabilities, "synchronize",
                                       timing_of(settings_.capabilities, "boot", longest_boot));
  ToldNow told;
  for (;;) {
    told = told_now(line, rule.attribute, cancel);
    if (!told.value && told.has_answered) return {};  // its console tells less than the leader's
    if (told.value && is_as_it_was(rule, thing.value, *told.value)) return {};
    if (now() >= limit || !broken_.empty()) break;
    const Time next = std::min(limit, now() + poll_);
    while (now() < next && broken_.empty()) advance(next, cancel);
  }
  return fmt::format("custody: {}: {} {}", line.name, rule.name,
                     difference(rule, thing.value, told.value));
}

void SwitchDevice::put_rule_back(const CustodyRule& rule, const std::string& lead,
                                 std::vector<std::string>& lines, const Cancel& cancel) {
  const auto add = [&](std::string line) {
    if (!line.empty()) lines.push_back(on_one_line(settings_.mask.applied_to(std::move(line))));
  };
  bool is_first = true;
  std::vector<TakenThing> followers;
  for (const TakenThing& thing : settings_.custody->things) {
    if (thing.rule != rule.name || line_of(thing.node) >= lines_.size()) continue;
    Line& own = lines_[line_of(thing.node)];
    Line& leading = lead.empty() ? own : lines_[line_of(lead)];
    if (!rule.is_of_chassis) {
      add(put_thing_back(rule, thing, own, rule.is_sent_to_leader ? leading : own, cancel));
    } else if (std::exchange(is_first, false)) {
      add(put_thing_back(rule, thing, leading, leading, cancel));
    } else if (thing.node != lead) {
      followers.push_back(thing);
    }
  }
  for (const TakenThing& thing : followers) add(compare_follower(rule, thing, cancel));
}

void SwitchDevice::put_sessions_back(std::vector<std::string>& lines, const Cancel& cancel) {
  for (Line& line : lines_) {
    if (!is_answering(line) || !is_known(line)) continue;
    for (const CustodyRule& rule : dialect_.custody) {
      if (!rule.is_of_session) continue;
      if (rule.attribute.empty()) {
        send_back(rule, line, rule.send, cancel);
        continue;
      }
      for (const TakenThing& thing : settings_.custody->things) {
        if (thing.rule != rule.name || thing.node != line.name) continue;
        auto told = put_thing_back(rule, thing, line, line, cancel);
        if (!told.empty()) lines.push_back(on_one_line(std::move(told)));
      }
    }
  }
}

/// What nothing is sent for, and is not as it was, where all else is.
void SwitchDevice::tell_what_is_left(const std::string& lead, const Cancel& cancel) {
  for (const CustodyRule& rule : dialect_.custody) {
    if (rule.tells.empty() || !may_change()) continue;
    bool is_first = true;
    for (const TakenThing& thing : settings_.custody->things) {
      if (thing.rule != rule.name || line_of(thing.node) >= lines_.size()) continue;
      if (rule.is_of_chassis && !std::exchange(is_first, false)) continue;
      const bool is_of_lead = rule.is_of_chassis && !lead.empty();
      Line& teller = lines_[line_of(is_of_lead ? lead : thing.node)];
      if (!is_answering(teller)) continue;
      const ToldNow told = told_now(teller, rule.attribute, cancel);
      if (told.value && *told.value != thing.value)
        recovery_.remarks.push_back(fmt::format("custody: {}: {} {} ({})", teller.name, rule.name,
                                                difference(rule, thing.value, told.value),
                                                rule.tells));
    }
  }
}

std::vector<std::string> SwitchDevice::put_all_back(const Cancel& cancel) {
  if (!settings_.custody || !settings_.custody->was_taken) return {};
  std::vector<std::string> lines;
  bring_back(cancel);
  const std::string lead = broken_.empty() && asks_leader() ? leader_now(cancel) : "";
  if (!broken_.empty()) {
    lines.push_back("custody: nothing was put back: " + broken_);
  } else if (asks_leader() && lead.empty()) {
    lines.push_back(fmt::format("custody: nothing was put back: no node says {} = {}",
                                dialect_.leader.first, dialect_.leader.second));
  } else {
    for (const CustodyRule& rule : dialect_.custody) {
      if (rule.is_of_session || !rule.tells.empty() || !may_change()) continue;
      if (!lines.empty() && rule.hazard == "wears-flash") {
        lines.push_back(fmt::format(
            "custody: {} is left alone, since what is in force is not as it was", rule.name));
      } else {
        put_rule_back(rule, lead, lines, cancel);
      }
    }
  }
  if (lines.empty()) tell_what_is_left(lead, cancel);
  if (broken_.empty()) put_sessions_back(lines, cancel);
  if (auto written = write_custody(lines); !written) lines.push_back(to_line(written.error()));
  if (lines.empty() && !settings_.folder.empty()) {
    const std::filesystem::path mark = custody_mark(settings_.folder);
    std::error_code ignored;  // the keeper's journal may still lie beside it
    std::filesystem::remove(mark, ignored);
    std::filesystem::remove(mark.parent_path(), ignored);
  }
  return lines;
}

std::vector<std::string> SwitchDevice::restore(const Cancel& cancel) {
  std::vector<std::string> lines = undo_acts(cancel);
  std::ranges::transform(lines, lines.begin(), on_one_line);
  const std::size_t told = lines.size();
  for (std::string& line : put_all_back(cancel)) lines.push_back(std::move(line));
  for (std::string& line : bench_->heal()) {
    const auto is_it = [&](const std::string& other) { return other.starts_with(line); };
    if (std::none_of(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(told), is_it))
      lines.push_back(std::move(line));
  }
  return lines;
}

// ---------------------------------------------------------------- a device that was left down

/// Why it cannot be talked to; empty if every node that was there is, and one of them leads.
std::string SwitchDevice::trouble_of_device(const Cancel& cancel) {
  for (const Line& line : lines_) {
    const auto& nodes = settings_.custody->nodes;
    if (!has_console(line) || std::ranges::find(nodes, line.name) == nodes.end()) continue;
    if (!is_answering(line))
      return fmt::format("{} is {}", line.name, to_text(line.session->mode()));
    if (!is_known(line)) return fmt::format("{} does not say whose console it is", line.name);
  }
  if (!asks_leader() || !leader_now(cancel).empty()) return {};
  return fmt::format("no node says {} = {}", dialect_.leader.first, dialect_.leader.second);
}

/// Waits; the trouble that is left when the time is over.
std::string SwitchDevice::trouble_within(Duration bound, const Cancel& cancel) {
  const Time limit = now() + bound;
  for (;;) {
    std::string trouble = trouble_of_device(cancel);
    if (trouble.empty() || now() >= limit || !broken_.empty()) return trouble;
    const Time next = std::min(limit, now() + poll_);
    while (now() < next && broken_.empty()) advance(next, cancel);
  }
}

std::string SwitchDevice::log_in_again_words() {
  bool is_any = false;
  for (const Line* line : consoles())
    if (!is_answering(*line)) is_any = bench_->open_again(console_of(*line)) || is_any;
  return is_any ? "" : "no console of it can be opened again";
}

std::string SwitchDevice::reboot_words(const Cancel& cancel) {
  const Act reboot{"reboot", {{"node", "chassis"}, {"answer", "discard"}}};
  if (!find_act(dialect_, reboot.word)) return "the dialect has no `reboot`";
  const Receipt receipt = act({reboot}, cancel).front();
  return receipt.outcome == Receipt::Outcome::Done ? "" : on_one_line(receipt.words);
}

std::string SwitchDevice::outlet_words(const Cancel& cancel) {
  if (!is_allowed("disrupts")) return "the testbed does not allow `disrupts`";
  for (const char* word : {"power-off", "power-on"})
    if (std::ranges::find(bench_acts_, word) == bench_acts_.end())
      return fmt::format("this testbed cannot `{}`", word);
  const auto order = [&](const char* word) {
    const Receipt receipt = act({Act{word, {{"node", "chassis"}}}}, cancel).front();
    return receipt.outcome == Receipt::Outcome::Done ? "" : on_one_line(receipt.words);
  };
  const std::string off = order("power-off");
  const std::string on = order("power-on");  // whatever became of the first
  return on.empty() || off.empty() ? on : off + "; " + on;
}

void SwitchDevice::bring_back(const Cancel& cancel) {
  const Duration boot = timing_of(settings_.capabilities, "boot", longest_boot);
  const Duration bound = 2 * boot + answer_;
  std::string trouble = trouble_within(bound, cancel);
  if (trouble.empty() || !broken_.empty()) return;
  recovery_.rungs.push_back(fmt::format("waited {}: {}", in_seconds(bound), trouble));
  struct Rung {
    const char* name;
    Duration bound;
    std::function<std::string()> climb;
  };
  const std::vector<Rung> rungs{
      {"log in again", log_in_again, [&] { return log_in_again_words(); }},
      {"reboot by console", bound, [&] { return reboot_words(cancel); }},
      {"power by outlet", bound, [&] { return outlet_words(cancel); }}};
  for (const Rung& rung : rungs) {
    if (const std::string cannot = rung.climb(); !cannot.empty()) {
      recovery_.rungs.push_back(fmt::format("{}: not possible: {}", rung.name, cannot));
      continue;
    }
    trouble = trouble_within(rung.bound, cancel);
    recovery_.rungs.push_back(fmt::format("{}, within {}: {}", rung.name, in_seconds(rung.bound),
                                          trouble.empty() ? "it is back" : trouble));
    if (trouble.empty() || !broken_.empty()) return;
  }
  recovery_.came_back = false;
  recovery_.rungs.push_back("the testbed is stopped: " + trouble);
}

}  // namespace understudy::targets
