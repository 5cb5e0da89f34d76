// Acts: words of the dialect go to consoles, words of the bench to the bench.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "targets/device/switch_device.h"
#include "targets/wire/faults.h"

namespace understudy::targets {

namespace {

constexpr std::size_t most_words = 2000;

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  text.erase(0, text.find_first_not_of(" \t\r\n"));
  if (text.size() > most_words) text.resize(most_words);
  return text;
}

std::string answered_word(Receipt::Outcome outcome) {
  switch (outcome) {
    case Receipt::Outcome::Done:
      return "done";
    case Receipt::Outcome::Refused:
      return "refused";
    case Receipt::Outcome::Unsupported:
      return "unknown-command";
    case Receipt::Outcome::NoAnswer:
      return "no-answer";
    case Receipt::Outcome::BenchBroken:
      return "nothing";
  }
  return "nothing";
}

/// Of an act that took several errands the worst counts, in the order of Outcome; words are joined.
void merge(Receipt& into, const Receipt& one) {
  const bool is_first = into.means.empty();
  into.words += into.words.empty() || one.words.empty() ? one.words : "\n" + one.words;
  into.ordered = is_first ? one.ordered : std::min(into.ordered, one.ordered);
  into.done = std::max(into.done, one.done);
  into.took_effect = (is_first || into.took_effect) && one.took_effect;
  into.outcome = std::max(into.outcome, one.outcome);
  into.means = one.means;
}

bool takes_node(const Act& act, const std::string& node) {
  constexpr std::array words{"lose", "power-off", "hang", "remove", "press", "break"};
  if (std::ranges::find(words, act.word) == words.end()) return false;
  const auto named = items_of(act.arguments.value("node", Json()));
  return std::ranges::find(named, node) != named.end() ||
         std::ranges::find(named, "chassis") != named.end();
}

}  // namespace

bool SwitchDevice::is_allowed(const std::string& hazard) const {
  const auto& allow = settings_.capabilities.allow;
  return hazard == "reads" || std::ranges::find(allow, hazard) != allow.end();
}

/// The node that last said it is the leader; every node is asked where none has.
std::string SwitchDevice::leader(const Cancel& cancel) {
  const auto& [attribute, value] = dialect_.leader;
  const auto find = [&] {
    std::string name;
    Time asked{-1};
    for (const auto& line : lines_) {
      const auto found = latest_.find({line.name, line.name, attribute});
      if (found == latest_.end() || found->second.first != value) continue;
      if (line.session->mode() == Mode::Shell && found->second.second > asked) {
        name = line.name;
        asked = found->second.second;
      }
    }
    return name;
  };
  if (auto name = find(); !name.empty()) return name;
  Term term{Quantifier::Any, "", "", attribute, {Matcher::Kind::Equals, {value}}};
  auto kept = take_progress(false, false);
  auto progress = ask({{term}}, answer_, cancel);
  observations_ = std::move(kept.observations);
  observations_.insert(observations_.end(), progress.observations.begin(),
                       progress.observations.end());
  incidents_ = std::move(kept.incidents);
  incidents_.insert(incidents_.end(), progress.incidents.begin(), progress.incidents.end());
  return find();
}

Receipt SwitchDevice::bench_act(const Act& act, const Cancel& cancel) {
  const bool takes = act.word == "lose" || act.word == "power-off" || act.word == "remove";
  const bool gives = act.word == "power-on" || act.word == "insert";
  if (act.arguments.contains("node")) {
    const auto named = items_of(act.arguments.at("node"));
    for (auto& line : lines_) {
      if (std::ranges::find(named, line.name) == named.end() &&
          std::ranges::find(named, "chassis") == named.end())
        continue;
      line.may_end = line.may_end || takes;
      if (gives) line.dark.reset();
    }
  }
  if (act.word == "press")
    for (auto& line : lines_) line.may_be_silent = true;
  const auto before = heard_so_far();
  Receipt receipt = bench_->apply(act);
  if (const auto change = bench_->change(); change && receipt.took_effect)
    see_power(*change, before, receipt, cancel);
  return receipt;
}

void SwitchDevice::send_next(Errand& errand) {
  const auto index = static_cast<std::size_t>(&errand - errands_.data());
  submit(lines_[errand.line], {Purpose::Kind::Act, index}, errand.plan.lines[errand.next],
         errand.plan.replies, errand.plan.limit.value_or(answer_));
  ++errand.next;
}

