# The simulated bench: the one bridge between the harness's side and the reference implementation.
if(TARGET understudy_reference_cli)
  understudy_library(understudy_simulated
    SOURCES
      simulated.cc
      simulated/acts.cc
      simulated/faults.cc
      simulated/hands.cc
      simulated/simulated_bench.cc
    LINK understudy_wire understudy_reference_cli understudy_reference_defects
         understudy_reference_core)
endif()
