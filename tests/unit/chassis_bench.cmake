if(TARGET understudy_simulated)
  understudy_test(chassis_bench_test
    SOURCES unit/chassis_bench.cc
    LINK understudy_simulated)
endif()
