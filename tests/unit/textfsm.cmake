understudy_test(textfsm_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/textfsm_test.cc
  LINK understudy_textfsm)
