# Not a test: the parser's speed, for the rows P7 and P8.
add_executable(textfsm_bench ${PROJECT_SOURCE_DIR}/tests/bench/textfsm_bench.cc)
target_link_libraries(textfsm_bench PRIVATE understudy_textfsm)
target_compile_definitions(textfsm_bench PRIVATE
  SHOW_FDB_TEMPLATE="${PROJECT_SOURCE_DIR}/tests/bench/show_fdb.textfsm")
set_target_properties(textfsm_bench PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
