add_executable(wire_cut EXCLUDE_FROM_ALL bench/wire_cut.cc)
target_link_libraries(wire_cut PRIVATE understudy_process PkgConfig::pcap)
set_target_properties(wire_cut PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

# P10: our inline wire, the least that forwards through libpcap, and the stream through either.
add_executable(inline_bench EXCLUDE_FROM_ALL bench/inline_bench.cc)
target_link_libraries(inline_bench PRIVATE understudy_wire)
foreach(part inline_floor inline_stream)
  add_executable(${part} EXCLUDE_FROM_ALL bench/${part}.cc)
  target_link_libraries(${part} PRIVATE understudy_settings fmt::fmt Threads::Threads PkgConfig::pcap)
endforeach()
set_target_properties(inline_bench inline_floor inline_stream PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
