#include "reference-impl/cli/procurve_words.h"

#include <span>

namespace understudy::reference {
namespace {

constexpr int id(Procurve command) {
  return static_cast<int>(command);
}

constexpr PatternRow patterns[] = {
    {"show redundancy {detail}", id(Procurve::ShowRedundancy)},
    {"show version", id(Procurve::ShowVersion)},
    {"show flash", id(Procurve::ShowFlash)},
    {"show logging", id(Procurve::ShowLogging)},
    {"show modules", id(Procurve::ShowModules)},
    {"no page", id(Procurve::NoPage)},
    {"page", id(Procurve::Page)},
    {"terminal width <columns>", id(Procurve::SetWidth)},
    {"enable", id(Procurve::Enable)},
    {"exit", id(Procurve::Exit)},
    {"end", id(Procurve::End)},
    {"logout", id(Procurve::Logout)},
    {"show interfaces brief", id(Procurve::ShowInterfaces)},
    {"show [system | system-information]", id(Procurve::ShowSystem)},
    {"show running-config", id(Procurve::ShowRunning)},
    {"show config", id(Procurve::ShowStartup)},
    {"show config status", id(Procurve::ShowConfigStatus)},
    {"show vlans", id(Procurve::ShowVlans)},
    {"show mac-address", id(Procurve::ShowMacAddress)},
    {"show crypto host-public-key", id(Procurve::ShowHostKey)},
    {"getmib <object>", id(Procurve::GetMib)},
    {"walkmib <object>", id(Procurve::WalkMib)},
    {"configure {terminal}", id(Procurve::Configure)},
    {"write memory", id(Procurve::WriteMemory)},
    {"boot {active}", id(Procurve::Boot)},
    {"boot standby", id(Procurve::BootStandby)},
    {"boot system {flash <flash>}", id(Procurve::BootSystem)},
    {"boot set-default flash <flash>", id(Procurve::SetDefaultFlash)},
    {"reload", id(Procurve::Reload)},
    {"reload after <minutes>", id(Procurve::ReloadAfter)},
    {"reload at <time>", id(Procurve::ReloadAt)},
    {"redundancy switchover", id(Procurve::Switchover)},
    {"redundancy management-module {nonstop-switching}", id(Procurve::EnableRedundancy)},
    {"no redundancy management-module", id(Procurve::DisableRedundancy)},
    {"redundancy fabric-module <fabric> [enable | disable]", id(Procurve::SetFabric)},
    {"redundancy active-management [management-module1 | management-module2]",
     id(Procurve::PreferModule)},
    {"no redundancy active-management", id(Procurve::PreferNone)},
    {"redundancy rapid-switchover <seconds>", id(Procurve::SetStaleTimer)},
    {"vlan <vlan_id>", id(Procurve::Vlan)},
    {"vlan <vlan_id> name <new_name>", id(Procurve::NameVlan)},
    {"vlan <vlan_id> ip address <address> <mask>", id(Procurve::AddAddress)},
    {"no vlan <vlan_id>", id(Procurve::DeleteVlan)},
    {"hostname <new_name>", id(Procurve::SetHostname)},
    {"logging <host> {udp <port>}", id(Procurve::AddSyslogServer)},
    {"no logging <host> {udp <port>}", id(Procurve::RemoveSyslogServer)},
    {"crypto key generate ssh {rsa}", id(Procurve::GenerateKey)},
    {"password manager plaintext <password>", id(Procurve::SetPassword)},
    {"no password manager", id(Procurve::RemovePassword)},
    {"name <new_name>", id(Procurve::NameThis)},
};

/// The rows have the order of the commands as far as modules differ.
std::span<const PatternRow> up_to(Procurve last) {
  return std::span(patterns).first(static_cast<std::size_t>(id(last)) + 1);
}

constexpr auto number = [](std::string_view name, std::string_view help, long least, long most) {
  return ArgumentRow{name, ArgumentRow::Form::Number, help, least, most};
};

constexpr ArgumentRow argument_rows[] = {
    number("columns", "Width of the terminal", 61, 1920),
    {"flash", ArgumentRow::Form::Choice, "Flash to boot from", 0, 0, "primary secondary"},
    number("minutes", "Minutes until the reload", 1, 99999),
    number("seconds", "Seconds for which layer 3 forwards on stale entries", 0, 2147483647),
    {"object", ArgumentRow::Form::Word, "Name of an object, for one value with its instance"},
    {"time", ArgumentRow::Form::Word, "Time of day, HH:MM or HH:MM:SS"},
    number("fabric", "Fabric module", 1, 2),
    number("vlan_id", "VLAN identifier", 1, 4094),
    {"address", ArgumentRow::Form::Word, "Address of the VLAN"},
    {"mask", ArgumentRow::Form::Word, "Mask of its network"},
    {"password", ArgumentRow::Form::Word, "Password of the manager"},
    {"new_name", ArgumentRow::Form::Word, "Name"},
    {"host", ArgumentRow::Form::Word, "Address of a syslog server"},
    number("port", "UDP port, 514 if none is given", 1, 65535),
};

constexpr WordRow word_rows[] = {
    {"active", "The active management module"},
    {"active-management", "The management module that is preferred at a boot"},
    {"address", "An address of the VLAN"},
    {"after", "In some minutes"},
    {"at", "At a time of the day"},
    {"boot", "Reboot the switch or a management module"},
    {"brief", "One line a port"},
    {"config", "The startup configuration"},
    {"configure", "Enter the configuration context"},
    {"crypto", "Keys and certificates"},
    {"detail", "More details"},
    {"disable", "Disable it"},
    {"enable", "Enter the manager context, or enable it"},
    {"end", "Return to the manager context"},
    {"exit", "Return to the context above"},
    {"fabric-module", "Redundancy of the fabric modules"},
    {"flash", "Images in flash"},
    {"getmib", "Value of an object of the management information base"},
    {"host-public-key", "Public key of the switch"},
    {"hostname", "Name of the switch"},
    {"interfaces", "Ports"},
    {"ip", "Addresses"},
    {"logging", "Event log, or where its lines are sent"},
    {"logout", "End the session"},
    {"mac-address", "Learned addresses"},
    {"management-module", "Redundancy of the management modules"},
    {"manager", "Who may change what is configured"},
    {"management-module1", "The module in slot MM1"},
    {"management-module2", "The module in slot MM2"},
    {"modules", "Modules of the chassis"},
    {"name", "Name of the VLAN"},
    {"no", "Undo a command"},
    {"nonstop-switching", "The standby takes over without a boot"},
    {"page", "Stop at each full page"},
    {"password", "Passwords of the switch"},
    {"plaintext", "The password follows as it is"},
    {"rapid-switchover", "How long layer 3 forwards on stale entries"},
    {"redundancy", "Redundancy of the modules"},
    {"reload", "Warm reboot of the switch"},
    {"running-config", "The running configuration"},
    {"set-default", "Flash of the next boots"},
    {"show", "Show settings and states"},
    {"standby", "The standby management module"},
    {"status", "Whether there are unsaved changes"},
    {"switchover", "Make the standby module the active one"},
    {"system", "The whole switch"},
    {"terminal", "The session's terminal, or the configuration from it"},
    {"version", "Version of the software"},
    {"udp", "With UDP, to a port"},
    {"vlan", "Virtual LAN"},
    {"vlans", "Virtual LANs"},
    {"walkmib", "Values of the management information base below a name"},
    {"width", "Columns of the terminal"},
    {"write", "Save the running configuration"},
};

constexpr FamilyWords words{
    .login = "Username: ",
    .password = "Password: ",
    .login_refused = "\nUnable to verify password\n",
    .greeting = "ProCurve J9091A Switch 8212zl\n\n",
    .invalid = "Invalid input:",
    .incomplete = "Incomplete input: ",
    .ambiguous = "Ambiguous input:",
    .page_line = "-- MORE --, next page: Space, next line: Enter, quit: Control-C",
    .completions = "",
    .points = false,
};

template <Procurve last>
const Grammar& grammar_up_to() {
  static const Grammar grammar(up_to(last), argument_rows, word_rows);
  return grammar;
}

}  // namespace

const FamilyWords& procurve_words() {
  return words;
}

const Grammar& procurve_grammar() {
  return grammar_up_to<Procurve::NameThis>();
}

const Grammar& procurve_grammar_of_manager() {
  return grammar_up_to<Procurve::ReloadAt>();
}

const Grammar& procurve_grammar_of_configuration() {
  return grammar_up_to<Procurve::RemovePassword>();
}

const Grammar& procurve_grammar_of_standby() {
  return grammar_up_to<Procurve::Logout>();
}

const Grammar& procurve_grammar_of_lead() {
  return grammar_up_to<Procurve::ShowInterfaces>();
}

}  // namespace understudy::reference
