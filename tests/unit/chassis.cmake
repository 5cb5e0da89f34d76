understudy_test(chassis_test
  SOURCES
    unit/chassis_election.cc
    unit/chassis_failover.cc
    unit/chassis_flash.cc
    unit/chassis_frames.cc
    unit/chassis_hitless.cc
    unit/chassis_modules.cc
    unit/chassis_orders.cc
    unit/chassis_procurve.cc
    unit/chassis_replication.cc
    unit/chassis_split.cc
    unit/chassis_synchronize.cc
    unit/chassis_values.cc
    unit/notifications_test.cc
  LINK understudy_reference_core)
