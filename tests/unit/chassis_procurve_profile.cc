#include "tests/unit/chassis_procurve_profile.h"

namespace understudy::reference {
namespace {

std::vector<StateRow> states() {  // section 2, state machine of one module
  return {{NodeState::Off, "off", Office::None},
          {NodeState::Selftest, "selftest", Office::None},
          {NodeState::Deciding, "deciding", Office::Candidate},
          {NodeState::ActiveBooting, "booting", Office::Lead},
          {NodeState::Active, "active", Office::Lead},
          {NodeState::StandbyBooting, "standby-boot", Office::Second},
          {NodeState::WarmStandby, "standby", Office::Second},
          {NodeState::FinishingBoot, "finishing", Office::Lead},
          {NodeState::Failed, "failed", Office::None},
          {NodeState::Down, "rebooting", Office::None}};
}

std::vector<TransitionRow> transitions() {
  using S = NodeState;
  using E = Event;
  using A = Action;
  // section 2, item 7: reads the stored config file, resets the interface modules, brings up ports
  const std::vector<A> finish = {A::ForgetRuntime, A::LoadStored, A::BeginReign, A::FinishBoot};
  const std::vector<A> reboot = {A::StopReplication, A::RestartSoon};
  std::vector<TransitionRow> rows = {
      {std::nullopt, E::PowerOn, S::Selftest, {}},
      {S::Selftest, E::SelfTestFailed, S::Failed, {}, Reason::HardwareFailure},
      {S::Selftest, E::BootedToDecision, S::Deciding, {A::LoadStored, A::OpenElection}},
      {S::Deciding, E::ElectedLead, S::ActiveBooting, finish},
      {S::ActiveBooting, E::BootFinished, S::Active, {A::StartReplication}},
      {S::Deciding, E::ElectedSecond, S::StandbyBooting, {A::HoldBoot}},
      {S::StandbyBooting, E::StandbyPointReached, S::WarmStandby, {}},
      {S::FinishingBoot, E::BootFinished, S::Active, {A::StartReplication}},
      {S::Active, E::SteppedDown, S::Down, reboot},
      {std::nullopt, E::DualLeadLost, S::Down, reboot},
      {std::nullopt, E::RebootOrdered, S::Down, reboot},
      {std::nullopt, E::SoftwareFailed, S::Down, reboot},
      {std::nullopt, E::HardwareFailed, S::Failed, {A::StopReplication}, Reason::HardwareFailure}};
  // section 4: whatever takes the active away, the standby finishes its boot
  for (const Event lost : {E::LeadLostInSync, E::LeadLostNotInSync, E::LeadLeftInSync,
                           E::LeadLeftNotInSync, E::LeadLeftForced}) {
    rows.push_back({S::WarmStandby, lost, S::FinishingBoot, finish});
    rows.push_back({S::StandbyBooting, lost, S::FinishingBoot, finish});
  }
  return rows;
}

}  // namespace

Profile procurve_8212zl(const Timing& timing) {
  Profile profile;
  profile.name = "procurve-8212zl";
  profile.product = "ProCurve 8212zl";
  profile.version = "K.12.57";
  profile.slot_words = {"1", "2"};
  profile.node_words = {"MM1", "MM2"};
  profile.states = states();
  profile.transitions = transitions();
  // section 3, rules 4 to 7; 1 to 3 are what any election does with who is there and already active
  profile.election.order = {{Factor::IsCandidate, Prefer::Higher},
                            {Factor::EverBooted, Prefer::Higher},
                            {Factor::LedLast, Prefer::Higher},
                            {Factor::BootClock, Prefer::Higher},
                            {Factor::Slot, Prefer::Lower}};
  profile.election.remember = Remember::OnOffice;
  profile.boot = {{"rom", Runs::Everyone, timing.boot / 4, true, false},
                  {"selftest", Runs::Everyone, timing.boot / 4, true, true},
                  {"interface modules", Runs::Lead, timing.finish_boot / 2},
                  {"ports", Runs::Lead, timing.finish_boot / 2},
                  {"basic files", Runs::Second, timing.boot / 2}};
  // section 2, items 5 and 6: the stored configuration continuously, the running one never
  profile.replication.rules = {{Content::SavedConfiguration, Store::Flash, Store::Flash,
                                When::AtStart, Acknowledged::AfterFlash},
                               {Content::SavedConfiguration, Store::Flash, Store::Flash,
                                When::OnSave, Acknowledged::AfterFlash}};
  const std::vector<Office> lead = {Office::Lead};
  profile.commands = {
      {CommandKind::Configure, lead, Effect::ChangeActive},
      {CommandKind::Save, lead, Effect::WriteStored},
      {CommandKind::RebootChassis, lead, Effect::RestartEveryModule},
      {CommandKind::RebootOwnModule, lead, Effect::RestartThisModule},
      {CommandKind::RebootOtherModule, lead, Effect::RestartOtherModule},
      // section 5: refused unless the other module is in standby, files synchronised
      {CommandKind::Failover, lead, Effect::StepDown, true, false}};
  profile.reason_words = {{Reason::HardwareFailure, "selftest failure"}};
  profile.log = {{LogEvent::StateChanged, Severity::Info, "chassis", "{node} is {word}"}};
  profile.factory = {{"sysname", "ProCurve Switch 8212zl"}};
  profile.default_file = "startup-config";
  profile.timing = timing;
  return profile;
}

}  // namespace understudy::reference
