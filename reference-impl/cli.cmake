# The command lines: an engine that knows no vendor (editor, pager, grammar, session) and the
# families' trees.
understudy_library(reference_cli_engine
  SOURCES cli/grammar.cc cli/grammar_pattern.cc cli/line_editor.cc cli/output_filter.cc
          cli/pager.cc cli/session.cc)
