#include "reference-impl/cli/exos_words.h"

namespace understudy::reference {
namespace {

constexpr int id(Exos command) {
  return static_cast<int>(command);
}

constexpr PatternRow patterns[] = {
    {"show switch {detail}", id(Exos::ShowSwitch)},
    {"show node {detail}", id(Exos::ShowNode)},
    {"show checkpoint-data {<process>}", id(Exos::ShowCheckpointData)},
    {"show configuration {<module> | detail}", id(Exos::ShowConfiguration)},
    {"show vlan {detail | <vlan_name> {detail}}", id(Exos::ShowVlan)},
    {"show fdb {<mac> | permanent | vlan <vlan_name> | ports <port_list>}", id(Exos::ShowFdb)},
    {"show log {severity <severity> {only}} {match <text>} {chronological}", id(Exos::ShowLog)},
    {"show version {detail | process <process> | "
     "images {partition [primary | secondary]} {msm <slot_id>}}",
     id(Exos::ShowVersion)},
    {"show slot {<slot>} {detail}", id(Exos::ShowSlot)},
    {"show process {<process>} {detail}", id(Exos::ShowProcess)},
    {"show management", id(Exos::ShowManagement)},
    {"show session {detail}", id(Exos::ShowSession)},
    {"show ports {<port_list>} {information} {detail}", id(Exos::ShowPorts)},
    {"show ports sharing", id(Exos::ShowSharing)},
    {"show sharing", id(Exos::ShowSharing)},
    {"show lacp {counters | lag <group_id> {detail}}", id(Exos::ShowLacp)},
    {"show inline-power {[info {detail} | stats] ports {<port_list>}}", id(Exos::ShowPower)},
    {"show fans {detail}", id(Exos::ShowFans)},
    {"show power {detail}", id(Exos::ShowSupplies)},
    {"show temperature", id(Exos::ShowTemperature)},
    {"ls", id(Exos::ShowFiles)},
    {"show iproute {ipv6}", id(Exos::ShowRoutes)},
    {"show stpd", id(Exos::ShowEntries)},
    {"show vrrp", id(Exos::ShowEntries)},
    {"show edp", id(Exos::ShowEntries)},
    {"show netlogin", id(Exos::ShowEntries)},
    {"show pim cache", id(Exos::ShowEntries)},
    {"create vlan <new_name>", id(Exos::CreateVlan)},
    {"delete vlan <vlan_name>", id(Exos::DeleteVlan)},
    {"configure {vlan} <vlan_name> tag <tag>", id(Exos::TagVlan)},
    {"configure {vlan} <vlan_name> add ports [<port_list> | all] {tagged | untagged}",
     id(Exos::AddPorts)},
    {"configure {vlan} <vlan_name> delete ports [<port_list> | all]", id(Exos::DeletePorts)},
    {"configure {vlan} <vlan_name> ipaddress <address>", id(Exos::SetAddress)},
    {"configure snmp sysname <new_name>", id(Exos::SetSystemName)},
    {"configure snmp add trapreceiver <host> {port <udp_port>} community <community>",
     id(Exos::AddTrapReceiver)},
    {"configure snmp delete trapreceiver <host> {port <udp_port>}", id(Exos::DeleteTrapReceiver)},
    {"configure ospf restart [none | planned | unplanned | both]", id(Exos::SetRestart)},
    {"configure inline-power budget <num_watts> slot <slot>", id(Exos::SetPowerBudget)},
    {"enable sharing <port> grouping <port_list> {algorithm [port-based | address-based]} {lacp}",
     id(Exos::EnableSharing)},
    {"disable sharing <port>", id(Exos::DisableSharing)},
    {"configure node slot <slot_id> priority <node_pri>", id(Exos::SetNodePriority)},
    {"configure cli columns <columns>", id(Exos::SetColumns)},
    {"configure sys-recovery-level [all | critical | none]", id(Exos::SetRecovery)},
    {"configure sys-recovery-level slot [all | <slot>] [none | reset | shutdown]",
     id(Exos::SetSlotRecovery)},
    {"clear sys-recovery-level", id(Exos::ClearRecovery)},
    {"save {configuration} {primary | secondary | <file>}", id(Exos::Save)},
    {"reboot {msm <slot_id>}", id(Exos::Reboot)},
    {"reboot time <month> <day> <year> <hour> <minute> <second>", id(Exos::RebootAt)},
    {"reboot cancel", id(Exos::CancelReboot)},
    {"run [msm-failover | failover] {force}", id(Exos::Failover)},
    {"use configuration [primary | secondary | <file>]", id(Exos::UseConfiguration)},
    {"use image [primary | secondary]", id(Exos::UseImage)},
    {"download image <server> <image_file> {vr <vr_name>} {primary | secondary}",
     id(Exos::DownloadImage)},
    {"install image <image_file> {primary | secondary}", id(Exos::InstallImage)},
    {"unconfigure switch {all}", id(Exos::Unconfigure)},
    {"clear log", id(Exos::ClearLog)},
    {"clear fdb", id(Exos::ClearFdb)},
    {"clear counters", id(Exos::ClearCounters)},
    {"enable clipaging", id(Exos::EnablePaging)},
    {"disable clipaging", id(Exos::DisablePaging)},
    {"enable cli prompting", id(Exos::EnablePrompting)},
    {"disable cli prompting", id(Exos::DisablePrompting)},
    {"enable log display", id(Exos::EnableLogDisplay)},
    {"disable log display", id(Exos::DisableLogDisplay)},
    {"create fdbentry <mac> vlan <vlan_name> ports <port_list>", id(Exos::CreateFdbEntry)},
    {"delete fdbentry <mac> vlan <vlan_name>", id(Exos::DeleteFdbEntry)},
    {"synchronize", id(Exos::Synchronize)},
    {"restart process <process> {msm <slot_id>}", id(Exos::RestartProcess)},
    {"history", id(Exos::History)},
    {"exit", id(Exos::Exit)},
    {"quit", id(Exos::Exit)},
    {"logout", id(Exos::Exit)},
};

using Form = ArgumentRow::Form;

constexpr ArgumentRow number(std::string_view name, std::string_view help, long least, long most) {
  return {.name = name, .form = Form::Number, .help = help, .least = least, .most = most};
}

constexpr ArgumentRow choice(std::string_view name, std::string_view help,
                             std::string_view choices) {
  return {.name = name, .form = Form::Choice, .help = help, .choices = choices};
}

constexpr ArgumentRow argument_rows[] = {
    {.name = "process", .form = Form::Object, .help = "Name of a process"},
    {.name = "vlan_name", .form = Form::Object, .help = "Name of a VLAN"},
    {.name = "module", .form = Form::Object, .help = "Name of a configuration module"},
    {.name = "slot_id", .form = Form::Object, .help = "MSM slot, A or B"},
    {.name = "slot", .form = Form::Object, .help = "Slot"},
    {.name = "new_name", .form = Form::Name, .help = "A name", .most = 32},
    {.name = "file", .form = Form::Name, .help = "Name of a configuration file", .most = 32},
    {.name = "server", .form = Form::Word, .help = "Address or name of the TFTP server"},
    {.name = "image_file", .form = Form::Name, .help = "Name of the image's file", .most = 64},
    {.name = "vr_name", .form = Form::Name, .help = "Name of a virtual router", .most = 32},
    {.name = "text", .form = Form::Word, .help = "Text, in quotes where it has blanks"},
    {.name = "address", .form = Form::Word, .help = "IP address and mask length, 10.0.0.1/24"},
    {.name = "port_list", .form = Form::Ports, .help = "Ports, such as 1:1-4,2:3"},
    {.name = "port", .form = Form::Ports, .help = "The master port of the group"},
    {.name = "group_id", .form = Form::Ports, .help = "The master port of the group"},
    {.name = "host", .form = Form::Word, .help = "Address of the receiver"},
    {.name = "community", .form = Form::Name, .help = "Community string", .most = 32},
    number("udp_port", "UDP port, 162 if none is given", 1, 65535),
    {.name = "mac", .form = Form::Mac, .help = "MAC address, 00:11:22:33:44:55"},
    choice("severity", "Least severity", "critical error warning notice info"),
    number("tag", "802.1Q tag", 1, 4094),
    number("node_pri", "1 is the highest, 100 the lowest, 0 is not configured", 0, 100),
    number("num_watts", "Watts that are reserved for the slot", 0, 768),
    number("columns", "Width of the terminal", 80, 256),
    number("month", "Month", 1, 12),
    number("day", "Day", 1, 31),
    number("year", "Year", 2003, 2036),
    number("hour", "Hour", 0, 23),
    number("minute", "Minute", 0, 59),
    number("second", "Second", 0, 59),
};

constexpr WordRow word_rows[] = {
    {"add", "Add ports to the VLAN"},
    {"address-based", "Links by the addresses of a packet"},
    {"algorithm", "Which link a packet takes"},
    {"all", "All of them"},
    {"both", "At planned and unplanned failovers"},
    {"budget", "Power that is reserved for a slot"},
    {"cache", "Multicast cache"},
    {"cancel", "Cancel a scheduled reboot"},
    {"checkpoint-data", "Checkpointing between the MSMs"},
    {"chronological", "Oldest first"},
    {"clear", "Clear a table or log"},
    {"cli", "Command line"},
    {"clipaging", "Pausing at each full page of output"},
    {"columns", "Width of the terminal"},
    {"community", "Community string"},
    {"configuration", "Switch configuration"},
    {"configure", "Change the configuration"},
    {"counters", "Counters of ports and protocols"},
    {"create", "Create an object"},
    {"critical", "Essential processes only"},
    {"delete", "Delete an object"},
    {"detail", "More details"},
    {"disable", "Turn a feature off"},
    {"display", "Log events on the console"},
    {"download", "Download software"},
    {"edp", "Extreme Discovery Protocol"},
    {"enable", "Turn a feature on"},
    {"exit", "End the session"},
    {"failover", "Fail over to the backup"},
    {"fans", "Fan trays"},
    {"fdb", "Forwarding database"},
    {"fdbentry", "Static entry of the forwarding database"},
    {"force", "Whatever the state of synchronization"},
    {"grouping", "Ports of the group"},
    {"history", "Commands of this session"},
    {"image", "Software image"},
    {"images", "Software in the partitions"},
    {"info", "State and power of ports"},
    {"information", "Settings of ports"},
    {"inline-power", "Power over Ethernet"},
    {"install", "Install software that was downloaded"},
    {"ipaddress", "IP address of the VLAN"},
    {"iproute", "IP routes"},
    {"ipv6", "IPv6"},
    {"lacp", "Link Aggregation Control Protocol"},
    {"lag", "One link aggregation group"},
    {"log", "Event log"},
    {"logout", "End the session"},
    {"ls", "Files in flash"},
    {"management", "Management settings"},
    {"match", "Lines with this text only"},
    {"msm", "One MSM only"},
    {"msm-failover", "Fail over to the backup"},
    {"netlogin", "Network login"},
    {"node", "Management modules"},
    {"none", "Nothing"},
    {"only", "This severity only"},
    {"ospf", "OSPF"},
    {"partition", "One partition only"},
    {"permanent", "Static entries"},
    {"pim", "Protocol independent multicast"},
    {"planned", "At planned failovers"},
    {"port", "UDP port"},
    {"port-based", "Links by the port of entry"},
    {"ports", "Ports"},
    {"power", "Power supplies"},
    {"primary", "The primary one"},
    {"priority", "Priority in the election"},
    {"process", "Processes"},
    {"prompting", "Questions before an action"},
    {"quit", "End the session"},
    {"reboot", "Restart the switch or an MSM"},
    {"reset", "Restart what failed"},
    {"restart", "Restart a process"},
    {"run", "Run an action"},
    {"save", "Save the configuration to flash"},
    {"secondary", "The secondary one"},
    {"session", "Sessions of the command line"},
    {"severity", "Least severity"},
    {"sharing", "Load-sharing groups of ports"},
    {"show", "Show settings and states"},
    {"shutdown", "Leave what failed down, for debugging"},
    {"slot", "Slots of the chassis"},
    {"snmp", "SNMP"},
    {"stats", "Counters of ports"},
    {"stpd", "Spanning tree domains"},
    {"switch", "The switch"},
    {"synchronize", "Copy images and configurations to the backup MSM"},
    {"sys-recovery-level", "What happens after a failure"},
    {"sysname", "Name of the switch"},
    {"tag", "802.1Q tag"},
    {"tagged", "With an 802.1Q tag"},
    {"temperature", "Temperatures of the boards"},
    {"time", "At a time"},
    {"trapreceiver", "Where SNMP traps are sent"},
    {"unconfigure", "Return to the defaults"},
    {"unplanned", "At unplanned failovers"},
    {"untagged", "Without a tag"},
    {"use", "Select what the next boot uses"},
    {"version", "Versions of hardware and software"},
    {"vlan", "Virtual LAN"},
    {"vr", "Virtual router"},
    {"vrrp", "Virtual routers"},
};

constexpr FamilyWords words_of(std::string_view greeting) {
  return {
      .login = "login: ",
      .password = "password: ",
      .login_refused = "\nLogin incorrect\n",
      .greeting = greeting,
      .invalid = "%% Invalid input detected at '^' marker.",
      .incomplete = "%% Incomplete command",
      .ambiguous = "%% Ambiguous command:",
      .page_line = "Press <SPACE> to continue or <Q> to quit:",
      .completions = "Next possible completions:",
  };
}

}  // namespace

constexpr ExosProduct exos_11_3_words{
    .words = words_of("ExtremeWare XOS\n"
                      "Copyright (C) 2000-2005 Extreme Networks. All rights reserved.\n"
                      "================================================================\n"
                      "\n"
                      "Press the <tab> or '?' key at any time for completions.\n"
                      "Remember to save your configuration changes.\n"
                      "\n"),
    .lead = "master",
    .contact = "support@extremenetworks.com, +1 888 257 3000",
    .chassis = "BD-8810",
    .management_module = "MSM-G8X",
    .modules = {ExosModule{1, "G24X", 24}, ExosModule{2, "G48P", 48, true}},
    .image_prefix = "bd8800",
    .built = "Wed Sep 14 09:45:21 PDT 2005",
};

// Names of modules and the greeting are ours: no NETGEAR page that prints them is at hand.
constexpr ExosProduct xcm8800_words{
    .words = words_of("XCM8800\n"
                      "Copyright (C) 2000-2011 NETGEAR, Inc. All rights reserved.\n"
                      "================================================================\n"
                      "\n"
                      "Press the <tab> or '?' key at any time for completions.\n"
                      "Remember to save your configuration changes.\n"
                      "\n"),
    .lead = "primary",
    .contact = "",
    .chassis = "XCM8806",
    .management_module = "XCM88S1",
    .modules = {ExosModule{1, "XCM8824F", 24}, ExosModule{2, "XCM8848T", 48, true}},
    .image_prefix = "xcm8800",
    .built = "Tue Mar  1 09:45:21 PST 2011",
};

const Grammar& exos_grammar() {
  static const Grammar grammar(patterns, argument_rows, word_rows);
  return grammar;
}

}  // namespace understudy::reference
