understudy_test(daemon_host_test
  SOURCES unit/daemon_host_test.cc
  LINK understudy_reference_daemon)
