# The command lines: an engine that knows no vendor (editor, pager, grammar, session) and the
# families' trees.
understudy_library(understudy_reference_cli_engine
  SOURCES cli/grammar.cc cli/grammar_pattern.cc cli/line_editor.cc cli/output_filter.cc
          cli/pager.cc cli/session.cc)

understudy_library(understudy_reference_cli
  SOURCES cli/exos_operator.cc cli/exos_shell.cc cli/exos_show_configuration.cc
          cli/exos_show_routes.cc
          cli/exos_show_switch.cc cli/exos_show_tables.cc cli/exos_words.cc cli/node_shell.cc
          cli/procurve_operator.cc cli/procurve_shell.cc cli/procurve_show.cc cli/procurve_words.cc
          cli/products.cc
  LINK understudy_reference_cli_engine understudy_reference_core)
