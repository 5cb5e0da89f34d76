// What an EXOS operator is asked before something is done: to save, to restart, to leave.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_operator.h"

namespace understudy::reference {
namespace {

// Keys of a (y/N) question: Enter is No; the device echoes the whole word.
std::vector<Answer> yes_or_no(Call yes, Call no) {
  return {{'y', "Yes", std::move(yes)}, {'n', "No", no}, {'\r', "No", std::move(no)}};
}

}  // namespace

// Refused before any question is asked: this module may not do it at all.
std::optional<Response> ExosOperator::refusal_of(const Command& command) const {
  const CommandRow* row = row_of(view().profile, kind_of(command, view().node.slot));
  const Office office = office_of(view().profile, view().node);
  if (row && std::ranges::find(row->offices, office) != row->offices.end()) return std::nullopt;
  if (!row || office == Office::None || office == Office::Candidate) {
    return refuse(Refusal::NotReady, "");
  }
  return refuse(row->otherwise, "");
}

// A session that is not asked takes the first answer: yes.
Response ExosOperator::confirm(Question question, Session& session) {
  if (session.is_asked) return {.question = std::move(question)};
  const Call call = question.answers.front().call;
  return execute(call, session);
}

std::string ExosOperator::selected_file() const {
  const std::string& selected = view().node.selected_file;
  return selected.empty() ? std::string(view().profile.default_file) : selected;
}

Response ExosOperator::ask_to_save(const Call& call, Session& session) {
  const std::string named = file_of(call);
  const std::string file = named.empty() ? selected_file() : named;
  if (const auto refused = refusal_of(Save{file})) return *refused;
  const bool is_there = view().node.flash.find(file) != nullptr;
  Call save = call_of(Exos::SaveNow);
  save.arguments["file"] = file;
  return confirm({fmt::format("Do you want to save configuration to {}{}? (y/N) ", file,
                              is_there ? " and overwrite it" : ""),
                  yes_or_no(std::move(save), call_of(Exos::Nothing))},
                 session);
}

Question ExosOperator::question_of_reboot(Call save_first, Call at_once) const {
  return {fmt::format("Do you want to save configuration changes to currently selected "
                      "configuration file ({}) and reboot?\n(y - save and reboot, "
                      "n - reboot without save, <cr> - cancel command) ",
                      selected_file()),
          {{'y', "Yes", std::move(save_first)},
           {'n', "No", std::move(at_once)},
           {'\r', "", call_of(Exos::Nothing)}}};
}

Response ExosOperator::ask_to_reboot(const Call& call, Session& session) {
  const std::optional<Slot> module = module_of(call);
  if (const auto refused = refusal_of(Reboot{module})) return *refused;
  // A backup cannot save: what is unsaved is its master's.
  if (view().node.is_dirty && !refusal_of(Save{})) {
    return confirm(
        question_of_reboot(call_of(Exos::SaveThenReboot, call), call_of(Exos::RebootNow, call)),
        session);
  }
  const std::string what =
      module ? std::string(view().profile.node_words[*module]) : std::string("the switch");
  return confirm({fmt::format("Are you sure you want to reboot {}? (y/N) ", what),
                  yes_or_no(call_of(Exos::RebootNow, call), call_of(Exos::Nothing))},
                 session);
}

// "n" cancels.
Response ExosOperator::ask_to_synchronize(const Call& call, Session& session) {
  if (const auto refused = refusal_of(Synchronize{})) return *refused;
  if (!view().node.peer.is_heard) {
    return {.text = "Error: There is no backup to synchronize.\n"};
  }
  if (!view().node.is_dirty) return follow(Exos::SynchronizeNow, call);
  return confirm(
      {fmt::format("Do you want to save configuration changes to {}? (y or n) ", selected_file()),
       {{'y', "Yes", call_of(Exos::SaveThenSynchronize, call)},
        {'n', "No", call_of(Exos::Nothing)}}},
      session);
}

// "n" restarts it all the same.
Response ExosOperator::ask_to_restart(const Call& call, Session& session) {
  if (const auto refused = refusal_of(RestartProcess{})) return *refused;
  if (!view().node.is_dirty || refusal_of(Save{})) {
    return follow(Exos::RestartProcessNow, call);
  }
  return confirm({fmt::format("Do you want to save configuration changes to currently selected "
                              "configuration\nfile ({})? (y or n) ",
                              selected_file()),
                  {{'y', "Yes", call_of(Exos::SaveThenRestartProcess, call)},
                   {'n', "No", call_of(Exos::RestartProcessNow, call)}}},
                 session);
}

Response ExosOperator::ask_to_reset(const Call& call, Session& session) {
  if (const auto refused = refusal_of(ClearConfiguration{})) return *refused;
  return confirm({call.has("all") ? "Restore all factory defaults and reboot? (y/N) "
                                  : "Restore factory defaults? (y/N) ",
                  yes_or_no(call_of(Exos::ResetNow, call), call_of(Exos::Nothing))},
                 session);
}

Response ExosOperator::ask_for_recovery(const Call& call, Session& session) {
  if (const auto refused = refusal_of(ChangeSetting{})) return *refused;
  const bool is_of_slot = static_cast<Exos>(call.id) == Exos::SetSlotRecovery;
  const Call then = call_of(is_of_slot ? Exos::SetSlotRecoveryNow : Exos::SetRecoveryNow, call);
  if (!call.has("none") && !call.has("shutdown")) return follow(static_cast<Exos>(then.id), then);
  return confirm({"Are you sure you want to shutdown on errors? (y/n) ",
                  yes_or_no(then, call_of(Exos::Nothing))},
                 session);
}

Response ExosOperator::ask_before_leaving(Session& session) {
  if (!view().node.is_dirty || refusal_of(Save{selected_file()})) return {.leaves = true};
  return confirm({fmt::format("Do you wish to save your configuration changes to {}? (y or n) ",
                              selected_file()),
                  {{'y', "Yes", call_of(Exos::SaveThenLeave)}, {'n', "No", call_of(Exos::Leave)}}},
                 session);
}

// The time that a command names; nothing for a day that no month has.
std::optional<std::uint64_t> ExosOperator::time_of(const Call& call) const {
  std::tm parts{};
  parts.tm_year = call.number("year") - 1900;
  parts.tm_mon = call.number("month") - 1;
  parts.tm_mday = call.number("day");
  parts.tm_hour = call.number("hour");
  parts.tm_min = call.number("minute");
  parts.tm_sec = call.number("second");
  const auto at = timegm(&parts);
  if (parts.tm_mday != call.number("day")) return std::nullopt;
  return static_cast<std::uint64_t>(at);
}

Response ExosOperator::ask_to_schedule(const Call& call, Session& session) {
  if (const auto refused = refusal_of(Reboot{})) return *refused;
  const auto at = time_of(call);
  if (!at) {
    return {.text = fmt::format("Error: {}/{}/{} is no date.\n", call.number("month"),
                                call.number("day"), call.number("year"))};
  }
  if (*at <= clock_of(view().diary)) return {.text = "Error: The time of the reboot has passed.\n"};
  if (!view().node.is_dirty || refusal_of(Save{})) return schedule_reboot(call);
  return confirm(
      question_of_reboot(call_of(Exos::SaveThenSchedule, call), call_of(Exos::ScheduleNow, call)),
      session);
}

// It may have come while the question stood there.
Response ExosOperator::schedule_reboot(const Call& call) {
  const std::uint64_t at = time_of(call).value_or(0);
  const std::uint64_t now = clock_of(view().diary);
  if (at <= now) return {.text = "Error: The time of the reboot has passed.\n"};
  settings_.reboot = ScheduledReboot{
      .at = at, .left = std::chrono::seconds(at - now) - part_of_second(view().diary)};
  return {};
}

}  // namespace understudy::reference
