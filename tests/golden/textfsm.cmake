# The TextFSM engine against the original, which Debian packages as python3-textfsm.
add_executable(textfsm_batch ${CMAKE_CURRENT_LIST_DIR}/textfsm/textfsm_batch.cc)
target_link_libraries(textfsm_batch PRIVATE understudy_textfsm)
set_target_properties(textfsm_batch PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

function(textfsm_same_as_the_original name)
  add_test(NAME textfsm.SameAsTheOriginal.${name}
    COMMAND /usr/bin/python3 -B ${PROJECT_SOURCE_DIR}/tests/golden/textfsm/differential.py
      $<TARGET_FILE:textfsm_batch> ${ARGN})
  set_tests_properties(textfsm.SameAsTheOriginal.${name} PROPERTIES TIMEOUT 300)
endfunction()
textfsm_same_as_the_original(Cases cases)
textfsm_same_as_the_original(RefusedTemplates refused)
textfsm_same_as_the_original(RandomTemplates random 1 3000)
textfsm_same_as_the_original(OutputsAndTheirTemplates outputs 1 600)
