#include "reference-impl/chassis/procurve_8212zl.h"

namespace understudy::reference {
namespace {

/// Page 15-3 has Active, Standby, Failed and Offline; what a module is on its way between them the
/// manual tells, and the words are ours but for the MIB's syncing(4).
std::vector<StateRow> states() {
  return {{NodeState::Off, "Unavailable", Office::None},
          {NodeState::Selftest, "Selftest", Office::None},
          {NodeState::Deciding, "Deciding", Office::Candidate},
          {NodeState::ActiveBooting, "Booting", Office::Lead},
          {NodeState::Active, "Active", Office::Lead},
          {NodeState::StandbyBooting, "Booting", Office::Second},
          {NodeState::Syncing, "Syncing", Office::Second},
          {NodeState::WarmStandby, "Standby", Office::Second},
          {NodeState::FinishingBoot, "Booting", Office::Lead},
          {NodeState::Failed, "Failed", Office::None},
          {NodeState::Offline, "Offline", Office::None},
          {NodeState::ShutDown, "Offline", Office::None},
          {NodeState::Down, "Rebooting", Office::None}};
}

std::vector<TransitionRow> transitions() {
  using S = NodeState;
  using E = Event;
  using A = Action;
  const std::vector<A> reboot = {A::StopReplication, A::RestartSoon};
  const std::vector<A> leave = {A::StopReplication};
  std::vector<TransitionRow> rows = {
      // page 15-4: selftest first, then it is decided which one is active
      {std::nullopt, E::PowerOn, S::Selftest, {}},
      {S::Selftest, E::SelfTestFailed, S::Failed, {}, Reason::HardwareFailure},
      {S::Selftest, E::BootedToDecision, S::Deciding, {A::LoadStored, A::OpenElection}},
      // "finishes booting and then brings up the interface modules and ports"
      {S::Deciding,
       E::ElectedLead,
       S::ActiveBooting,
       {A::ForgetRuntime, A::LoadStored, A::BeginReign, A::ResetModules, A::FinishBoot}},
      {S::ActiveBooting, E::BootFinished, S::Active, {A::StartReplication}},
      // "boots to a certain point, synchronizes basic files"
      {S::Deciding, E::ElectedSecond, S::StandbyBooting, {A::HoldBoot}},
      {S::StandbyBooting, E::StandbyPointReached, S::Syncing, {A::AwaitCopy}},
      {S::Syncing, E::CopyComplete, S::WarmStandby, {}},
      {S::WarmStandby, E::CopyBegun, S::Syncing, {}},
      {S::FinishingBoot, E::BootFinished, S::Active, {A::StartReplication}},
      // nonstop switching (K.15.15, page 466): no boot to finish
      {S::WarmStandby,
       E::LeadLostReplicated,
       S::Active,
       {A::AdoptActive, A::InheritReign, A::StartReplication}},
      {S::Active, E::SteppedDown, S::Down, reboot},
      // page 15-15: safe to remove, cannot take over
      {S::Active, E::ShutDownPressed, S::ShutDown, leave, Reason::ButtonPressed},
      {S::WarmStandby, E::ShutDownPressed, S::ShutDown, {}, Reason::ButtonPressed},
      {std::nullopt, E::ResetPressed, S::Down, reboot, Reason::ButtonPressed},
      {std::nullopt, E::DualLeadLost, S::Down, reboot},
      {std::nullopt, E::RebootOrdered, S::Down, reboot, Reason::RebootOrdered},
      {std::nullopt, E::SoftwareFailed, S::Down, reboot, Reason::ProcessFailure},
      {std::nullopt, E::HardwareFailed, S::Failed, leave, Reason::HardwareFailure},
      {S::Offline, E::RedundancyEnabled, S::StandbyBooting, {A::HoldBoot}}};
  const S seconds[] = {S::WarmStandby, S::Syncing, S::StandbyBooting};
  // page 15-3: offline because redundancy is disabled
  for (const S from : {S::Deciding, S::StandbyBooting, S::Syncing, S::WarmStandby}) {
    rows.push_back({from, E::RedundancyDisabled, S::Offline, {}});
  }
  // page 15-4: "by reading the stored config file, resetting the interface modules, and bringing up
  // the ports", whatever takes the active module away
  for (const E lost : {E::LeadLostInSync, E::LeadLostNotInSync, E::LeadLeftInSync,
                       E::LeadLeftNotInSync, E::LeadLeftForced}) {
    for (const S from : seconds) {
      rows.push_back({from,
                      lost,
                      S::FinishingBoot,
                      {A::ForgetRuntime, A::LoadStored, A::BeginReign, A::FinishBoot}});
    }
  }
  return rows;
}

/// Pages 15-44 and 15-45, rules 4 to 7; rules 1 to 3 follow from who is there, has passed its
/// selftest and is active already. A preferred module (K.15's MIB) comes before rule 4; that it
/// does is inferred, as no page says what the preference outranks.
Election election() {
  Election election;
  election.highest_priority = 1;
  election.order = {{Factor::IsCandidate, Prefer::Higher}, {Factor::Priority, Prefer::Higher},
                    {Factor::EverBooted, Prefer::Higher},  {Factor::LedLast, Prefer::Higher},
                    {Factor::BootClock, Prefer::Higher},   {Factor::Slot, Prefer::Lower}};
  election.remember = Remember::OnOffice;
  return election;
}

std::vector<BootPhase> boot(const Timing& timing) {
  return {{"Boot ROM", Runs::Everyone, timing.boot / 4, true, false},
          {"Selftest", Runs::Everyone, timing.boot / 4, false, true, true},
          {"Interface modules", Runs::Lead, timing.finish_boot / 2},
          {"Ports", Runs::Lead, timing.finish_boot / 2},
          {"Basic files", Runs::Second, timing.boot / 2}};
}

/// Page 15-4: the stored configuration and the security files continuously, the running
/// configuration never; page 15-16: images first. The rest is nonstop switching.
std::vector<ReplicationRow> rules() {
  using C = Content;
  using W = When;
  constexpr auto flash = Store::Flash;
  constexpr auto durable = Acknowledged::AfterFlash;
  return {{C::SoftwareImage, flash, flash, W::AtStart, durable},
          {C::SavedConfiguration, flash, flash, W::AtStart, durable},
          {C::SecurityFile, flash, flash, W::AtStart, durable},
          {C::ActiveConfiguration, Store::Active, Store::Active, W::AtStart,
           Acknowledged::OnReceipt, true},
          {C::ApplicationState, Store::Runtime, Store::Runtime, W::AtStart, Acknowledged::OnReceipt,
           true},
          {C::SavedConfiguration, flash, flash, W::OnSave, durable},
          {C::SecurityFile, flash, flash, W::OnSave, durable},
          {C::ConfigurationChange, Store::Active, Store::Active, W::OnChange,
           Acknowledged::OnReceipt, true},
          {C::ApplicationChange, Store::Runtime, Store::Runtime, W::OnChange,
           Acknowledged::OnReceipt, true}};
}

std::vector<CommandRow> commands() {
  using K = CommandKind;
  const std::vector<Office> lead = {Office::Lead};
  CommandRow switchover{K::Failover, lead, Effect::StepDown};
  switchover.second_must_be = NodeState::WarmStandby;  // page 15-44
  switchover.waits_for_copy = true;                    // 16.09, redundancy switchover
  CommandRow reload{K::RebootWarm, lead, Effect::RestartWarm};
  reload.second_must_be = NodeState::WarmStandby;  // 16.09, reload: else the system boots
  reload.waits_for_copy = true;
  CommandRow boot{K::RebootOwnModule, lead, Effect::RestartThisModule};
  boot.second_must_be = NodeState::WarmStandby;
  boot.waits_for_copy = true;  // what a question has just saved arrives; ours
  return {{K::Configure, lead, Effect::ChangeActive},
          {K::Save, lead, Effect::WriteStored},
          {K::StoreFile, lead, Effect::WriteStored},
          {K::Select, lead, Effect::ChangeSelection},
          {K::RebootChassis, lead, Effect::RestartEveryModule},
          boot,
          {K::RebootOtherModule, lead, Effect::RestartOtherModule},
          reload,
          switchover};
}

std::vector<CauseRow> causes() {
  using F = FailoverCause;
  return {{F::Admin, "switchover command"},
          {F::Exception, "crash of the active module"},
          {F::Removal, "active module removed"},
          {F::HardwareFailure, "hardware failure of the active module"},
          {F::Watchdog, "heartbeat lost"},
          {F::Keepalive, "heartbeat lost"},
          {F::Button, "button pressed"},
          {F::Reset, "boot command"}};
}

/// The events' wording is ours, but for those of the synchronisation (events 537 to 540).
std::vector<LogRow> log() {
  using L = LogEvent;
  using S = Severity;
  return {{L::Booted, S::Info, "system", "{node} boots"},
          {L::StateChanged, S::Info, "chassis", "{node} is {word}"},
          {L::NodeFailed, S::Warning, "chassis", "{node} went down: {word}"},
          {L::TookOver, S::Warning, "chassis", "Switchover: {node} takes over: {word}"},
          {L::SecondLost, S::Warning, "chassis", "{node} is lost"},
          {L::ImageSent, S::Info, "chassis", "Syncing {word} to standby"},
          {L::SyncBegun, S::Info, "chassis", "Initial sync to STANDBY STARTED"},
          {L::InSync, S::Info, "chassis", "Initial sync to STANDBY COMPLETED"},
          {L::ChangesLocked, S::Info, "chassis",
           "Redundant Standby Management Module syncing is INPROGRESS. Configuration changes are "
           "TEMPORARILY DISABLED"},
          {L::ChangesAllowed, S::Info, "chassis",
           "Redundant Standby Management Module syncing is COMPLETED. Configuration changes are "
           "ENABLED"},
          {L::TornFile, S::Warning, "system", "Incomplete file ignored: {word}"},
          {L::CorruptFile, S::Warning, "system", "Corrupt file ignored: {word}"},
          {L::FlashFull, S::Warning, "system", "No room in flash for {word}"},
          {L::ProcessEnded, S::Critical, "system", "{word} ended"},
          {L::PartFailed, S::Warning, "chassis", "{node}: {word} failed"},
          {L::ModuleRestarted, S::Info, "chassis", "Slot {word} is reset"},
          {L::ModuleReset, S::Warning, "chassis", "Slot {word} failed and is reset"},
          {L::ModuleDown, S::Warning, "chassis", "Slot {word} failed and stays down"},
          {L::ImageUpdated, S::Info, "chassis", "Standby {word} updated- rebooting standby"}};
}

/// No routing or spanning-tree protocol runs; what the switch learns stands for all of them.
std::vector<ApplicationRow> applications() {
  return {{"mgmt", {}, 4}, {"modules", {0}, 0}, {"fdb", {1}, 16}};
}

}  // namespace

Profile procurve_8212zl(const Timing& timing) {
  Profile profile;
  profile.name = "procurve-8212zl";
  profile.product = "ProCurve 8212zl";
  profile.version = "K.15.06.0017";  // the first releases with nonstop switching are K.15's
  profile.slot_words = {"1", "2"};
  profile.node_words = {"MM1", "MM2"};
  profile.slot_numbers = {1, 2};
  profile.states = states();
  profile.transitions = transitions();
  profile.election = election();
  profile.boot = boot(timing);
  profile.replication.rules = rules();
  profile.replication.applications = applications();
  profile.replication.module_application = 1;
  profile.replication.modules = {"A", "B", "C"};
  profile.replication.modules_without_nonstop = {"C"};
  profile.replication.sends_images = true;
  profile.replication.installed_is_selected = false;  // `boot set-default flash` selects
  profile.replication.save_waits_for_second = false;
  profile.replication.security_file = "security";
  profile.commands = commands();
  profile.reason_words = {{Reason::HardwareFailure, "hardware failure"},
                          {Reason::ProcessFailure, "crash"},
                          {Reason::ButtonPressed, "button pressed"},
                          {Reason::RebootOrdered, "boot command"},
                          {Reason::BackupLost, "no heartbeat"},
                          {Reason::IncompatibleVersion, "other software"}};
  profile.causes = causes();
  profile.alone = {"redundancy", "disabled"};
  profile.nonstop = {"redundancy", "nonstop-switching"};
  profile.log = log();
  profile.factory = {{"sysname", "ProCurve Switch 8212zl"},
                     {"vlan/1", ""},
                     {"vlan/1/name", "DEFAULT_VLAN"},
                     {"vlan/1/tag", "1"}};
  profile.default_file = "startup-config";
  profile.timing = timing;
  profile.timing.module_boot = timing.finish_boot / 2;
  return profile;
}

}  // namespace understudy::reference
