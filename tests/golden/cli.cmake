understudy_test(test_cli_golden
  SOURCES golden/cli_golden_test.cc golden/cli_pair.cc
  LINK understudy_reference_cli)
