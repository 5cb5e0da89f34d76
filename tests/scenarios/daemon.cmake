understudy_test(test_daemon
  SOURCES scenarios/daemon_test.cc scenarios/daemon_process.cc
  LINK util)
add_dependencies(test_daemon understudy-node)
