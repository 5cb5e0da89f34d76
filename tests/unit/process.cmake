add_executable(process_node unit/process_node.cc)
target_link_libraries(process_node PRIVATE understudy_process)
set_target_properties(process_node PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

understudy_test(process_test
  SOURCES
    unit/process_bench_test.cc
    unit/process_fixture.cc
    unit/process_heal_test.cc
    unit/process_links_test.cc
    unit/process_listeners_test.cc
    unit/process_settings_test.cc
    unit/process_stalls_test.cc
    unit/stall_watch_test.cc
  LINK understudy_process PkgConfig::pcap)
add_dependencies(process_test process_node)
