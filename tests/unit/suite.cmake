# The suite language: errors, YAML, words, loader, expressions, matchers, plans.
understudy_test(suite_tests
  SOURCES
    unit/error_test.cc
    unit/plan_expressions_test.cc
    unit/plan_json_test.cc
    unit/plan_needs_test.cc
    unit/plan_test.cc
    unit/suite_files_refused_test.cc
    unit/suite_listing_test.cc
    unit/suite_load_test.cc
    unit/suite_matcher_test.cc
    unit/suite_steps_refused_test.cc
    unit/suite_yaml_test.cc
    unit/words_test.cc
  LINK understudy_suite)
