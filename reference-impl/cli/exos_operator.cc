#include "reference-impl/cli/exos_operator.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <utility>

#include "reference-impl/chassis/query.h"

namespace understudy::reference {
namespace {

Call call_of(Exos command, const Call& from = {}) {
  return {static_cast<int>(command), from.words, from.arguments};
}

int to_number(const std::string& text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string with_suffix(std::string file) {
  return file.ends_with(".cfg") ? file : file + ".cfg";
}

// The file that a command names; empty where it names none.
std::string file_of(const Call& call) {
  if (call.has("primary")) return "primary.cfg";
  if (call.has("secondary")) return "secondary.cfg";
  return call.takes("file") ? with_suffix(call.argument("file")) : std::string();
}

// "10.0.0.1", and with a mask "10.0.0.1/24".
bool is_address(const std::string& text, bool has_mask) {
  const std::size_t slash = text.find('/');
  if ((slash == std::string::npos) == has_mask) return false;
  in6_addr bytes{};
  const std::string address = text.substr(0, slash);
  const bool is_v4 = inet_pton(AF_INET, address.c_str(), &bytes) == 1;
  const bool is_v6 = !is_v4 && inet_pton(AF_INET6, address.c_str(), &bytes) == 1;
  if (!has_mask) return is_v4 || is_v6;
  const int mask = to_number(text.substr(slash + 1));
  return (is_v4 && mask >= 1 && mask <= 32) || (is_v6 && mask >= 1 && mask <= 128);
}

Response no_address(const std::string& text) {
  return {.text = fmt::format("Error: {} is no address.\n", text)};
}

// Keys of a (y/N) question: Enter is No; the device echoes the whole word.
std::vector<Answer> yes_or_no(Call yes, Call no) {
  return {{'y', "Yes", std::move(yes)}, {'n', "No", no}, {'\r', "No", std::move(no)}};
}

std::string history_lines(const Session& session) {
  std::string text;
  for (std::size_t i = 0; i < session.editor.history.size(); ++i) {
    text += fmt::format("{:4} {}\n", i + 1, session.editor.history[i]);
  }
  return text;
}

}  // namespace

// ------------------------------------------------------------------ what the session asks for

std::vector<std::string> ExosOperator::names(std::string_view argument) const {
  std::vector<std::string> found;
  if (argument == "vlan_name") {
    for (const VlanRow& vlan : vlans_of(desk_.view.node)) found.push_back(vlan.name);
  } else if (argument == "process") {
    for (const auto& row : desk_.view.profile.replication.applications) {
      found.emplace_back(row.name);
    }
  } else if (argument == "slot_id") {
    for (const std::string_view word : desk_.view.profile.slot_words) found.emplace_back(word);
  } else if (argument == "slot") {
    found = slot_names(desk_.view);
    for (const auto& name : slot_names(desk_.view)) found.push_back(short_slot(name));
  } else if (argument == "module") {
    found = configuration_modules();
  }
  return found;
}

std::string ExosOperator::prompt(const Session& session) const {
  return fmt::format("{}{}{}.{} # ", has_slots_down(desk_.view) ? "! " : "",
                     desk_.view.node.is_dirty ? "* " : "", system_name(desk_.view.node),
                     session.counter);
}

bool ExosOperator::admits(std::string_view user, std::string_view password) const {
  return user == desk_.options.user && password == desk_.options.password;
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
  const ExosSeen seen{desk_.view, desk_.product, desk_.options.identity, desk_.settings};
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
      return {.text = show_version(seen)};
    case Exos::ShowSlot:
      return {.text =
                  call.takes("slot") ? show_slot(seen, call.argument("slot")) : show_slots(seen)};
    case Exos::ShowProcess:
      return {.text = show_processes(seen, call.argument("process"))};
    case Exos::ShowManagement:
      return {.text = show_management(seen)};
    case Exos::ShowPorts:
      return {.text = show_ports(seen, call.argument("port_list"))};
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
  for (const ExosSessionRow& row : desk_.sessions()) {
    text += fmt::format("{:<4}{:<6}{:<25}{:<9}{:<8}local dis  {}\n",
                        row.console == desk_.console ? "*" : "", row.console,
                        format_clock(row.since), row.user, row.console == 0 ? "console" : "telnet",
                        row.console == 0 ? "serial" : "network");
  }
  return text;
}

Response ExosOperator::change(Exos command, const Call& call) {
  const std::string vlan = call.argument("vlan_name");
  switch (command) {
    case Exos::CreateVlan:
      return order(CreateVlan{call.argument("new_name")}, call);
    case Exos::DeleteVlan:
      return order(DeleteVlan{vlan}, call);
    case Exos::TagVlan:
      return order(TagVlan{vlan, to_number(call.argument("tag"))}, call);
    case Exos::AddPorts:
    case Exos::DeletePorts:
      return change_ports(command, call);
    case Exos::SetAddress:
      if (!is_address(call.argument("address"), true)) return no_address(call.argument("address"));
      return order(ChangeSetting{{"vlan/" + vlan + "/ipaddress", call.argument("address")}}, call);
    case Exos::SetSystemName:
      return order(SetSystemName{call.argument("new_name")}, call);
    case Exos::AddTrapReceiver:
    case Exos::DeleteTrapReceiver: {
      const std::string host = call.argument("host");
      const std::string port = call.takes("udp_port") ? call.argument("udp_port") : "162";
      const bool is_added = command == Exos::AddTrapReceiver;
      if (!is_address(host, false)) return no_address(host);
      if (!is_added && !desk_.view.node.active.holds(trap_key(host, port))) {
        return refuse(Refusal::UnknownObject, fmt::format("Trap receiver {} port {}", host, port));
      }
      return order(
          ChangeSetting{{trap_key(host, port),
                         is_added ? std::optional(call.argument("community")) : std::nullopt}},
          call);
    }
    case Exos::SetRestart:
      return order(ChangeSetting{{std::string(exos_restart_key), call.words.back()}}, call);
    case Exos::SetNodePriority: {
      const auto& words = desk_.view.profile.slot_words;
      const auto found = std::ranges::find(words, call.argument("slot_id"));
      return order(SetNodePriority{static_cast<Slot>(found - words.begin()),
                                   to_number(call.argument("node_pri"))},
                   call);
    }
    case Exos::CreateFdbEntry:
    default: {  // a static entry is a line of the configuration
      const std::string key =
          fmt::format("{}{} vlan {} ports ", exos_fdb_prefix, call.argument("mac"), vlan);
      if (command == Exos::CreateFdbEntry) {
        return order(ChangeSetting{{key + call.argument("port_list"), std::string()}}, call);
      }
      const auto& settings = desk_.view.node.active.settings();
      const auto entry = settings.lower_bound(key);
      if (entry == settings.end() || !entry->first.starts_with(key)) {
        return refuse(Refusal::UnknownObject, call.argument("mac"));
      }
      return order(ChangeSetting{{entry->first, std::nullopt}}, call);
    }
  }
}

Response ExosOperator::change_ports(Exos command, const Call& call) {
  const std::string list = call.argument("port_list");
  std::vector<std::string> ports =
      call.has("all") ? all_ports(desk_.product) : expand_ports(desk_.product, list);
  if (ports.empty()) return refuse(Refusal::UnknownObject, list);
  const std::string vlan = call.argument("vlan_name");
  if (command == Exos::DeletePorts) return order(RemovePorts{vlan, std::move(ports)}, call);
  return order(AddPorts{vlan, std::move(ports), call.has("tagged")}, call);
}

Response ExosOperator::manage(Exos command, const Call& call, Session& session) {
  switch (command) {
    case Exos::Save:
      return ask_to_save(call, session);
    case Exos::Reboot:
      return ask_to_reboot(call, session);
    case Exos::RebootAt:
      return schedule_reboot(call);
    case Exos::Failover:
      return order(Failover{.force = call.has("force")}, call);
    case Exos::UseConfiguration:
      return order(SelectConfiguration{file_of(call)}, call);
    case Exos::UseImage:
      return order(SelectImage{call.has("primary") ? Partition::Primary : Partition::Secondary},
                   call);
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
      return order(ForgetEntries{desk_.view.profile.replication.module_application}, call);
    case Exos::ClearFdb:
      return order(ForgetEntries{*application_named(desk_.view.profile, "fdb")}, call);
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
      desk_.settings.until_reboot.reset();
      break;
    case Exos::ClearLog:
      if (!desk_.view.diary.log.empty()) desk_.settings.cleared_log = desk_.view.diary.log.back();
      break;
    case Exos::ClearCounters:
      break;  // no traffic runs, so every counter is zero
    case Exos::EnablePaging:
    case Exos::DisablePaging:
      desk_.settings.pages = command == Exos::EnablePaging;
      break;
    case Exos::EnablePrompting:
    case Exos::DisablePrompting:
      session.is_asked = command == Exos::EnablePrompting;
      break;
    case Exos::EnableLogDisplay:
    case Exos::DisableLogDisplay:
      desk_.settings.shows_log = command == Exos::EnableLogDisplay;
      break;
    case Exos::SetColumns:
      session.columns = to_number(call.argument("columns"));
      break;
    case Exos::History:
      return {.text = history_lines(session)};
    default:  // nothing else comes here
      break;
  }
  return {};
}

// ------------------------------------------------------------------ questions

// A session that is not asked takes the first answer: yes.
Response ExosOperator::confirm(Question question, Session& session) {
  if (session.is_asked) return {.question = std::move(question)};
  const Call call = question.answers.front().call;
  return execute(call, session);
}

std::string ExosOperator::selected_file() const {
  const std::string& selected = desk_.view.node.selected_file;
  return selected.empty() ? std::string(desk_.view.profile.default_file) : selected;
}

Response ExosOperator::ask_to_save(const Call& call, Session& session) {
  const std::string named = file_of(call);
  const std::string file = named.empty() ? selected_file() : named;
  if (const auto refused = refusal_of(Save{file})) return *refused;
  const bool is_there = desk_.view.node.flash.find(file) != nullptr;
  Call save = call_of(Exos::SaveNow);
  save.arguments["file"] = file;
  return confirm({fmt::format("Do you want to save configuration to {}{}? (y/N) ", file,
                              is_there ? " and overwrite it" : ""),
                  yes_or_no(std::move(save), call_of(Exos::Nothing))},
                 session);
}

Response ExosOperator::ask_to_reboot(const Call& call, Session& session) {
  const std::optional<Slot> module = module_of(call);
  if (const auto refused = refusal_of(Reboot{module})) return *refused;
  // A backup cannot save: what is unsaved is its master's.
  if (desk_.view.node.is_dirty && !refusal_of(Save{})) {
    return confirm({fmt::format("Do you want to save configuration changes to currently selected "
                                "configuration file ({}) and reboot?\n(y - save and reboot, "
                                "n - reboot without save, <cr> - cancel command) ",
                                selected_file()),
                    {{'y', "Yes", call_of(Exos::SaveThenReboot, call)},
                     {'n', "No", call_of(Exos::RebootNow, call)},
                     {'\r', "", call_of(Exos::Nothing)}}},
                   session);
  }
  const std::string what =
      module ? std::string(desk_.view.profile.node_words[*module]) : std::string("the switch");
  return confirm({fmt::format("Are you sure you want to reboot {}? (y/N) ", what),
                  yes_or_no(call_of(Exos::RebootNow, call), call_of(Exos::Nothing))},
                 session);
}

// "n" cancels.
Response ExosOperator::ask_to_synchronize(const Call& call, Session& session) {
  if (const auto refused = refusal_of(Synchronize{})) return *refused;
  if (!desk_.view.node.peer.is_heard) {
    return {.text = "Error: There is no backup to synchronize.\n"};
  }
  if (!desk_.view.node.is_dirty) return follow(Exos::SynchronizeNow, call);
  return confirm(
      {fmt::format("Do you want to save configuration changes to {}? (y or n) ", selected_file()),
       {{'y', "Yes", call_of(Exos::SaveThenSynchronize, call)},
        {'n', "No", call_of(Exos::Nothing)}}},
      session);
}

// "n" restarts it all the same.
Response ExosOperator::ask_to_restart(const Call& call, Session& session) {
  if (const auto refused = refusal_of(RestartProcess{})) return *refused;
  if (!desk_.view.node.is_dirty || refusal_of(Save{})) {
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
  if (!desk_.view.node.is_dirty || refusal_of(Save{selected_file()})) return {.leaves = true};
  return confirm({fmt::format("Do you wish to save your configuration changes to {}? (y or n) ",
                              selected_file()),
                  {{'y', "Yes", call_of(Exos::SaveThenLeave)}, {'n', "No", call_of(Exos::Leave)}}},
                 session);
}

Response ExosOperator::schedule_reboot(const Call& call) {
  if (const auto refused = refusal_of(Reboot{})) return *refused;
  const auto part = [&](std::string_view name) { return to_number(call.argument(name)); };
  std::tm parts{};
  parts.tm_year = part("year") - 1900;
  parts.tm_mon = part("month") - 1;
  parts.tm_mday = part("day");
  parts.tm_hour = part("hour");
  parts.tm_min = part("minute");
  parts.tm_sec = part("second");
  const auto at = static_cast<std::int64_t>(timegm(&parts));
  const auto now = static_cast<std::int64_t>(clock_of(desk_.view.diary));
  if (at <= now) return {.text = "Error: The time of the reboot has passed.\n"};
  desk_.settings.until_reboot = std::chrono::seconds(at - now);
  return {};
}

// ------------------------------------------------------------------ orders to the node

Response ExosOperator::order(Command command, Call call) {
  const CommandId id = ++desk_.last_command;
  desk_.commands.push_back({id, std::move(command)});
  ordered_ = Order{id, std::move(call)};
  return {.waits = true};
}

// The MSM that a command names.
std::optional<Slot> ExosOperator::module_of(const Call& call) const {
  if (!call.takes("slot_id")) return std::nullopt;
  const auto& words = desk_.view.profile.slot_words;
  return static_cast<Slot>(std::ranges::find(words, call.argument("slot_id")) - words.begin());
}

Response ExosOperator::order_reboot(const Call& call) {
  return order(Reboot{module_of(call)}, call_of(Exos::RebootNow, call));
}

Response ExosOperator::order_restart(const Call& call) {
  const auto application = application_named(desk_.view.profile, call.argument("process"));
  return order(RestartProcess{*application, module_of(call)}, call);
}

Response ExosOperator::set_slot_recovery(const Call& call) {
  std::vector<std::string> slots{short_slot(call.argument("slot"))};
  if (!call.takes("slot")) {
    slots.clear();
    for (const auto& name : slot_names(desk_.view)) slots.push_back(short_slot(name));
  }
  for (const std::string& slot : slots) {
    order(ChangeSetting{{fmt::format("{}/{}", desk_.view.profile.recovery_setting, slot),
                         call.words.back()}},
          call);
  }
  return {.waits = true};
}

// After an answer.
Response ExosOperator::follow(Exos command, const Call& call) {
  switch (command) {
    case Exos::SaveNow:
      return order(Save{call.argument("file")}, call);
    case Exos::SaveThenReboot:
    case Exos::SaveThenLeave:
    case Exos::SaveThenSynchronize:
    case Exos::SaveThenRestartProcess:
      return order(Save{selected_file()}, call);
    case Exos::SynchronizeNow:
      return order(Synchronize{}, call_of(command, call));
    case Exos::RestartProcessNow:
      return order_restart(call_of(command, call));
    case Exos::RebootNow:
      return order_reboot(call);
    case Exos::ResetNow:
      return order(ClearConfiguration{}, call);
    case Exos::SetRecoveryNow:
      return order(
          ChangeSetting{{std::string(desk_.view.profile.recovery_setting), call.words.back()}},
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

// Refused before any question is asked: this module may not do it at all.
std::optional<Response> ExosOperator::refusal_of(const Command& command) const {
  const NodeView& view = desk_.view;
  const CommandRow* row = row_of(view.profile, kind_of(command, view.node.slot));
  const Office office = office_of(view.profile, view.node);
  if (row && std::ranges::find(row->offices, office) != row->offices.end()) return std::nullopt;
  if (!row || office == Office::None || office == Office::Candidate) {
    return refuse(Refusal::NotReady, "");
  }
  return refuse(row->otherwise, "");
}

// Wording of the refusals is our own: no document that we have prints them.
Response ExosOperator::refuse(Refusal refusal, std::string_view object) const {
  const auto error = [](std::string text) { return Response{.text = "Error: " + text + "\n"}; };
  switch (refusal) {
    case Refusal::NotMaster:
      return error("This command can only be executed on the MASTER.");
    case Refusal::NotInSync:
      return error(fmt::format("The backup MSM is not in sync with the {}. Use the force option.",
                               desk_.product.lead));
    case Refusal::NoBackup:
      return error("There is no backup to take over.");
    case Refusal::Synchronising:
      return error("The backup MSM is being synchronized.");
    case Refusal::OutOfRange:
      return error(fmt::format("{} is out of range.", object));
    case Refusal::UnknownObject:
      return error(fmt::format("{} does not exist.", object));
    case Refusal::AlreadyExists:
      return error(fmt::format("{} already exists.", object));
    case Refusal::NoSuchFile:
      return error(fmt::format("Configuration file {} does not exist.", object));
    case Refusal::Busy:
      return error("A save or a reboot is already in progress.");
    case Refusal::NotReady:
      return error("The MSM is not ready.");
    case Refusal::NoAnswer:
      return error(fmt::format("The backup MSM did not respond within {} seconds.", object));
    case Refusal::FlashFull:
      return error(fmt::format("No space left in flash: {} is not saved.", object));
    case Refusal::NotAllowed:
      return error(fmt::format("{} cannot be deleted.", object));
  }
  return {};
}

std::string exos_progress(const Progress& progress) {
  switch (progress.stage) {
    case Progress::Stage::SavedHere:
      return "Saving configuration on primary MSM ...... done!\n";
    case Progress::Stage::SavedOnBackup:
      return "Synchronizing configuration to backup MSM .. done!\n";
    case Progress::Stage::BackupNotSaved:
      return "Synchronizing configuration to backup MSM .. failed!\n";
    case Progress::Stage::NoBackupToSave:
      return {};
  }
  return {};
}

}  // namespace understudy::reference