void SwitchDevice::finish(Errand& errand, Receipt::Outcome outcome, std::string words,
                          bool took_effect) {
  Line& line = lines_[errand.line];
  errand.is_done = true;
  errand.receipt.outcome = outcome;
  if (!words.empty())
    errand.receipt.words += (errand.receipt.words.empty() ? "" : "\n") + trimmed(std::move(words));
  errand.receipt.took_effect = took_effect;
  errand.receipt.done = now();
  line.answered = answered_word(outcome);
  tell_own(line, "asked", errand.receipt.ordered, now());
  tell_own(line, "answered", errand.receipt.ordered, now());
}

void SwitchDevice::errand_answered(Errand& errand, const Answer& answer) {
  using enum Receipt::Outcome;
  Line& line = lines_[errand.line];
  const std::string command = errand.plan.lines[errand.next - 1];
  if (!answer.questions.empty()) line.asked = answer.questions.back();
  if (errand.is_cut_short && answer.outcome != Answer::Outcome::Answered) {
    finish(errand, Done, fmt::format("`{}` was under way when its node was taken away", command),
           true);
    line.answered = answered_word(NoAnswer);
    return;
  }
  switch (answer.outcome) {
    case Answer::Outcome::TimedOut:
      return finish(errand, NoAnswer,
                    fmt::format("{} did not answer `{}` in time", line.name, command), false);
    case Answer::Outcome::NotSent:
      return finish(errand, NoAnswer,
                    fmt::format("`{}` could not be sent: {} is {}", command, line.name,
                                to_text(line.session->mode())),
                    false);
    case Answer::Outcome::Unforeseen:
      return finish(errand, Refused,
                    fmt::format("{}\n`{}` asked {}, and the act has no answer to it", answer.text,
                                command, line.asked),
                    false);
    case Answer::Outcome::Ended:
      if (errand.plan.ends_session) break;
      return finish(errand, NoAnswer,
                    fmt::format("the session of {} ended at `{}`", line.name, command), false);
    case Answer::Outcome::Answered:
      if (const auto refusal = find_refusal(dialect_, answer.text)) {
        const bool is_refused =
            errand.plan.refused && errand.plan.refused->is_found_in(answer.text);
        const bool is_unknown = !is_refused && (refusal->kind == Refusal::Kind::UnknownCommand ||
                                                refusal->kind == Refusal::Kind::Licence);
        return finish(
            errand, is_unknown ? Unsupported : Refused,
            fmt::format("`{}`: {}: {}", command, is_refused ? "refused" : to_text(refusal->kind),
                        trimmed(refusal->line)),
            false);
      }
      if (errand.plan.accepted && !errand.plan.accepted->is_found_in(answer.text))
        return finish(errand, Refused,
                      fmt::format("`{}` was not accepted: {}", command, trimmed(answer.text)),
                      false);
      break;
  }
  if (errand.wears_flash) ++flash_writes_[line.name];
  if (const auto words = trimmed(answer.text); !words.empty())
    errand.receipt.words += (errand.receipt.words.empty() ? "" : "\n") + words;
  if (errand.next < errand.plan.lines.size() && answer.outcome == Answer::Outcome::Answered)
    return send_next(errand);
  if (errand.boots.empty() || errand.plan.is_cancelled) return finish(errand, Done, "", true);
  errand.awaits_boot = true;
  errand.limit = now() + errand.plan.limit.value_or(answer_);
}

/// A reboot took effect when the boot is seen.
void SwitchDevice::watch_boots() {
  for (auto& errand : errands_) {
    if (errand.is_done || !errand.awaits_boot) continue;
    const bool all = std::ranges::all_of(
        errand.boots, [&](const auto& boot) { return lines_[boot.first].boots > boot.second; });
    if (all)
      finish(errand, Receipt::Outcome::Done, "", true);
    else if (now() >= errand.limit)
      finish(errand, Receipt::Outcome::Done, "the command was taken, and no boot was seen", false);
  }
}

