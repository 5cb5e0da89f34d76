# What the rows are measured against, and `bench`: all that tests/bench/run calls. A floor is no part
# of the product, so nothing but `bench` builds it.
foreach(floor bench_device console_floor simulation_floor)
  add_executable(${floor} EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/${floor}.cc)
  target_link_libraries(${floor} PRIVATE understudy_settings util)
  set_target_properties(${floor} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
endforeach()

add_custom_target(bench DEPENDS understudy understudy-node console_bench simulation_bench
  textfsm_bench wire_cut inline_bench inline_floor inline_stream ssh_bench ssh_floor bench_device
  console_floor simulation_floor)
