#include "reference-impl/cli/exos_operator.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reference-impl/chassis/query.h"

namespace understudy::reference {
namespace {

std::string with_suffix(std::string file) {
  return file.ends_with(".cfg") ? file : file + ".cfg";
}

std::string history_lines(const Session& session) {
  std::string text;
  for (std::size_t i = 0; i < session.editor.history.size(); ++i) {
    text += fmt::format("{:4} {}\n", i + 1, session.editor.history[i]);
  }
  return text;
}

}  // namespace

// The file that a command names; empty where it names none.
std::string ExosOperator::file_of(const Call& call) {
  if (call.has("primary")) return "primary.cfg";
  if (call.has("secondary")) return "secondary.cfg";
  return call.takes("file") ? with_suffix(call.argument("file")) : std::string();
}

// ------------------------------------------------------------------ what the session asks for

std::vector<std::string> ExosOperator::names(std::string_view argument) const {
  std::vector<std::string> found;
  if (argument == "vlan_name") {
    for (const VlanRow& vlan : vlans_of(view().node)) found.push_back(vlan.name);
  } else if (argument == "process") {
    for (const auto& row : view().profile.replication.applications) {
      found.emplace_back(row.name);
    }
  } else if (argument == "slot_id") {
    for (const std::string_view word : view().profile.slot_words) found.emplace_back(word);
  } else if (argument == "slot") {
    found = slot_names(view());
    for (const auto& name : slot_names(view())) found.push_back(short_slot(name));
  } else if (argument == "module") {
    found = configuration_modules();
  }
  return found;
}

std::string ExosOperator::prompt(const Session& session) const {
  return fmt::format("{}{}{}.{} # ", slots_down(view()).empty() ? "" : "! ",
                     view().node.is_dirty ? "* " : "", system_name(view().node), session.counter);
}

std::string ExosOperator::notice() const {
  const auto slots = slots_down(view());
  if (slots.empty()) return {};
  return fmt::format(
      "The I/O modules in the following slots are shut down: {}\n"
      "Use the \"clear sys-recovery-level\" command to restore I/O modules\n\n",
      fmt::join(slots, ","));
}

// ------------------------------------------------------------------ dispatch

Response ExosOperator::execute(const Call& call, Session& session) {
  const auto command = static_cast<Exos>(call.id);
  if (command <= Exos::ShowEntries) return show(command, call);
  if (command <= Exos::SetNodePriority) return change(command, call);
  if (command == Exos::CreateFdbEntry || command == Exos::DeleteFdbEntry) {
    return change(command, call);
  }
  if (command >= Exos::SaveNow) return follow(command, call);
  return manage(command, call, session);
}

Response ExosOperator::show(Exos command, const Call& call) const {
  const ExosSeen seen{view(), product_, options().identity, settings_};
  switch (command) {
    case Exos::ShowSwitch:
      return {.text = show_switch(seen)};
    case Exos::ShowNode:
      return {.text = show_node(seen, call.has("detail"))};
    case Exos::ShowCheckpointData:
      return {.text = show_checkpoint_data(seen, call.argument("process"))};
    case Exos::ShowConfiguration:
      return {.text = show_configuration(seen, call.argument("module"))};
    case Exos::ShowVlan:
      return {.text = call.has("detail") || call.takes("vlan_name")
                          ? show_vlan_detail(seen, call.argument("vlan_name"))
                          : show_vlans(seen)};
    case Exos::ShowFdb:
      return {.text = show_fdb(seen, call)};
    case Exos::ShowLog:
      return {.text = show_log(seen, call)};
    case Exos::ShowVersion:
      if (call.has("images")) return {.text = show_images(seen, call)};
      if (call.has("process"))
        return {.text = show_process_version(seen, call.argument("process"))};
      return {.text = show_version(seen, call.has("detail"))};
    case Exos::ShowSlot:
      return {.text = call.takes("slot") || call.has("detail")
                          ? show_slot_detail(seen, call.argument("slot"))
                          : show_slots(seen)};
    case Exos::ShowProcess:
      return {.text = call.has("detail") ? show_process_detail(seen, call.argument("process"))
                                         : show_processes(seen, call.argument("process"))};
    case Exos::ShowManagement:
      return {.text = show_management(seen)};
    case Exos::ShowPorts:
      return {.text = show_ports(seen, call.argument("port_list"))};
    case Exos::ShowSharing:
      return {.text = show_sharing(seen)};
    case Exos::ShowLacp:
      return {.text = show_lacp(seen, call)};
    case Exos::ShowPower:
      return {.text = show_power(seen, call)};
    case Exos::ShowFans:
      return {.text = show_fans(seen)};
    case Exos::ShowSupplies:
      return {.text = show_supplies(seen)};
    case Exos::ShowTemperature:
      return {.text = show_temperature(seen)};
    case Exos::ShowFiles:
      return {.text = show_files(view())};
    case Exos::ShowRoutes:
      return {.text = show_routes(seen, call.has("ipv6"))};
    case Exos::ShowEntries:
      return {.text = show_entries(seen, call)};
    default:  // ShowSession
      return {.text = session_table()};
  }
}

std::string ExosOperator::session_table() const {
  std::string text =
      "                                                        CLI\n"
      "    #     Login Time               User     Type    Auth  Auth Location\n" +
      std::string(80, '=') + '\n';
  for (const SessionRow& row : desk().sessions()) {
    text += fmt::format("{:<4}{:<6}{:<25}{:<9}{:<8}local dis  {}\n",
                        row.console == desk().console ? "*" : "", row.console,
                        format_clock(row.since), row.user, row.console == 0 ? "console" : "telnet",
                        row.console == 0 ? "serial" : "network");
  }
  return text;
}

Response ExosOperator::manage(Exos command, const Call& call, Session& session) {
  switch (command) {
    case Exos::Save:
      return ask_to_save(call, session);
    case Exos::Reboot:
      return ask_to_reboot(call, session);
    case Exos::RebootAt:
      return ask_to_schedule(call, session);
    case Exos::Failover:
      return order(Failover{.force = call.has("force")}, call);
    case Exos::UseConfiguration:
      return order(SelectConfiguration{file_of(call)}, call);
    case Exos::UseImage:
      return order(SelectImage{call.has("primary") ? Partition::Primary : Partition::Secondary},
                   call);
    case Exos::DownloadImage:
      return ask_to_install(call, session);
    case Exos::InstallImage:
      return install_image(call);
    case Exos::Synchronize:
      return ask_to_synchronize(call, session);
    case Exos::RestartProcess:
      return ask_to_restart(call, session);
    case Exos::Unconfigure:
      return ask_to_reset(call, session);
    case Exos::SetRecovery:
    case Exos::SetSlotRecovery:
      return ask_for_recovery(call, session);
    case Exos::ClearRecovery:
      return order(ClearRecovery{}, call);
    case Exos::ClearFdb:
      return order(ForgetEntries{*application_named(view().profile, "fdb")}, call);
    case Exos::Exit:
      return ask_before_leaving(session);
    default:
      return set(command, call, session);
  }
}

// Settings of the node's command line and of the session.
Response ExosOperator::set(Exos command, const Call& call, Session& session) {
  switch (command) {
    case Exos::CancelReboot:
      settings_.reboot.reset();
      break;
    case Exos::ClearLog:
      if (!view().diary.log.empty()) settings_.cleared_log = view().diary.log.back();
      break;
    case Exos::ClearCounters:
      break;  // no traffic runs, so every counter is zero
    case Exos::EnablePaging:
    case Exos::DisablePaging:
      settings_.pages = command == Exos::EnablePaging;
      break;
    case Exos::EnablePrompting:
    case Exos::DisablePrompting:
      session.is_asked = command == Exos::EnablePrompting;
      break;
    case Exos::EnableLogDisplay:
    case Exos::DisableLogDisplay:
      settings_.shows_log = command == Exos::EnableLogDisplay;
      break;
    case Exos::SetColumns:
      session.columns = call.number("columns");
      break;
    case Exos::History:
      return {.text = history_lines(session)};
    default:  // nothing else comes here
      break;
  }
  return {};
}

// ------------------------------------------------------------------ orders to the node

// The MSM that a command names.
std::optional<Slot> ExosOperator::module_of(const Call& call) const {
  if (!call.takes("slot_id")) return std::nullopt;
  const auto& words = view().profile.slot_words;
  return static_cast<Slot>(std::ranges::find(words, call.argument("slot_id")) - words.begin());
}

Response ExosOperator::order_reboot(const Call& call) {
  return order(Reboot{module_of(call)}, call_of(Exos::RebootNow, call));
}

Response ExosOperator::order_restart(const Call& call) {
  const auto application = application_named(view().profile, call.argument("process"));
  return order(RestartProcess{*application, module_of(call)}, call);
}

// After an answer.
Response ExosOperator::follow(Exos command, const Call& call) {
  switch (command) {
    case Exos::SaveNow:
      return order(Save{call.argument("file")}, call);
    case Exos::SaveThenReboot:
    case Exos::SaveThenSchedule:
    case Exos::SaveThenLeave:
    case Exos::SaveThenSynchronize:
    case Exos::SaveThenRestartProcess:
      return order(Save{selected_file()}, call);
    case Exos::SynchronizeNow:
      return order(Synchronize{}, call_of(command, call));
    case Exos::RestartProcessNow:
      return order_restart(call_of(command, call));
    case Exos::DownloadThenInstall:
    case Exos::DownloadNow:
      return download_image(call);
    case Exos::RebootNow:
      return order_reboot(call);
    case Exos::ScheduleNow:
      return schedule_reboot(call);
    case Exos::ResetNow:
      return order(ClearConfiguration{}, call);
    case Exos::SetRecoveryNow:
      return order(ChangeSetting{{std::string(view().profile.recovery_setting), call.words.back()}},
                   call);
    case Exos::SetSlotRecoveryNow:
      return set_slot_recovery(call);
    case Exos::Leave:
      return {.leaves = true};
    default:  // Nothing
      return {};
  }
}

Response ExosOperator::conclude(const Call& call, const Reply& reply) {
  const auto command = static_cast<Exos>(call.id);
  if (reply.refusal) {
    return refuse(*reply.refusal, reply.object);
  }
  switch (command) {
    case Exos::SaveThenReboot:
    case Exos::ResetThenSave:
      return order_reboot(call);
    case Exos::SaveThenSchedule:
      return schedule_reboot(call);
    case Exos::ResetNow:
      if (!call.has("all")) return {};
      return order(Save{selected_file()}, call_of(Exos::ResetThenSave));
    case Exos::SaveThenSynchronize:
      return follow(Exos::SynchronizeNow, call);
    case Exos::SaveThenRestartProcess:
      return follow(Exos::RestartProcessNow, call);
    case Exos::SynchronizeNow:
      return {.text = "Synchronizing images and configurations to backup MSM .. done!\n"};
    case Exos::SaveThenLeave:
      return {.leaves = true};
    default:
      return {};
  }
}

}  // namespace understudy::reference
