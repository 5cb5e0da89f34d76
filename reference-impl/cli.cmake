# The command lines: an engine that knows no vendor (editor, pager, grammar, session) and the
# families' trees.
understudy_library(understudy_reference_cli_engine
  SOURCES cli/grammar.cc cli/grammar_pattern.cc cli/line_editor.cc cli/output_filter.cc
          cli/pager.cc cli/session.cc)

understudy_library(understudy_reference_cli
  SOURCES cli/exos_changes.cc cli/exos_images.cc cli/exos_operator.cc cli/exos_questions.cc
          cli/exos_shell.cc cli/exos_show_configuration.cc cli/exos_show_hardware.cc
          cli/exos_show_management.cc cli/exos_show_parts.cc cli/exos_show_power.cc
          cli/exos_show_routes.cc cli/exos_show_sharing.cc
          cli/exos_show_switch.cc cli/exos_show_tables.cc cli/exos_words.cc cli/ip_address.cc
          cli/node_shell.cc
          cli/procurve_mib.cc cli/procurve_operator.cc cli/procurve_shell.cc cli/procurve_show.cc cli/procurve_words.cc
          cli/products.cc
  LINK understudy_reference_cli_engine understudy_reference_core)
