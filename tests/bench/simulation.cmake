# Not a test: the figure of the simulated world, also as OURS_DES of the performance anchors.
add_executable(simulation_bench bench/simulation_bench.cc)
target_link_libraries(simulation_bench PRIVATE understudy_settings understudy_reference_core)
set_target_properties(simulation_bench PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
