understudy_test(reports_test SOURCES unit/reports_test.cc LINK understudy_reports)
