# What reads and plans: errors, YAML, the words, suites, plans.
understudy_library(understudy_suite
  SOURCES
    error.cc
    files.cc
    limits.cc
    listing.cc
    matcher.cc
    plan.cc
    plan_json.cc
    plan_needs.cc
    plan_resolve.cc
    plan_values.cc
    suite.cc
    suite_acts.cc
    suite_cases.cc
    suite_clauses.cc
    suite_names.cc
    suite_schema.cc
    suite_terms.cc
    words.cc
    words_page.cc
    yaml.cc
  LINK yaml-cpp PkgConfig::pcre2)
