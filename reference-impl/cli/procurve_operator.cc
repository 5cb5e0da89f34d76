#include "reference-impl/cli/procurve_operator.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/ip_address.h"
#include "reference-impl/cli/procurve_mib.h"
#include "reference-impl/cli/procurve_show.h"

namespace understudy::reference {
namespace {

std::vector<Answer> yes_or_no(Call yes, Call no) {
  return {{'y', "y", std::move(yes)}, {'n', "n", no}, {'\r', "n", std::move(no)}};
}

// The command that was asked about travels as a word in front of the others.
Call about(Procurve then, const Call& call) {
  Call asked = call_of(then, call);
  asked.arguments["command"] = std::to_string(call.id);
  return asked;
}

Procurve command_of(const Call& call) {
  return static_cast<Procurve>(call.number("command"));
}

Partition flash_of(const Call& call) {
  return call.argument("flash") == "secondary" ? Partition::Secondary : Partition::Primary;
}

constexpr const char* syslog_facility = "user";
constexpr const char* syslog_port = "514";

std::string vlan_key(const std::string& id) {
  return "vlan/" + id;
}

/// "HH:MM" or "HH:MM:SS", since midnight.
std::optional<Duration> time_of_day(std::string_view text) {
  constexpr std::array limits = {24, 60, 60};
  std::array<int, 3> parts{};
  for (std::size_t index = 0;; ++index) {
    const char* const end = text.data() + text.size();
    const auto [next, error] = std::from_chars(text.data(), end, parts[index]);
    const bool fits = error == std::errc() && parts[index] >= 0 && parts[index] < limits[index];
    if (!fits) return std::nullopt;
    if (next == end && index > 0) break;
    if (next == end || *next != ':' || index == 2) return std::nullopt;
    text = {next + 1, end};
  }
  return std::chrono::hours(parts[0]) + std::chrono::minutes(parts[1]) +
         std::chrono::seconds(parts[2]);
}

/// From the switch's own clock to the next time that it shows this time of the day.
Duration until(Duration time_of_day, std::uint64_t clock) {
  const Duration day = std::chrono::hours(24);
  const Duration now = std::chrono::seconds(clock) % day;
  return time_of_day > now ? time_of_day - now : time_of_day + day - now;
}

bool has_standby(const NodeView& view) {
  const bool is_disabled =
      view.node.active.value(view.profile.alone.key) == view.profile.alone.value;
  return !is_disabled && view.node.peer.is_heard && view.node.peer.state == NodeState::WarmStandby;
}

constexpr std::string_view save_question = "Do you want to save current configuration [y/n]? ";
constexpr std::string_view context_of_vlans = "vlan-";

}  // namespace

// The standby's console has a prompt of its own; which one no document tells.
std::string ProcurveOperator::prompt(const Session& session) const {
  if (view().node.state != NodeState::Active) return "Standby Console# ";
  const std::string context = session.context.empty() ? "" : "(" + session.context + ")";
  return fmt::format("{}{}# ", system_name(view().node), context);
}

// What `?` offers is what the module takes at that moment, in that context.
const Grammar& ProcurveOperator::help(const Session& session) const {
  if (view().node.state == NodeState::Active) {
    if (session.context.empty()) return procurve_grammar_of_manager();
    return session.context.starts_with(context_of_vlans) ? procurve_grammar()
                                                         : procurve_grammar_of_configuration();
  }
  return is_lead(view().profile, view().node) ? procurve_grammar_of_lead()
                                              : procurve_grammar_of_standby();
}

// What cannot be done here: not on this module, or not in this context.
std::optional<Response> ProcurveOperator::objection(const Call& call,
                                                    const Session& session) const {
  const auto command = static_cast<Procurve>(call.id);
  const auto invalid = [&] {
    return Response{.text = fmt::format("Invalid input: {}\n", call.words.front())};
  };
  if (command <= Procurve::Logout || command >= Procurve::AskToSave) return std::nullopt;
  const bool is_of_lead =
      command <= Procurve::ShowInterfaces && is_lead(view().profile, view().node);
  if (view().node.state != NodeState::Active && !is_of_lead) {
    return Response{.text = "This command is not available on this management module.\n"};
  }
  if (command < Procurve::Switchover) return std::nullopt;
  if (session.context.empty()) return invalid();
  if (command == Procurve::NameThis && !session.context.starts_with(context_of_vlans)) {
    return invalid();
  }
  return std::nullopt;
}

Response ProcurveOperator::execute(const Call& call, Session& session) {
  if (auto refused = objection(call, session)) return std::move(*refused);
  const std::string id = call.argument("vlan_id");
  switch (static_cast<Procurve>(call.id)) {
    case Procurve::ShowRedundancy:
      return {.text = procurve_redundancy(view())};
    case Procurve::ShowVersion:
      return {.text = procurve_version(view())};
    case Procurve::ShowFlash:
      return {.text = procurve_flash(view())};
    case Procurve::ShowLogging:
      return {.text = procurve_logging(view())};
    case Procurve::ShowModules:
      return {.text = procurve_modules(view())};
    case Procurve::ShowSystem:
      return {.text = procurve_system(view())};
    case Procurve::ShowRunning:
      return {.text = procurve_running(view())};
    case Procurve::ShowStartup:
      return {.text = procurve_startup(view())};
    case Procurve::ShowConfigStatus:
      return {.text = config_status()};
    case Procurve::ShowVlans:
      return {.text = procurve_vlans(view())};
    case Procurve::ShowMacAddress:
      return {.text = procurve_addresses(view())};
    case Procurve::ShowInterfaces:
      return {.text = procurve_interfaces(view())};
    case Procurve::ShowHostKey:
      return {.text = procurve_host_key(view())};
    case Procurve::GetMib:
      return {.text = procurve_get_mib(view(), call.argument("object"))};
    case Procurve::WalkMib:
      return {.text = procurve_walk_mib(view(), call.argument("object"))};
    case Procurve::NoPage:
      settings_.pages = false;
      return {};
    case Procurve::Page:
      settings_.pages = true;
      return {};
    case Procurve::SetWidth:
      session.columns = call.number("columns");
      return {};
    case Procurve::Enable:  // every session is a manager's
      return {};
    case Procurve::End:
      session.context.clear();
      return {};
    case Procurve::Configure:
      session.context = "config";
      return {};
    case Procurve::Exit:
      return leave_context(session);
    case Procurve::Logout:
      session.context.clear();
      return leave_context(session);
    case Procurve::WriteMemory:
      return order(Save{}, call);
    case Procurve::Boot:
    case Procurve::BootStandby:
    case Procurve::BootSystem:
    case Procurve::Reload:
      return ask_to_boot(call);
    case Procurve::SetDefaultFlash:
      return order(SelectImage{flash_of(call)}, call);
    case Procurve::ReloadAfter:
      settings_.until_reload = std::chrono::minutes(call.number("minutes"));
      return {};
    case Procurve::ReloadAt:
      return reload_at(call);
    case Procurve::Switchover:
      return ask_to_switch_over(call);
    case Procurve::EnableRedundancy:
      return set_redundancy(call.has("nonstop-switching")
                                ? std::optional<std::string>("nonstop-switching")
                                : std::nullopt,
                            call);
    case Procurve::DisableRedundancy:
      return set_redundancy("disabled", call);
    case Procurve::SetFabric:
      return order(ChangeSetting{{"fabric/" + call.argument("fabric"),
                                  call.has("disable") ? "disabled" : "enabled"}},
                   call);
    case Procurve::PreferModule:
      return prefer(call.has("management-module2") ? 1 : 0, call);
    case Procurve::PreferNone:
      return prefer(std::nullopt, call);
    case Procurve::SetStaleTimer:
      return order(ChangeSetting{{std::string(procurve_stale_timer), call.argument("seconds")}},
                   call);
    case Procurve::Vlan:
      session.context = std::string(context_of_vlans) + id;
      if (view().node.active.holds(vlan_key(id))) return {};
      return create_vlan(call, "");
    case Procurve::NameVlan:
      return create_vlan(call, call.argument("new_name"));
    case Procurve::AddAddress:
      return add_address(call);
    case Procurve::DeleteVlan:
      return order(DeleteVlan{id}, call);
    case Procurve::SetHostname:
      return order(SetSystemName{call.argument("new_name")}, call);
    case Procurve::AddSyslogServer:
      return set_syslog_server(syslog_facility, call);
    case Procurve::RemoveSyslogServer:
      return set_syslog_server(std::nullopt, call);
    case Procurve::GenerateKey:
      return generate_key(call);
    case Procurve::SetPassword:
      return store_security(procurve_key(view()), call.argument("password"), call);
    case Procurve::RemovePassword:
      return store_security(procurve_key(view()), {}, call);
    case Procurve::NameThis:
      return name_context(call, session);
    case Procurve::AskToSave:
      return ask_to_save(call);
    case Procurve::SaveThenGo:
    case Procurve::SaveThenLeave:
      return order(Save{}, call);
    case Procurve::GoNow:
      return go(call);
    case Procurve::SwitchoverNow:
      return order(Failover{}, call);
    case Procurve::AskToSaveThenLeave:
      return ask_to_save_then_leave();
    case Procurve::Leave:
      return {.leaves = true};
    case Procurve::Nothing:
      return {};
  }
  return {};
}

/// The first words are published.
std::string ProcurveOperator::config_status() const {
  return view().node.is_dirty ? "Running configuration has been changed and needs to be saved.\n"
                              : "Running configuration is same as the startup configuration.\n";
}

Response ProcurveOperator::leave_context(Session& session) {
  if (session.context.starts_with(context_of_vlans)) {
    session.context = "config";
  } else if (!session.context.empty()) {
    session.context.clear();
  } else {
    return {.question = Question{
                "Do you want to log out [y/n]? ",
                yes_or_no(call_of(Procurve::AskToSaveThenLeave), call_of(Procurve::Nothing))}};
  }
  return {};
}

Response ProcurveOperator::ask_to_boot(const Call& call) {
  return {.question =
              Question{"Device will be rebooted, do you want to continue [y/n]? ",
                       yes_or_no(about(Procurve::AskToSave, call), call_of(Procurve::Nothing))}};
}

Response ProcurveOperator::reload_at(const Call& call) {
  const auto at = time_of_day(call.argument("time"));
  if (!at) return {.text = fmt::format("Invalid input: {}\n", call.argument("time"))};
  settings_.until_reload = until(*at, clock_of(view().diary));
  return {};
}

// Without a module in standby nothing is asked: the order is refused.
Response ProcurveOperator::ask_to_switch_over(const Call& call) {
  if (!has_standby(view())) return order(Failover{}, call);
  return {.question = Question{
              fmt::format("This management module will now reboot from {} image and will become\n"
                          "the standby module! You will need to use the other management module's\n"
                          "console interface. Do you want to continue [y/n]? ",
                          view().node.images.is_secondary_selected ? "secondary" : "primary"),
              yes_or_no(call_of(Procurve::SwitchoverNow), call_of(Procurve::Nothing))}};
}

Response ProcurveOperator::create_vlan(const Call& call, std::string name) {
  const std::string id = call.argument("vlan_id");
  if (name.empty()) name = "VLAN" + id;
  if (!view().node.active.holds(vlan_key(id))) order(CreateVlan{id}, call);
  return order(ChangeSetting{{vlan_key(id) + "/name", std::move(name)}}, call);
}

Response ProcurveOperator::add_address(const Call& call) {
  const std::string key = vlan_key(call.argument("vlan_id"));
  if (!view().node.active.holds(key)) create_vlan(call, "");
  return order(ChangeSetting{{fmt::format("{}{}{} {}", key, procurve_address,
                                          call.argument("address"), call.argument("mask")),
                              ""}},
               call);
}

Response ProcurveOperator::name_context(const Call& call, const Session& session) {
  const std::string key = vlan_key(session.context.substr(context_of_vlans.size()));
  return order(ChangeSetting{{key + "/name", call.argument("new_name")}}, call);
}

Response ProcurveOperator::generate_key(const Call& call) {
  const StoredFile* old = view().node.flash.find(procurve_key_file);
  const std::uint32_t generation = old ? old->generation + 1 : 1;
  return store_security(
      fmt::format("{:08x}{:08x}", view().node.incarnation, generation * 2654435761u),
      procurve_password(view()), call);
}

Response ProcurveOperator::set_redundancy(std::optional<std::string> value, const Call& call) {
  if (!value && !view().node.active.holds("redundancy")) return {};
  return order(ChangeSetting{{"redundancy", std::move(value)}}, call);
}

Response ProcurveOperator::set_syslog_server(std::optional<std::string> facility,
                                             const Call& call) {
  const std::string host = call.argument("host");
  const std::string key =
      syslog_key(host, call.takes("port") ? call.argument("port") : syslog_port);
  if (!is_address(host) || (!facility && !view().node.active.holds(key))) {
    return {.text = fmt::format("Invalid input: {}\n", host)};
  }
  return order(ChangeSetting{{key, std::move(facility)}}, call);
}

bool ProcurveOperator::admits(std::string_view user, std::string_view password) const {
  const std::string own = procurve_password(view());
  return own.empty() ? NodeOperator::admits(user, password) : password == own;
}

Response ProcurveOperator::store_security(const std::string& key, const std::string& password,
                                          const Call& call) {
  return order(StoreFile{std::string(procurve_key_file), fmt::format("{}\n{}\n", key, password)},
               call);
}

/// The module that is preferred is the one with a priority.
Response ProcurveOperator::prefer(std::optional<Slot> slot, const Call& call) {
  Response response;
  for (const Slot other : {Slot{0}, Slot{1}}) {
    const int priority = other == slot ? 1 : 0;
    if (configured_priority(view().profile, view().node, other) == priority) continue;
    response = order(SetNodePriority{other, priority}, call);
  }
  return response;
}

// ------------------------------------------------------------------ after an answer

Response ProcurveOperator::go(const Call& call) {
  const Call then = call_of(Procurve::GoNow, call);
  const Procurve command = command_of(call);
  const Slot own = view().node.slot;
  if (command == Procurve::BootStandby) return order(Reboot{static_cast<Slot>(1 - own)}, then);
  if (command == Procurve::Reload) {
    return order(Reboot{.module = std::nullopt, .is_warm = true}, then);
  }
  if (command != Procurve::BootSystem) return order(Reboot{own}, then);
  Reboot reboot;
  if (call.takes("flash")) reboot.image = flash_of(call);
  return order(reboot, then);
}

Response ProcurveOperator::ask_to_save(const Call& call) {
  if (!view().node.is_dirty || command_of(call) == Procurve::BootStandby) return go(call);
  return {.question = Question{
              std::string(save_question),
              yes_or_no(call_of(Procurve::SaveThenGo, call), call_of(Procurve::GoNow, call))}};
}

Response ProcurveOperator::ask_to_save_then_leave() const {
  if (!view().node.is_dirty || view().node.state != NodeState::Active) return {.leaves = true};
  return {.question =
              Question{std::string(save_question),
                       yes_or_no(call_of(Procurve::SaveThenLeave), call_of(Procurve::Leave))}};
}

Response ProcurveOperator::conclude(const Call& call, const Reply& reply) {
  if (!reply.refusal) {
    if (static_cast<Procurve>(call.id) == Procurve::SaveThenGo) return go(call);
    return {.leaves = static_cast<Procurve>(call.id) == Procurve::SaveThenLeave};
  }
  // Wording of the refusals is our own: no document that we have prints them for this product.
  switch (*reply.refusal) {
    case Refusal::NoBackup:
      return {.text = "Standby Management Module is not responding.\n"};
    case Refusal::NotInSync:
      return {.text = "Active and Standby Management Modules are not in sync.\n"};
    case Refusal::Synchronising:
      return {.text = "Error: Configuration changes are temporarily disabled.\n"};
    case Refusal::OutOfRange:
      return {.text = fmt::format("Error: {} is out of range.\n", reply.object)};
    case Refusal::UnknownObject:
      return {.text = fmt::format("Error: {} does not exist.\n", reply.object)};
    case Refusal::AlreadyExists:
      return {.text = fmt::format("Error: {} already exists.\n", reply.object)};
    case Refusal::NotAllowed:
      return {.text = fmt::format("Error: {} cannot be deleted.\n", reply.object)};
    case Refusal::FlashFull:
      return {.text = "Error: Out of storage space.\n"};
    case Refusal::Busy:
      return {.text = "Error: Another operation is in progress.\n"};
    case Refusal::NotMaster:
    case Refusal::NoSuchFile:
    case Refusal::NotReady:
    case Refusal::NoAnswer:
      return {.text = "Error: The management module is not ready.\n"};
  }
  return {};
}

}  // namespace understudy::reference
