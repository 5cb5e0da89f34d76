# Consoles that are reached from outside, and benches whose nodes are not ours.
understudy_test(doors_test
  SOURCES
    unit/doors_fixture.cc
    unit/doors_test.cc
    unit/process_doors_test.cc
    unit/process_fixture.cc
    unit/secrets_test.cc
    unit/ssh_door_test.cc
    unit/ssh_server.cc
    unit/telnet_test.cc
  LINK understudy_targets)
add_dependencies(doors_test process_node)