void SwitchDevice::start_console_act(std::size_t index, const Act& act, const Cancel& cancel,
                                     std::vector<Receipt>& receipts) {
  const auto refuse = [&](Receipt::Outcome outcome, std::string words) {
    receipts[index] = {outcome, "console", std::move(words), now(), now(), false};
  };
  const auto* rule = find_act(dialect_, act.word);
  if (!is_allowed(rule->hazard))
    return refuse(
        Receipt::Outcome::Unsupported,
        fmt::format("the testbed does not allow `{}`, which {} needs", rule->hazard, act.word));
  const std::string lead = needs_leader(dialect_, act) ? leader(cancel) : "";
  const auto planned = console_acts(dialect_, act, settings_.capabilities.nodes, lead, values_);
  if (!planned) return refuse(Receipt::Outcome::Unsupported, to_line(planned.error()));
  for (const auto& plan : *planned) {
    Errand errand{.act = index, .plan = plan};
    errand.line = line_of(plan.node);
    errand.wears_flash = rule->hazard == "wears-flash" && !plan.is_cancelled;
    if (errand.line >= lines_.size())
      return refuse(Receipt::Outcome::NoAnswer,
                    fmt::format("no node says {} = {}, so none takes `{}`", dialect_.leader.first,
                                dialect_.leader.second, act.word));
    for (const auto& node : plan.boots)
      if (const auto line = line_of(node); !lines_[line].has_ended && !plan.is_cancelled) {
        lines_[line].may_end = true;
        if (has_console(lines_[line])) errand.boots.emplace_back(line, lines_[line].boots);
      }
    if (plan.ends_session && !plan.is_cancelled) lines_[errand.line].may_end = true;
    errand.receipt.means = "console";
    errand.receipt.ordered = now();
    errands_.push_back(std::move(errand));
  }
}

/// Waits until it is time for the act; `after` is not for the bench.
Act SwitchDevice::in_its_time(Act act, const Cancel& cancel) {
  const auto after = act.arguments.find("after");
  if (after == act.arguments.end()) return act;
  const auto length = duration_from_text(after->get<std::string>());
  const Time until = now() + length.value_or(Duration{});
  while (now() < until && broken_.empty() && !cancel.is_cancelled()) advance(until, cancel);
  act.arguments.erase("after");
  return act;
}

std::vector<Receipt> SwitchDevice::act(const std::vector<Act>& acts, const Cancel& cancel) {
  for (auto& line : lines_) {
    line.boots_at_act = line.boots;
    line.asked = line.answered = "nothing";
  }
  if (listening_) listening_->act_begins();
  std::vector<Receipt> receipts(acts.size());
  errands_.clear();
  for (std::size_t i = 0; i < acts.size(); ++i)
    if (find_act(dialect_, acts[i].word)) start_console_act(i, acts[i], cancel, receipts);
  for (auto& errand : errands_) {
    errand.is_cut_short = std::ranges::any_of(acts, [&](const Act& act) {
      return takes_node(act, lines_[errand.line].name) && !find_act(dialect_, act.word);
    });
    send_next(errand);
  }
  flush();
  for (std::size_t i = 0; i < acts.size(); ++i) {
    if (find_act(dialect_, acts[i].word)) continue;
    if (std::ranges::find(bench_acts_, acts[i].word) != bench_acts_.end())
      receipts[i] = bench_act(in_its_time(acts[i], cancel), cancel);
    else
      receipts[i] = {Receipt::Outcome::Unsupported,
                     "",
                     fmt::format("this testbed cannot `{}`", acts[i].word),
                     now(),
                     now(),
                     false};
  }
  const auto is_done = [&] {
    return std::ranges::all_of(errands_, [](const Errand& errand) { return errand.is_done; });
  };
  while (!is_done() && broken_.empty() && !cancel.is_cancelled()) {
    Time until = Time::max();
    for (const auto& errand : errands_)
      if (errand.awaits_boot && !errand.is_done) until = std::min(until, errand.limit);
    advance(std::min(until, now() + 2 * answer_), cancel);
  }
  for (auto& errand : errands_) {
    if (!errand.is_done)
      finish(errand, broken_.empty() ? Receipt::Outcome::NoAnswer : Receipt::Outcome::BenchBroken,
             broken_.empty() ? "cancelled" : broken_, false);
    merge(receipts[errand.act], errand.receipt);
  }
  errands_.clear();
  for (Receipt& receipt : receipts) receipt.words = settings_.mask.applied_to(receipt.words);
  return receipts;
}

}  // namespace understudy::targets
