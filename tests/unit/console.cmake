understudy_test(console_test
  SOURCES
    unit/console_answers_test.cc unit/console_endurance_test.cc unit/console_login_test.cc
    unit/console_modes_test.cc unit/console_parts_test.cc
    unit/console_questions_test.cc
    unit/console_switch.cc unit/console_torture_test.cc
  LINK understudy_console util)
