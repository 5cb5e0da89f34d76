add_test(NAME browser.report
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/browser/report_test.py $<TARGET_FILE:understudy>)
set_tests_properties(browser.report PROPERTIES TIMEOUT 300)
