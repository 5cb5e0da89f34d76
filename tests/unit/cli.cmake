understudy_test(test_cli_engine
  SOURCES unit/cli_line_editor_test.cc unit/cli_pager_test.cc unit/cli_grammar_test.cc
          unit/cli_session_test.cc
  LINK understudy_reference_cli_engine)
