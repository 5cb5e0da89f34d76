# Dialects, testbeds, and the one device that speaks a dialect on any bench.
understudy_library(understudy_targets
  SOURCES
    data_defects.cc
    device.cc
    device/act_reader.cc
    device/acting.cc
    device/console_act.cc
    device/custodian.cc
    device/custody.cc
    device/custody_reader.cc
    device/dialect_reader.cc
    device/door_reader.cc
    device/doubt.cc
    device/identity.cc
    device/listen.cc
    device/management.cc
    device/read_reader.cc
    device/power.cc
    device/reading.cc
    device/switch_device.cc
    device/terminal_server.cc
    device/testbed_reader.cc
    device/transcript.cc
    device/undoing.cc
    device/waiting.cc
    dialect.cc
    dialect_pattern.cc
    heal.cc
    listeners/dialect_words.cc
    listeners/listening.cc
    listeners/syslog_message.cc
    listeners/testbed_words.cc
    printable.cc
    probe.cc
    probe_console.cc
    probe_words.cc
    prober.cc
    reread.cc
    search_path.cc
    testbed.cc
    testbed_check.cc
    transcript_replay.cc
  LINK understudy_textfsm understudy_console understudy_run understudy_suite understudy_process
       understudy_simulated PkgConfig::pcre2)
# Where data lies when the program runs from its build folder.
target_compile_definitions(understudy_targets PRIVATE UNDERSTUDY_SOURCE_TREE="${PROJECT_SOURCE_DIR}")
