# What reads and plans: errors, YAML, the words, suites, plans.
understudy_library(understudy_suite
  SOURCES
    error.cc
    yaml.cc
  LINK yaml-cpp PkgConfig::pcre2)
