understudy_test(chassis_random_test
  SOURCES scenarios/chassis_random.cc
  LINK understudy_reference_core)
