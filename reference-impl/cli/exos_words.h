// The words of EXOS as data: command patterns, arguments, help and messages, which are all
// products', and what each product calls and prints otherwise. Used by the EXOS operator only.
#pragma once

#include <array>
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
  ShowSharing,
  ShowLacp,
  ShowPower,
  ShowFans,
  ShowSupplies,
  ShowTemperature,
  ShowFiles,
  ShowRoutes,
  ShowEntries,
  CreateVlan,
  DeleteVlan,
  TagVlan,
  AddPorts,
  DeletePorts,
  SetAddress,
  SetSystemName,
  AddTrapReceiver,
  DeleteTrapReceiver,
  SetRestart,
  SetPowerBudget,
  EnableSharing,
  DisableSharing,
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
  DownloadImage,
  InstallImage,
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
  ScheduleNow,
  SaveThenSchedule,
  ResetNow,
  ResetThenSave,
  SetRecoveryNow,
  SetSlotRecoveryNow,
  SaveThenLeave,
  SynchronizeNow,
  SaveThenSynchronize,
  RestartProcessNow,
  SaveThenRestartProcess,
  DownloadThenInstall,
  DownloadNow,
  Leave,
  Nothing
};

const Grammar& exos_grammar();

/// An I/O module of the chassis.
struct ExosModule {
  int slot = 0;
  std::string_view type;
  int ports = 0;
  bool feeds = false;  ///< what is plugged into its ports, by power over Ethernet
};

/// What one product calls and prints in its own way. Layouts and commands are the same.
struct ExosProduct {
  FamilyWords words;
  std::string_view lead;  ///< "master": who manages the chassis, in messages
  std::string_view contact;
  std::string_view chassis;  ///< System Type
  std::string_view management_module;
  std::array<ExosModule, 2> modules;
  std::string_view image_prefix;  ///< of the files that hold its software
  std::string_view built;         ///< when its software was
};
extern const ExosProduct exos_11_3_words;
extern const ExosProduct xcm8800_words;

inline constexpr std::string_view exos_restart_key = "ospf/restart";
inline constexpr std::string_view exos_power_prefix = "inline-power/budget/";
inline constexpr std::string_view exos_process_version = "3.0.0.2";  ///< the manuals' sample
inline constexpr std::string_view exos_fdb_prefix = "line/create fdbentry ";

}  // namespace understudy::reference
