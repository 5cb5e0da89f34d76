#include "reference-impl/cli/procurve_words.h"

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
    {"no page", id(Procurve::NoPage)},
    {"page", id(Procurve::Page)},
    {"terminal width <columns>", id(Procurve::SetWidth)},
    {"enable", id(Procurve::Enable)},
    {"exit", id(Procurve::Exit)},
    {"end", id(Procurve::End)},
    {"logout", id(Procurve::Logout)},
    {"show modules", id(Procurve::ShowModules)},
    {"show [system | system-information]", id(Procurve::ShowSystem)},
    {"show running-config", id(Procurve::ShowRunning)},
    {"show config", id(Procurve::ShowStartup)},
    {"show config status", id(Procurve::ShowConfigStatus)},
    {"show vlans", id(Procurve::ShowVlans)},
    {"show mac-address", id(Procurve::ShowMacAddress)},
    {"show interfaces brief", id(Procurve::ShowInterfaces)},
    {"show crypto host-public-key", id(Procurve::ShowHostKey)},
    {"configure {terminal}", id(Procurve::Configure)},
    {"write memory", id(Procurve::WriteMemory)},
    {"boot {active}", id(Procurve::Boot)},
    {"boot standby", id(Procurve::BootStandby)},
    {"boot system {flash <flash>}", id(Procurve::BootSystem)},
    {"boot set-default flash <flash>", id(Procurve::SetDefaultFlash)},
    {"reload", id(Procurve::Reload)},
    {"reload after <minutes>", id(Procurve::ReloadAfter)},
    {"redundancy switchover", id(Procurve::Switchover)},
    {"redundancy management-module {nonstop-switching}", id(Procurve::EnableRedundancy)},
    {"no redundancy management-module", id(Procurve::DisableRedundancy)},
    {"redundancy fabric-module <fabric> [enable | disable]", id(Procurve::SetFabric)},
    {"vlan <vlan_id>", id(Procurve::Vlan)},
    {"vlan <vlan_id> name <new_name>", id(Procurve::NameVlan)},
    {"no vlan <vlan_id>", id(Procurve::DeleteVlan)},
    {"hostname <new_name>", id(Procurve::SetHostname)},
    {"crypto key generate ssh {rsa}", id(Procurve::GenerateKey)},
    {"name <new_name>", id(Procurve::NameThis)},
};

constexpr auto number = [](std::string_view name, std::string_view help, long least, long most) {
  return ArgumentRow{name, ArgumentRow::Form::Number, help, least, most};
};

constexpr ArgumentRow argument_rows[] = {
    number("columns", "Width of the terminal", 61, 1920),
    {"flash", ArgumentRow::Form::Choice, "Flash to boot from", 0, 0, "primary secondary"},
    number("minutes", "Minutes until the reload", 1, 99999),
    number("fabric", "Fabric module", 1, 2),
    number("vlan_id", "VLAN identifier", 1, 4094),
    {"new_name", ArgumentRow::Form::Word, "Name"},
};

constexpr WordRow word_rows[] = {
    {"active", "The active management module"},
    {"after", "In some minutes"},
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
    {"host-public-key", "Public key of the switch"},
    {"hostname", "Name of the switch"},
    {"interfaces", "Ports"},
    {"logging", "Event log"},
    {"logout", "End the session"},
    {"mac-address", "Learned addresses"},
    {"management-module", "Redundancy of the management modules"},
    {"modules", "Modules of the chassis"},
    {"no", "Undo a command"},
    {"nonstop-switching", "The standby takes over without a boot"},
    {"page", "Stop at each full page"},
    {"redundancy", "Redundancy of the modules"},
    {"reload", "Warm reboot of the switch"},
    {"running-config", "The running configuration"},
    {"set-default", "Flash of the next boots"},
    {"show", "Show settings and states"},
    {"standby", "The standby management module"},
    {"status", "Whether there are unsaved changes"},
    {"switchover", "Make the standby module the active one"},
    {"system", "The whole switch"},
    {"version", "Version of the software"},
    {"vlan", "Virtual LAN"},
    {"vlans", "Virtual LANs"},
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

}  // namespace

const FamilyWords& procurve_words() {
  return words;
}

const Grammar& procurve_grammar() {
  static const Grammar grammar(patterns, argument_rows, word_rows);
  return grammar;
}

}  // namespace understudy::reference
