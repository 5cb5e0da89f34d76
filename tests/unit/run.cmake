# The run, the history it leaves, and the judge.
understudy_test(run_test
  SOURCES
    unit/audit_test.cc
    unit/claims_test.cc
    unit/execute_test.cc
    unit/history_test.cc
    unit/judge_always_test.cc
    unit/judge_editions_test.cc
    unit/judge_for_now_test.cc
    unit/judge_property_test.cc
    unit/judge_story.cc
    unit/judge_within_test.cc
    unit/run_store_test.cc
    unit/runner_test.cc
    unit/scripted_target.cc
  LINK understudy_run understudy_explore)
