understudy_test(test_cli_procurve
  SOURCES unit/cli_procurve_test.cc
  LINK understudy_reference_cli)
