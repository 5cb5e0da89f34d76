# Not a test: `textfsm_bench FILE SECONDS [TEMPLATE]` prints parses/s and MB/s.
add_executable(textfsm_bench ${PROJECT_SOURCE_DIR}/tests/bench/textfsm_bench.cc)
target_link_libraries(textfsm_bench PRIVATE understudy_textfsm)
set_target_properties(textfsm_bench PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
