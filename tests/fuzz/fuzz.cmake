# One libFuzzer program for each parser of outside bytes. `./dev` configures the tree a second time
# with clang and UNDERSTUDY_FUZZ below the build folder and builds `fuzzers`; the ordinary build only
# registers a test for each, which runs it for a quarter of a minute.

# understudy_fuzzer(NAME SOURCES... LINK LIBRARIES... SEEDS FILES OR FOLDERS...): tests/fuzz/NAME.cc,
# begun from tests/fuzz/corpus/NAME and the seeds, which are named from the top of the tree.
function(understudy_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK;SEEDS")
  if(NOT UNDERSTUDY_FUZZ)
    add_test(NAME fuzz.${name}
      COMMAND ${PROJECT_SOURCE_DIR}/tests/fuzz/run ${CMAKE_BINARY_DIR} ${name} 15)
    set_tests_properties(fuzz.${name} PROPERTIES TIMEOUT 300)
    return()
  endif()
  add_executable(fuzz_${name} tests/fuzz/${name}.cc ${arg_SOURCES})
  target_link_libraries(fuzz_${name} PRIVATE understudy_settings fmt::fmt
    nlohmann_json::nlohmann_json tl::expected ${arg_LINK})
  target_precompile_headers(fuzz_${name} REUSE_FROM understudy_precompiled)
  target_compile_definitions(fuzz_${name} PRIVATE UNDERSTUDY_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(fuzz_${name} PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/programs)
  list(JOIN arg_SEEDS "\n" seeds)
  file(WRITE ${CMAKE_BINARY_DIR}/programs/${name}.seeds "${seeds}\n")
  add_dependencies(fuzzers fuzz_${name})
endfunction()

if(UNDERSTUDY_FUZZ)
  add_custom_target(fuzzers)
  # Readers alone: no bench, no keeper, no reference implementation to compile.
  understudy_library(fuzz_readers
    SOURCES targets/device/act_reader.cc targets/device/dialect_reader.cc
      targets/device/door_reader.cc targets/device/read_reader.cc
      targets/device/testbed_reader.cc targets/dialect.cc
      targets/dialect_pattern.cc targets/search_path.cc targets/device/console_act.cc
      targets/device/custody_reader.cc
      targets/listeners/dialect_words.cc targets/listeners/testbed_words.cc
    LINK understudy_textfsm understudy_console understudy_suite understudy_wire PkgConfig::pcre2)
endif()

understudy_fuzzer(console
  SOURCES tests/unit/console_switch.cc
  LINK understudy_console)
understudy_fuzzer(textfsm_template
  LINK understudy_textfsm
  SEEDS targets/dialects/exos)
understudy_fuzzer(textfsm_input
  LINK understudy_textfsm
  SEEDS tests/bench/outputs)
understudy_fuzzer(suite
  LINK understudy_suite
  SEEDS suites/canaries)
understudy_fuzzer(testbed
  LINK fuzz_readers
  SEEDS fixtures/testbeds)
understudy_fuzzer(dialect
  LINK fuzz_readers
  SEEDS targets/dialects/exos/dialect.yaml)
understudy_fuzzer(frame_words
  LINK understudy_wire
  SEEDS targets/frames)
understudy_fuzzer(capture
  LINK understudy_wire)
understudy_fuzzer(datagram
  SOURCES targets/listeners/listening.cc targets/listeners/notification.cc
    targets/listeners/snmp_text.cc targets/listeners/syslog_message.cc targets/printable.cc targets/secrets.cc
    targets/keeper/channel.cc
  LINK fuzz_readers understudy_wire PkgConfig::netsnmp)
understudy_fuzzer(telnet
  SOURCES targets/doors/telnet.cc
  LINK understudy_suite PkgConfig::telnet)
understudy_fuzzer(history
  LINK understudy_run)
understudy_fuzzer(judge
  LINK understudy_run)
understudy_fuzzer(frame
  LINK understudy_reference_core)
understudy_fuzzer(command_line
  LINK understudy_reference_cli)
