# What runs and judges: a plan against a target, the history it leaves, the verdicts from it.
understudy_library(understudy_run
  SOURCES
    binding.cc
    blocking.cc
    chain.cc
    execute.cc
    exit_status.cc
    history_file.cc
    history_line.cc
    judge.cc
    judge_folder.cc
    names.cc
    rules/acts.cc
    rules/bounds.cc
    rules/for.cc
    rules/hearing.cc
    rules/invariants.cc
    rules/missing.cc
    rules/not_without_act.cc
    rules/now.cc
    rules/trace.cc
    rules/truth.cc
    rules/within.cc
    rules/wording.cc
    run.cc
  LINK understudy_suite PkgConfig::sodium Threads::Threads)
