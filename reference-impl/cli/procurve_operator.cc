#include "reference-impl/cli/procurve_operator.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/procurve_show.h"

namespace understudy::reference {
namespace {

Call call_of(Procurve command, const Call& from = {}) {
  return {static_cast<int>(command), from.words, from.arguments};
}

int to_number(const std::string& text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

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
  return static_cast<Procurve>(to_number(call.argument("command")));
}

std::string vlan_key(const std::string& id) {
  return "vlan/" + id;
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

bool ProcurveOperator::admits(std::string_view user, std::string_view password) const {
  return user == options().user && password == options().password;
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
  const auto command = static_cast<Procurve>(call.id);
  switch (command) {
    case Procurve::ShowRedundancy:
    case Procurve::ShowVersion:
    case Procurve::ShowFlash:
    case Procurve::ShowLogging:
    case Procurve::ShowModules:
    case Procurve::ShowSystem:
    case Procurve::ShowRunning:
    case Procurve::ShowStartup:
    case Procurve::ShowConfigStatus:
    case Procurve::ShowVlans:
    case Procurve::ShowMacAddress:
    case Procurve::ShowInterfaces:
    case Procurve::ShowHostKey:
      return show(command);
    default:
      break;
  }
  if (command <= Procurve::Logout || command == Procurve::Configure) {
    return set(command, call, session);
  }
  if (command < Procurve::EnableRedundancy) return manage(command, call, session);
  if (command <= Procurve::NameThis) return change(command, call, session);
  return follow(command, call);
}

Response ProcurveOperator::show(Procurve command) const {
  switch (command) {
    case Procurve::ShowRedundancy:
      return {.text = procurve_redundancy(view())};
    case Procurve::ShowVersion:
      return {.text = procurve_version(view())};
    case Procurve::ShowFlash:
      return {.text = procurve_flash(view())};
    case Procurve::ShowLogging:
      return {.text = procurve_logging(view())};
    case Procurve::ShowModules:
      return {.text = procurve_modules(view(), options().identity.chassis_serial)};
    case Procurve::ShowSystem:
      return {.text = procurve_system(view())};
    case Procurve::ShowRunning:
      return {.text = procurve_running(view())};
    case Procurve::ShowStartup:
      return {.text = procurve_startup(view())};
    case Procurve::ShowVlans:
      return {.text = procurve_vlans(view())};
    case Procurve::ShowMacAddress:
      return {.text = procurve_addresses(view())};
    case Procurve::ShowInterfaces:
      return {.text = procurve_interfaces(view())};
    case Procurve::ShowHostKey:
      return {.text = procurve_host_key(view())};
    default:  // ShowConfigStatus; the first words are published
      return {.text = view().node.is_dirty
                          ? "Running configuration has been changed and needs to be saved.\n"
                          : "Running configuration is same as the startup configuration.\n"};
  }
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

Response ProcurveOperator::set(Procurve command, const Call& call, Session& session) {
  switch (command) {
    case Procurve::NoPage:
    case Procurve::Page:
      settings_.pages = command == Procurve::Page;
      break;
    case Procurve::SetWidth:
      session.columns = to_number(call.argument("columns"));
      break;
    case Procurve::End:
      session.context.clear();
      break;
    case Procurve::Configure:
      session.context = "config";
      break;
    case Procurve::Exit:
      return leave_context(session);
    case Procurve::Logout:
      session.context.clear();
      return leave_context(session);
    default:  // Enable: every session is a manager's
      break;
  }
  return {};
}

Response ProcurveOperator::ask_to_boot(const Call& call) {
  return {.question =
              Question{"Device will be rebooted, do you want to continue [y/n]? ",
                       yes_or_no(about(Procurve::AskToSave, call), call_of(Procurve::Nothing))}};
}

Response ProcurveOperator::manage(Procurve command, const Call& call, Session&) {
  switch (command) {
    case Procurve::WriteMemory:
      return order(Save{}, call);
    case Procurve::SetDefaultFlash:
      return order(SelectImage{call.argument("flash") == "secondary" ? Partition::Secondary
                                                                     : Partition::Primary},
                   call);
    case Procurve::ReloadAfter:
      settings_.until_reload = std::chrono::minutes(to_number(call.argument("minutes")));
      return {};
    case Procurve::Switchover:
      return {.question = Question{
                  "This management module will now reboot from primary image and will become\n"
                  "the standby module! You will need to use the other management module's\n"
                  "console interface. Do you want to continue [y/n]? ",
                  yes_or_no(call_of(Procurve::SwitchoverNow), call_of(Procurve::Nothing))}};
    default:  // Boot, BootStandby, BootSystem, Reload
      return ask_to_boot(call);
  }
}

Response ProcurveOperator::create_vlan(const Call& call, std::string name) {
  const std::string id = call.argument("vlan_id");
  if (name.empty()) name = "VLAN" + id;
  if (!view().node.active.holds(vlan_key(id))) order(CreateVlan{id}, call);
  return order(ChangeSetting{{vlan_key(id) + "/name", std::move(name)}}, call);
}

Response ProcurveOperator::set_redundancy(std::optional<std::string> value, const Call& call) {
  if (!value && !view().node.active.holds("redundancy")) return {};
  return order(ChangeSetting{{"redundancy", std::move(value)}}, call);
}

Response ProcurveOperator::change(Procurve command, const Call& call, Session& session) {
  const std::string id = call.argument("vlan_id");
  switch (command) {
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
    case Procurve::Vlan:
      session.context = std::string(context_of_vlans) + id;
      if (view().node.active.holds(vlan_key(id))) return {};
      return create_vlan(call, "");
    case Procurve::NameVlan:
      return create_vlan(call, call.argument("new_name"));
    case Procurve::DeleteVlan:
      return order(DeleteVlan{id}, call);
    case Procurve::SetHostname:
      return order(SetSystemName{call.argument("new_name")}, call);
    case Procurve::GenerateKey: {
      const StoredFile* old = view().node.flash.find(procurve_key_file);
      const std::uint32_t generation = old ? old->generation + 1 : 1;
      return order(StoreFile{std::string(procurve_key_file),
                             fmt::format("{:08x}{:08x}\n", view().node.incarnation,
                                         generation * 2654435761u)},
                   call);
    }
    default:  // NameThis
      return order(
          ChangeSetting{{vlan_key(session.context.substr(context_of_vlans.size())) + "/name",
                         call.argument("new_name")}},
          call);
  }
}

// ------------------------------------------------------------------ after an answer

Response ProcurveOperator::go(const Call& call) {
  const Call then = call_of(Procurve::GoNow, call);
  const Slot own = view().node.slot;
  switch (command_of(call)) {
    case Procurve::BootStandby:
      return order(Reboot{static_cast<Slot>(1 - own)}, then);
    case Procurve::BootSystem: {
      Reboot reboot;
      if (call.takes("flash")) {
        reboot.image =
            call.argument("flash") == "secondary" ? Partition::Secondary : Partition::Primary;
      }
      return order(reboot, then);
    }
    case Procurve::Reload:
      return order(Reboot{.module = std::nullopt, .is_warm = true}, then);
    default:
      return order(Reboot{own}, then);
  }
}

Response ProcurveOperator::follow(Procurve command, const Call& call) {
  switch (command) {
    case Procurve::AskToSave:
      if (!view().node.is_dirty || command_of(call) == Procurve::BootStandby) return go(call);
      return {.question = Question{
                  std::string(save_question),
                  yes_or_no(call_of(Procurve::SaveThenGo, call), call_of(Procurve::GoNow, call))}};
    case Procurve::SaveThenGo:
      return order(Save{}, call);
    case Procurve::GoNow:
      return go(call);
    case Procurve::SwitchoverNow:
      return order(Failover{}, call);
    case Procurve::AskToSaveThenLeave:
      if (!view().node.is_dirty || view().node.state != NodeState::Active) return {.leaves = true};
      return {.question =
                  Question{std::string(save_question),
                           yes_or_no(call_of(Procurve::SaveThenLeave), call_of(Procurve::Leave))}};
    case Procurve::SaveThenLeave:
      return order(Save{}, call);
    case Procurve::Leave:
      return {.leaves = true};
    default:  // Nothing
      return {};
  }
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
