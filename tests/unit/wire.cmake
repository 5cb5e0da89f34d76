understudy_test(wire_test
  SOURCES unit/frames_test.cc unit/wire_faults_test.cc unit/wire_test.cc unit/wire_relay_test.cc
  LINK understudy_wire)
understudy_test(inline_wire_test SOURCES unit/inline_wire_test.cc LINK understudy_wire PkgConfig::pcap)
