add_executable(wire_cut EXCLUDE_FROM_ALL bench/wire_cut.cc)
target_link_libraries(wire_cut PRIVATE understudy_process PkgConfig::pcap)
set_target_properties(wire_cut PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
