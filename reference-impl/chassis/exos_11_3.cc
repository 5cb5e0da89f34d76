#include "reference-impl/chassis/exos_11_3.h"

namespace understudy::reference {
namespace {

std::vector<StateRow> states() {  // Concepts Guide 11.3, Table 10
  return {{NodeState::Off, "OFF", Office::None},
          {NodeState::Init, "INIT", Office::None},
          {NodeState::Standby, "STANDBY", Office::Candidate},
          {NodeState::Backup, "BACKUP", Office::Second},
          {NodeState::Master, "MASTER", Office::Lead},
          {NodeState::Down, "DOWN", Office::None},
          {NodeState::Fail, "FAIL", Office::None}};
}

std::vector<TransitionRow> transitions() {
  using S = NodeState;
  using E = Event;
  using A = Action;
  const std::vector<A> take_over = {A::AdoptActive, A::InheritReign, A::StartReplication};
  const std::vector<A> go_down = {A::StopReplication, A::RestartSoon};
  const std::vector<A> fail_and_restart = {A::StopReplication, A::RestartAfterFail};
  return {
      {std::nullopt, E::PowerOn, S::Init, {A::LoadStored}},
      {S::Init, E::SelfTestFailed, S::Fail, {}, Reason::HardwareFailure},
      {S::Init, E::BootedToDecision, S::Standby, {A::OpenElection}},
      {S::Standby, E::ElectedLead, S::Master, {A::BeginReign, A::StartReplication}},
      {S::Standby, E::ElectedSecond, S::Backup, {}},
      // "this node becomes the master node if the master fails or enters the DOWN state"
      {S::Backup, E::LeadLostInSync, S::Master, take_over},
      {S::Backup, E::LeadLeftInSync, S::Master, take_over},
      {S::Backup, E::LeadLeftForced, S::Master, take_over},
      // EMS "Not In Sync": cannot become master; restarts and is then elected with its own flash
      {S::Backup, E::LeadLostNotInSync, S::Fail, fail_and_restart, Reason::NotInSync},
      {S::Backup, E::LeadLeftNotInSync, S::Fail, fail_and_restart, Reason::NotInSync},
      {S::Backup, E::ToldLost, S::Fail, fail_and_restart, Reason::BackupLost},
      {S::Master, E::SecondLost, S::Master, {A::TellLost}},
      {S::Master, E::SteppedDown, S::Down, go_down},
      {S::Master, E::SteppedDownAlone, S::Standby, {A::StopReplication, A::OpenElection}},
      {S::Master, E::DualLeadLost, S::Fail, fail_and_restart, Reason::DualMaster},
      {std::nullopt, E::RebootOrdered, S::Down, go_down},
      {std::nullopt, E::SoftwareFailed, S::Fail, fail_and_restart, Reason::ProcessFailure},
      {std::nullopt, E::HardwareFailed, S::Fail, {A::StopReplication}, Reason::HardwareFailure},
      {std::nullopt, E::Overheated, S::Fail, {A::StopReplication}, Reason::OverHeat},
      {std::nullopt, E::Unsecured, S::Fail, {A::StopReplication}, Reason::SlotUnsecured},
      {std::nullopt, E::LicenseMismatched, S::Fail, {A::StopReplication}, Reason::LicenseMismatch},
      {std::nullopt, E::CardMismatched, S::Fail, {A::StopReplication}, Reason::CardMismatch},
      {std::nullopt, E::DeviceTimedOut, S::Fail, {A::StopReplication}, Reason::DeviceTimeout},
      // "shutdown": up for debugging only, until it is restarted
      {std::nullopt, E::ShutDownBySoftware, S::Fail, {A::StopReplication}, Reason::ProcessFailure},
      {S::Fail, E::Repaired, S::Fail, {A::RestartAfterFail}},
  };
}

Election election() {  // Concepts Guide 11.3, pages 70 and 71
  Election election;
  election.order = {{Factor::IsCandidate, Prefer::Higher},
                    {Factor::MeetsThresholds, Prefer::Higher},
                    // lower is better; whether 0, "not configured", loses to a number is not
                    // published: here it does
                    {Factor::Priority, Prefer::Lower, true},
                    {Factor::SoftwareHealth, Prefer::Higher},
                    {Factor::HardwareHealth, Prefer::Higher},
                    {Factor::Slot, Prefer::Lower}};
  election.minimum_software_health = 45;  // ours; the scale of 49 and 7 is the manual's sample
  election.minimum_hardware_health = 4;
  return election;
}

std::vector<BootPhase> boot(const Timing& timing) {
  return {{"boot loader", Runs::Everyone, timing.boot / 2, true, false},
          {"initialisation", Runs::Everyone, timing.boot - timing.boot / 2, false, true}};
}

std::vector<ReplicationRow> rules() {  // Concepts Guide 11.3, pages 72 and 73
  using C = Content;
  return {
      {C::SavedConfiguration, Store::Flash, Store::Flash, When::AtStart, Acknowledged::AfterFlash},
      {C::ActiveConfiguration, Store::Active, Store::Active, When::AtStart},
      {C::ApplicationState, Store::Runtime, Store::Runtime, When::AtStart},
      {C::ConfigurationChange, Store::Active, Store::Active, When::OnChange},
      {C::ApplicationChange, Store::Runtime, Store::Runtime, When::OnChange},
      {C::SavedConfiguration, Store::Flash, Store::Flash, When::OnSave, Acknowledged::AfterFlash},
      {C::SoftwareImage, Store::Flash, Store::Flash, When::OnSynchronize, Acknowledged::AfterFlash},
      {C::SavedConfiguration, Store::Flash, Store::Flash, When::OnSynchronize,
       Acknowledged::AfterFlash}};
}

/// Names and order as show checkpoint-data prints them; the dependencies and sizes are ours, as the
/// manual publishes none. What a failover leaves of each: Concepts Guide 11.3, pages 75 to 78.
std::vector<ApplicationRow> applications() {
  enum : std::uint8_t {
    devmgr,
    dirser,
    ems,
    nodemgr,
    snmp,
    cli,
    edp,
    cfgmgr,
    elrp,
    vlan,
    aaa,
    fdb,
    msgsrv,
    eaps,
    stp,
    esrp,
    mcmgr,
    acl,
    netlogin,
    ospf,
    rtmgr,
    vrrp,
    lacp,
    inline_power,
    cardmgr
  };
  const auto route = [](std::string_view name, EntryForm entries) {
    return ApplicationRow{.name = name,
                          .depends_on = {rtmgr},
                          .is_essential = false,
                          .at_failover = AtFailover::DeletedLater,
                          .entries = entries};
  };
  return {{"devmgr", {}, 3},
          {"dirser", {devmgr}, 0},
          {"ems", {dirser}, 0, true},
          {"nodemgr", {dirser}, 0},
          {"snmpMaster", {nodemgr}, 2, true, false},
          {"cli", {nodemgr}, 0},
          {"edp", {devmgr}, 4, true, false, AtFailover::Cleared},
          {"cfgmgr", {nodemgr}, 1},
          {"elrp", {vlan}, 2, true, false},
          {"vlan", {cfgmgr}, 32, true},
          {"aaa", {cfgmgr}, 0},
          {"fdb", {vlan}, 16, true},
          {"msgsrv", {dirser}, 0, true},
          {"eaps", {vlan, fdb}, 4, true, false},
          {"stp", {vlan, fdb}, 8, false, true, AtFailover::Kept, {}, EntryForm::TreePort},
          {"esrp", {vlan, fdb}, 4, true, false},
          {"mcmgr", {vlan, fdb}, 8, true, false},
          {"acl", {vlan}, 16, true},
          {"netLogin", {aaa, vlan, fdb}, 4, false, false},
          {"ospf",
           {rtmgr},
           0,
           false,
           false,
           AtFailover::DeletedLater,
           "ospf/restart",
           EntryForm::Route},
          {"rtmgr", {vlan}, 16, true},
          {"vrrp", {rtmgr}, 4, true, false, AtFailover::Cleared, {}, EntryForm::Router},
          {"lacp", {vlan}, 4, true, false},
          {"poe", {devmgr}, 2, true, false, AtFailover::Kept, {}, EntryForm::Port},
          {"cardmgr", {devmgr}, 0, true},
          route("ospfv3", EntryForm::Route6),
          route("bgp", EntryForm::Route),
          route("rip", EntryForm::Route),
          route("ripng", EntryForm::Route6),
          {"pim", {rtmgr}, 0, false, false, AtFailover::Cleared, {}, EntryForm::Group}};
}

std::vector<CommandRow> commands() {
  using K = CommandKind;
  const std::vector<Office> lead = {Office::Lead};
  const std::vector<Office> anyone = {Office::None, Office::Candidate, Office::Second,
                                      Office::Lead};
  const std::vector<Office> not_second = {Office::None, Office::Candidate, Office::Lead};
  return {{K::Configure, lead, Effect::ChangeActive},
          {K::Save, lead, Effect::WriteStored},
          {K::InstallImage, lead, Effect::WriteStored},
          {K::Select, lead, Effect::ChangeSelection},
          {K::RebootChassis, not_second, Effect::RestartEveryModule},
          {K::RebootOwnModule, anyone, Effect::RestartThisModule},
          {K::RebootOtherModule, lead, Effect::RestartOtherModule},
          {K::Failover, lead, Effect::StepDown, true, true},
          {K::Synchronize, lead, Effect::CopyToSecond},
          {K::RestartProcess, {Office::Lead, Office::Second}, Effect::RestartProcess},
          {K::ClearRecovery, anyone, Effect::ClearRecovery}};
}

/// EXTREME-SYSTEM-MIB, extremeMsmFailoverCause: hitless for admin and exception only.
std::vector<CauseRow> causes() {
  using F = FailoverCause;
  return {
      {F::Admin, "admin(2), hitless", true},     {F::Exception, "exception(3), hitless", true},
      {F::Removal, "removal(4), not hitless"},   {F::HardwareFailure, "hwFailure(5), not hitless"},
      {F::Watchdog, "watchdog(6), not hitless"}, {F::Keepalive, "keepalive(7), not hitless"}};
}

std::vector<LogRow> log() {
  using L = LogEvent;
  using S = Severity;
  return {
      {L::Booted, S::Info, "NM.Start", "{node} starts"},
      {L::StateChanged, S::Notice, "NM.NodeState", "{node} is now {word}"},
      {L::NodeFailed, S::Error, "NM.NodeStateFail",
       "{node} has failed for the reason of \"{word}\""},
      {L::TookOver, S::Notice, "NM.Failover", "{node} took over as master"},
      {L::SecondLost, S::Error, "NM.NodeStateFail",
       "{node} has failed for the reason of \"Backup lost\""},
      {L::InSync, S::Info, "NM.InSync", "{node} is in sync"},
      {L::TornFile, S::Warning, "DM.Flash", "{node} ignores an incomplete file, {word}"},
      {L::CorruptFile, S::Error, "DM.Flash", "{node} ignores a corrupt file, {word}"},
      {L::FlashFull, S::Error, "DM.Flash", "{node} has no room in flash for {word}"},
      {L::Saved, S::Notice, "cfgmgr.Saved", "Configuration saved to {word} on {node}"},
      {L::SavedOnSecond, S::Notice, "cfgmgr.Saved", "Configuration saved to {word} on {node}"},
      {L::PartFailed, S::Error, "DM.Error", "{node}: {word} failed"},
      {L::PartRepaired, S::Notice, "DM.Notice", "{node}: {word} is good again"},
      {L::ProcessEnded, S::Error, "EPM.ProcessEnd", "{node}: process {word} ended"},
      {L::ProcessRestarted, S::Notice, "EPM.ProcessRestart", "{node}: process {word} restarted"},
      {L::Synchronized, S::Notice, "NM.Synchronize",
       "{node} has the images and configurations of the master"},
      {L::NotSynchronized, S::Error, "NM.Synchronize", "{node} did not respond in time"},
      {L::ModuleRestarted, S::Warning, "HAL.Card", "Slot-{word} starts again after the failover"},
      {L::ModuleReset, S::Error, "HAL.Card", "Slot-{word} failed: reset"},
      {L::ModuleDown, S::Critical, "HAL.Card", "Slot-{word} failed: shut down"},
      {L::FailoverTrap, S::Info, "SNMP.Trap",
       "extremeMsmFailoverTrap 1.3.6.1.4.1.1916.4.1.0.5: master {node}, cause {word}"}};
}

}  // namespace

Profile exos_11_3(const Timing& timing) {
  Profile profile;
  profile.name = "exos-11.3";
  profile.product = "ExtremeWare XOS";
  profile.version = "11.3.1.3";
  profile.slot_words = {"A", "B"};
  profile.node_words = {"MSM-A", "MSM-B"};
  profile.slot_numbers = {5, 6};  // of an 8810
  profile.states = states();
  profile.transitions = transitions();
  profile.election = election();
  profile.boot = boot(timing);
  profile.replication.rules = rules();
  profile.replication.applications = applications();
  profile.replication.configuration_application = 7;  // cfgmgr
  profile.replication.module_application = 24;        // cardmgr
  profile.replication.modules = {"1", "2"};
  profile.commands = commands();
  profile.reason_words = {{Reason::OverHeat, "OverHeat"},
                          {Reason::ProcessFailure, "Process Failure"},
                          {Reason::HardwareFailure, "Hw Failure"},
                          {Reason::DualMaster, "Dual Master"},
                          {Reason::BackupLost, "Backup lost"},
                          {Reason::NotInSync, "Not In Sync"},
                          {Reason::IncompatibleVersion, "Incompatible XOS"},
                          {Reason::SlotUnsecured, "Slot unsecured"},
                          {Reason::LicenseMismatch, "License Mismatch"},
                          {Reason::CardMismatch, "Card Mismatch"},
                          {Reason::DeviceTimeout, "Device Timeout"},
                          {Reason::NodeNotYetUp, "Node Not Yet UP"},
                          {Reason::NoMaster, "No Master"}};
  profile.causes = causes();
  profile.recovery_setting = "sys-recovery-level";
  profile.log = log();
  profile.factory = {{"sysname", "BD-8810"},
                     {"vlan/Default", ""},
                     {"vlan/Default/tag", "1"},
                     {"vlan/Mgmt", ""},
                     {"vlan/Mgmt/tag", "4095"}};
  profile.default_file = "primary.cfg";
  profile.full_software_health = 49;
  profile.full_hardware_health = 7;
  profile.timing = timing;
  return profile;
}

}  // namespace understudy::reference
