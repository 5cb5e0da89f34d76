understudy_test(test_cli_golden
  SOURCES golden/cli_golden_test.cc golden/cli_pair.cc unit/cli_exos_shell_test.cc
          unit/cli_exos_show_test.cc
  LINK understudy_reference_cli)
