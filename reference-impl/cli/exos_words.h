// The words of ExtremeWare XOS 11.3 as data: command patterns, arguments, help, messages, and the
// chassis that the commands describe. Used by the EXOS operator only.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "reference-impl/cli/grammar.h"
#include "reference-impl/cli/session.h"

namespace understudy::reference {

enum class Exos : int {
  ShowSwitch,
  ShowNode,
  ShowCheckpointData,
  ShowConfiguration,
  ShowVlan,
  ShowFdb,
  ShowLog,
  ShowVersion,
  ShowSlot,
  ShowProcess,
  ShowManagement,
  ShowSession,
  ShowPorts,
  CreateVlan,
  DeleteVlan,
  TagVlan,
  AddPorts,
  DeletePorts,
  SetAddress,
  SetSystemName,
  AddTrapReceiver,
  DeleteTrapReceiver,
  SetNodePriority,
  SetColumns,
  SetRecovery,
  SetSlotRecovery,
  ClearRecovery,
  Save,
  Reboot,
  RebootAt,
  CancelReboot,
  Failover,
  UseConfiguration,
  UseImage,
  Unconfigure,
  ClearLog,
  ClearFdb,
  ClearCounters,
  EnablePaging,
  DisablePaging,
  EnablePrompting,
  DisablePrompting,
  EnableLogDisplay,
  DisableLogDisplay,
  CreateFdbEntry,
  DeleteFdbEntry,
  History,
  Synchronize,
  RestartProcess,
  Exit,
  // What follows an answer or a finished step; not in the grammar.
  SaveNow,
  RebootNow,
  SaveThenReboot,
  ResetNow,
  ResetThenSave,
  SetRecoveryNow,
  SetSlotRecoveryNow,
  SaveThenLeave,
  SynchronizeNow,
  SaveThenSynchronize,
  RestartProcessNow,
  SaveThenRestartProcess,
  Leave,
  Nothing
};

const FamilyWords& exos_words();
const Grammar& exos_grammar();

struct ExosModule {
  int slot = 0;
  std::string_view type;
  int ports = 0;
};
/// The I/O modules of the chassis.
inline constexpr std::array exos_modules{ExosModule{1, "G24X", 24}, ExosModule{2, "G48T", 48}};

inline constexpr std::string_view exos_chassis = "BD-8810";
inline constexpr std::string_view exos_recovery_key = "sys-recovery-level";
inline constexpr std::string_view exos_fdb_prefix = "line/create fdbentry ";

}  // namespace understudy::reference
