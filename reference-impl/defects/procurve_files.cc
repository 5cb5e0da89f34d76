// ProCurve: defects of configurations, security files and images, and of the command line.
#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::procurve {
namespace {

using S = NodeState;
using E = Event;
using C = Content;

/// What is typed in front of a command, where it is typed whole.
auto typing_before(std::string command, std::string first) {
  return typed([command, first](Notes&, std::string& bytes) {
    if (bytes == command) bytes = first + command;
  });
}

auto printing(std::string what, std::string instead) {
  return printed(
      [what, instead](Notes&, std::string& bytes) { replace_all(bytes, what, instead); });
}

}  // namespace

std::vector<Defect> file_defects() {
  return {
      {.id = "a-new-standby-keeps-its-own-configuration",
       .sentence = "A module that becomes standby keeps the configuration that it has.",
       .clauses = {"the-standby-gets-basic-files", "a-standby-claim-is-true"},
       .origin = "b",
       .replace = [](Profile& p) { remove_rule(p, C::SavedConfiguration, When::AtStart); }},
      {.id = "a-new-standby-keeps-its-own-keys",
       .sentence = "A module that becomes standby keeps the security files that it has.",
       .clauses = {"the-standby-gets-basic-files"},
       .origin = "n",
       .replace = [](Profile& p) { remove_rule(p, C::SecurityFile, When::AtStart); }},
      {.id = "write-memory-stays-on-the-active",
       .sentence = "write memory stores the configuration on the active module alone.",
       .clauses = {"stored-configuration-is-synchronised-continuously",
                   "the-new-active-reads-the-stored-configuration"},
       .origin = "a",
       .replace = [](Profile& p) { remove_rule(p, C::SavedConfiguration, When::OnSave); }},
      {.id = "new-keys-stay-on-the-active",
       .sentence = "A new key stays on the active module.",
       .clauses = {"security-files-are-synchronised-continuously"},
       .origin = "n",
       .replace = [](Profile& p) { remove_rule(p, C::SecurityFile, When::OnSave); }},
      {.id = "the-running-configuration-is-synchronised",
       .sentence = "A warm standby gets every change, saved or not, and goes on with it.",
       .clauses = {"running-configuration-is-not-synchronised"},
       .origin = "a",
       .replace =
           [](Profile& p) {
             for (ReplicationRow& row : p.replication.rules) {
               if (row.to == Store::Active) row.is_nonstop = false;
             }
           }},
      {.id = "every-change-is-saved",
       .sentence = "Every change is stored at once, on both modules.",
       .clauses = {"config-status-tells-unsaved-changes"},
       .origin = "a",
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         if (node.state != S::Active || !node.is_dirty) return;
         if (node.pending.kind != Pending::Kind::None) return;
         step(moment.profile(), node, moment.machine.diary, Ordered{0, Save{}},
              moment.machine.outputs);
       })},
      {.id = "the-new-active-keeps-what-it-booted-with",
       .sentence = "A standby that takes over runs the configuration that it read when it booted.",
       .clauses = {"the-new-active-reads-the-stored-configuration",
                   "stored-configuration-is-synchronised-continuously"},
       .origin = "",
       .replace =
           [](Profile& p) {
             for (const E lost : all_losses) {
               remove_action(row_for(p, S::WarmStandby, lost), Action::LoadStored);
             }
           }},
      {.id = "standby-before-the-files",
       .sentence = "A module calls itself Standby at its boot point, before it has the files.",
       .clauses = {"a-standby-claim-is-true", "module-states-tell-what-is-missing"},
       .origin = "b",
       .replace =
           [](Profile& p) {
             row_for(p, S::StandbyBooting, E::StandbyPointReached)->to = S::WarmStandby;
           }},
      {.id = "removal-empties-the-configuration",
       .sentence = "A standby drops the file that the module that was pulled out began to replace.",
       .clauses = {"removal-aborts-the-transfer"},
       .origin = "D11",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* presence = std::get_if<PeerPresence>(&input);
         const bool is_pulled = presence && !presence->is_present && moment.seconds();
         if (is_pulled) moment.node().flash.files.erase("startup-config");
         return true;
       })},
      {.id = "files-are-overwritten-in-place",
       .sentence = "A file is overwritten in place, so a write that is cut short leaves none.",
       .clauses = {"incomplete-files-are-not-used"},
       .origin = "D11",
       .interpose = after([](Moment& moment) {
         change_writes(moment, [](WriteFlash& write) {
           if (write.name.starts_with("startup-config")) write.name.back() = '0';
         });
       })},
      {.id = "switchover-does-not-wait",
       .sentence = "redundancy switchover switches over in the middle of a transfer.",
       .clauses = {"switchover-waits-for-the-files"},
       .origin = "e",
       .replace = [](Profile& p) { row_for(p, CommandKind::Failover)->waits_for_copy = false; }},
      {.id = "images-are-not-sent",
       .sentence = "A module with other software gets no images and stays standby with its own.",
       .clauses = {"an-inserted-module-gets-the-images",
                   "an-inserted-module-boots-the-matching-image"},
       .origin = "k",
       .replace = [](Profile& p) { remove_rule(p, C::SoftwareImage, When::AtStart); }},
      {.id = "the-wrong-flash-is-booted",
       .sentence = "A module that got the images reboots into the other flash.",
       .clauses = {"an-inserted-module-boots-the-matching-image"},
       .origin = "k",
       .interpose = after([](Moment& moment) {
         if (moment.leads()) {
           OrderUnderWay& order = moment.node().order;
           const bool is_new = order.sequence != 0 && order.tries == 1 && order.detail != 0;
           if (is_new && moment.notes["order"] != order.sequence) {
             moment.notes["order"] = order.sequence;
             order.detail = static_cast<std::uint8_t>(3 - order.detail);
             drop_frames(moment, FrameType::Command);
           }
         }
       })},
      {.id = "nonstop-forgets-what-is-learned",
       .sentence = "With nonstop switching what is learned later does not reach the standby.",
       .clauses = {"nonstop-keeps-run-time-state"},
       .origin = "",
       .replace = [](Profile& p) { remove_rule(p, C::ApplicationChange, When::OnChange); }},
      {.id = "nonstop-forgets-what-was-learned",
       .sentence = "With nonstop switching what was learned before does not reach a new standby.",
       .clauses = {"nonstop-keeps-run-time-state"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.node().state == S::Syncing) {
           for (auto& table : moment.node().tables) table = {};
         }
       })},
      {.id = "changes-during-the-initial-sync",
       .sentence = "With nonstop switching changes are taken during the first synchronisation.",
       .clauses = {"nonstop-takes-no-changes-during-the-initial-sync"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const bool changes = ordered<CreateVlan>(input) || ordered<ChangeSetting>(input);
         Sending& sending = moment.node().sending;
         if (!changes || sending.session == 0 || sending.is_started) return true;
         sending.is_started = true;
         step(moment.profile(), moment.node(), moment.machine.diary, input, moment.machine.outputs);
         moment.node().sending.is_started = false;
         return false;
       })},
      {.id = "a-standby-calls-the-active-booting",
       .sentence = "On the standby's console the active module is shown as Booting.",
       .clauses = {"module-states-are-the-published-ones"},
       .origin = "",
       .interpose = wrapped(
           {.after = [](Moment& moment) { moment.notes["second"] = moment.seconds() ? 1 : 0; },
            .printed =
                [](Notes& notes, std::string& bytes) {
                  if (notes["second"] == 1) {
                    replace_all(bytes, "Active ", "Booting");
                  }
                }})},
      {.id = "switchover-in-any-context",
       .sentence = "redundancy switchover is taken outside the configuration context.",
       .clauses = {"redundancy-is-ordered-in-the-configuration-context"},
       .origin = "",
       .interpose = typing_before("redundancy switchover\r", "configure\r")},
      {.id = "reload-does-not-ask",
       .sentence = "reload saves unsaved changes without a question.",
       .clauses = {"reload-asks-about-unsaved-changes", "reload-does-what-it-was-answered"},
       .origin = "D10",
       .interpose = typing_before("reload\r", "write memory\r")},
      {.id = "a-scheduled-reload-saves",
       .sentence = "reload after saves unsaved changes before it reloads.",
       .clauses = {"a-scheduled-reload-asks-nothing"},
       .origin = "D10",
       .interpose = typing_before("reload after 1\r", "write memory\r")},
      {.id = "a-scheduled-reload-is-forgotten",
       .sentence = "reload after is taken and nothing is reloaded.",
       .clauses = {"a-scheduled-reload-asks-nothing"},
       .origin = "",
       .interpose = typed([](Notes&, std::string& bytes) {
         if (bytes == "reload after 1\r") bytes = "reload after 99999\r";
       })},
      {.id = "the-stale-timer-is-off",
       .sentence = "Layer 3 does not forward on stale entries unless a timer is configured.",
       .clauses = {"the-stale-timer-has-its-default"},
       .origin = "D9",
       .interpose = printing("FwdingTime.0 = 90", "FwdingTime.0 = 0")},
      {.id = "the-stale-timer-stays-at-its-default",
       .sentence = "redundancy rapid-switchover is taken and changes nothing.",
       .clauses = {"the-stale-timer-is-set"},
       .origin = "",
       .interpose = before([](Moment&, Input& input) {
         auto* change = ordered<ChangeSetting>(input);
         if (change && change->change.key == "rapid-switchover") change->change.value = "90";
         return true;
       })},
      {.id = "no-module-is-preferred",
       .sentence = "A preferred module is told and is no factor of the decision.",
       .clauses = {"the-preferred-module-is-active"},
       .origin = "",
       .replace = [](Profile& p) { remove_factor(p, Factor::Priority); }},
      {.id = "the-other-module-is-preferred",
       .sentence = "The module that is told to be preferred is the other one.",
       .clauses = {"the-preferred-module-is-told"},
       .origin = "",
       .interpose = printing("ActiveManagement.0 = 2", "ActiveManagement.0 = 1")},
      {.id = "an-image-lands-in-both-flashes",
       .sentence = "Software that is put into secondary flash is in primary flash as well.",
       .clauses = {"each-module-has-two-images"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* installed = std::get_if<ImageInstalled>(&input);
         if (!installed || installed->partition == Partition::Primary) return true;
         step(moment.profile(), moment.node(), moment.machine.diary,
              ImageInstalled{Partition::Primary, installed->version}, moment.machine.outputs);
         return true;
       })},
      {.id = "a-mismatch-is-a-failure",
       .sentence = "A module whose software is not the active one's is Failed.",
       .clauses = {"boot-standby-into-other-software", "an-inserted-module-gets-the-images"},
       .origin = "k",
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         if (moment.seconds() && node.peer.is_heard && node.peer.said.version != node.version) {
           node.state = S::Failed;
         }
       })},
      {.id = "yes-does-not-save",
       .sentence = "Answered y, reload saves nothing.",
       .clauses = {"reload-does-what-it-was-answered"},
       .origin = "",
       .interpose = wrapped({.typed =
                                 [](Notes& notes, std::string& bytes) {
                                   if (notes["asked"] == 1 && bytes == "y") bytes = "n";
                                   notes["asked"] = 0;
                                 },
                             .printed =
                                 [](Notes& notes, std::string& bytes) {
                                   if (bytes.find("save current") != std::string::npos) {
                                     notes["asked"] = 1;
                                   }
                                 }})},
      {.id = "logout-does-not-ask",
       .sentence = "logout saves unsaved changes without a question.",
       .clauses = {"logout-asks-about-unsaved-changes"},
       .origin = "",
       .interpose = typing_before("logout\r", "write memory\r")},
      {.id = "no-failure-is-told",
       .sentence = "Nothing is told about why there is no standby.",
       .clauses = {"the-reason-for-no-standby-is-told"},
       .origin = "",
       .interpose = wrapped({.printed =
                                 [](Notes&, std::string& bytes) {
                                   for (const char* number : {"5", "6", "7"}) {
                                     replace_all(bytes, std::string("Reason.0 = ") + number,
                                                 "Reason.0 = 2");
                                   }
                                 }})},
      {.id = "every-mode-is-called-enabled",
       .sentence = "Warm standby and nonstop switching are told by the same word.",
       .clauses = {"the-mode-of-redundancy-is-told"},
       .origin = "",
       .interpose = printing("Nonstop switching", "Enabled")},
      {.id = "always-the-same-as-stored",
       .sentence = "show config status always says that nothing is unsaved.",
       .clauses = {"config-status-tells-unsaved-changes"},
       .origin = "",
       .interpose = printing("has been changed and needs to be saved",
                             "is same as the startup configuration")},
  };
}

