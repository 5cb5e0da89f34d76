understudy_test(defects_catalogue_test
  SOURCES unit/defects_catalogue_test.cc
  LINK understudy_reference_defects)
