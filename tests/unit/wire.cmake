understudy_test(wire_test
  SOURCES unit/frames_test.cc unit/wire_faults_test.cc unit/wire_test.cc unit/wire_relay_test.cc
  LINK understudy_wire)