std::vector<Unobservable> unobservable() {
  return {
      {"p", "The Dwn LED is green with no standby.", "no console tells the LED"},
      {"D1", "An image that is copied whole does not boot.", "images here are versions"},
      {"D2", "Diagnostics print the commands of the script that makes them.",
       "it concerns show tech transceivers of another chassis, not redundancy"},
      {"D3", "A configuration that newer software saved does not load in older software.",
       "configurations here have one form; no document prints what changed between K.12 and K.13"},
      {"D4", "Modules with unlike software choose the rendezvous point of PIM-SM differently.",
       "no routing protocol runs, and no testbed sends its packets"},
      {"D5", "A module whose boot ROM is updated boots twice, and a switchover finds no standby.",
       "no act updates a boot ROM; that a switchover without a standby is refused is proven "
       "(switchover-needs-a-standby)"},
      {"D6", "After a switchover between unlike images the former active boots the older one.",
       "that is what 16.09 says it does, and event 538 says that images are sent: a device that "
       "sends them never gets there"},
      {"D13", "Lines of the banner end in CR CR LF.",
       "it concerns whoever reads the console; the console's tests type and read such lines"},
      {"D14", "The prompt comes before the line that asks for a key.",
       "it concerns whoever reads the console, who has to answer what a line says, not its place"},
      {"D15", "show system breaks a long contact into a line without a label.",
       "no case reads the contact, which is no part of redundancy"},
  };
}

}  // namespace understudy::reference::procurve
