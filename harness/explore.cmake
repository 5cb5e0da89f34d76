# Does a suite catch what it says: deliberate defects against cases.
understudy_library(understudy_explore
  SOURCES explore/audit.cc explore/qualification.cc explore/qualification_text.cc explore/qualify.cc
  LINK understudy_run)
