# Dialects, testbeds, and the device on a scripted bench.
understudy_test(test_dialect SOURCES unit/dialect_test.cc LINK understudy_targets)
understudy_test(test_device
  SOURCES unit/device_power_test.cc unit/device_test.cc unit/testbed_test.cc LINK understudy_targets)
understudy_test(test_probe SOURCES unit/probe_test.cc LINK understudy_targets)
understudy_test(test_custody SOURCES unit/custody_test.cc LINK understudy_targets)
understudy_test(test_transcript_replay SOURCES unit/transcript_replay_test.cc LINK understudy_targets)
understudy_test(test_device_simulated SOURCES unit/device_simulated_test.cc LINK understudy_targets)
