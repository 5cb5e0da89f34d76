// The words of the ProCurve 8212zl as data: command patterns, arguments, help, messages. Used by
// the ProCurve operator only.
#pragma once

#include <array>

#include "reference-impl/cli/grammar.h"
#include "reference-impl/cli/session.h"

namespace understudy::reference {

enum class Procurve : int {
  // On every module, in this order first.
  ShowRedundancy,
  ShowVersion,
  ShowFlash,
  ShowLogging,
  ShowModules,
  NoPage,
  Page,
  SetWidth,
  Enable,
  Exit,
  End,
  Logout,
  // While it leads, also while it boots.
  ShowInterfaces,
  // On the active module.
  ShowSystem,
  ShowRunning,
  ShowStartup,
  ShowConfigStatus,
  ShowVlans,
  ShowMacAddress,
  ShowHostKey,
  GetMib,
  WalkMib,
  Configure,
  WriteMemory,
  Boot,
  BootStandby,
  BootSystem,
  SetDefaultFlash,
  Reload,
  ReloadAfter,
  ReloadAt,
  // In the configuration's context.
  Switchover,
  EnableRedundancy,
  DisableRedundancy,
  SetFabric,
  PreferModule,
  PreferNone,
  SetStaleTimer,
  Vlan,
  NameVlan,
  AddAddress,
  DeleteVlan,
  SetHostname,
  AddSyslogServer,
  RemoveSyslogServer,
  GenerateKey,
  SetPassword,
  RemovePassword,
  // In a VLAN's context.
  NameThis,
  // What follows an answer or a finished step; not in the grammar.
  AskToSave,
  SaveThenGo,
  GoNow,
  SwitchoverNow,
  SaveThenLeave,
  AskToSaveThenLeave,
  Leave,
  Nothing
};

const FamilyWords& procurve_words();
const Grammar& procurve_grammar();
const Grammar& procurve_grammar_of_manager();        ///< outside of every context
const Grammar& procurve_grammar_of_configuration();  ///< outside of a VLAN's context
const Grammar& procurve_grammar_of_standby();        ///< what a module that does not lead takes
const Grammar& procurve_grammar_of_lead();           ///< what one takes that leads and still boots

struct ProcurveModule {
  std::string_view slot;
  std::string_view type;
};
/// The interface modules of the chassis. The last one has no support for nonstop switching.
inline constexpr std::array procurve_chassis{
    ProcurveModule{"A", "HP J8702A 24p Gig-T zl"}, ProcurveModule{"B", "HP J8702A 24p Gig-T zl"},
    ProcurveModule{"C", "HP J9051A Wireless Edge Services zl"}};

inline constexpr std::string_view procurve_stale_timer = "rapid-switchover";
/// Behind a VLAN's key and in front of an address and its mask, in the configuration.
inline constexpr std::string_view procurve_address = "/ip address ";
inline constexpr std::string_view procurve_key_file = "security";

}  // namespace understudy::reference
