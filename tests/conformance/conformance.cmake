# The program as a user calls it, on both hosts, with bad input, killed, on somebody else's chassis.
foreach(name both_hosts bad_input kill other_chassis)
  add_test(NAME conformance.${name}
    COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/${name}_test.py $<TARGET_FILE:understudy>)
  set_tests_properties(conformance.${name} PROPERTIES TIMEOUT 1500)
endforeach()
# Its verdicts depend on timing that other tests would disturb.
set_tests_properties(conformance.both_hosts PROPERTIES RUN_SERIAL TRUE)
