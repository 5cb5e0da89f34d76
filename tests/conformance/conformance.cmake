# The program as a user calls it, on both hosts, with bad input, killed, on somebody else's chassis.
# One at a time: verdicts about real processes depend on timing that other tests would disturb.
foreach(name both_hosts bad_input kill other_chassis stored)
  add_test(NAME conformance.${name}
    COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/${name}_test.py $<TARGET_FILE:understudy>)
  set_tests_properties(conformance.${name} PROPERTIES TIMEOUT 1500 RUN_SERIAL TRUE)
endforeach()

# Through the doors of the labs: ten cases each.
foreach(kind sshd serial chassis namespaces)
  add_test(NAME conformance.lab_${kind}
    COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/labs_test.py $<TARGET_FILE:understudy> ${kind})
  set_tests_properties(conformance.lab_${kind} PROPERTIES TIMEOUT 900 RUN_SERIAL TRUE)
endforeach()
set_tests_properties(conformance.lab_namespaces PROPERTIES SKIP_RETURN_CODE 77)  # only root can make them

# Somebody else's driver for the real platform, at a node of ours.
add_test(NAME conformance.netmiko
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/netmiko_test.py $<TARGET_FILE:understudy-node>)
set_tests_properties(conformance.netmiko PROPERTIES TIMEOUT 300)

# A chassis that is already there, by the consoles of both modules.
add_test(NAME conformance.two_consoles
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/two_consoles_test.py
          $<TARGET_FILE:understudy> $<TARGET_FILE:understudy-node>)
set_tests_properties(conformance.two_consoles PROPERTIES TIMEOUT 300 RUN_SERIAL TRUE)

# The published JSON schemas, by somebody else's validator.
add_test(NAME conformance.schemas
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/schemas_test.py $<TARGET_FILE:understudy>)
set_tests_properties(conformance.schemas PROPERTIES TIMEOUT 300)

# What a failover tells SNMP managers, decoded by somebody else's library.
add_test(NAME conformance.trap
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/trap_test.py $<TARGET_FILE:understudy-node>)
set_tests_properties(conformance.trap PROPERTIES TIMEOUT 300)

# Traps and syslog lines as facts, with dead consoles and taken ports.
add_test(NAME conformance.listeners
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/listeners_test.py $<TARGET_FILE:understudy>)
set_tests_properties(conformance.listeners PROPERTIES TIMEOUT 300 RUN_SERIAL TRUE)

# A device family added without a compiler: starts, a dialect, sessions recorded and played back.
add_test(NAME conformance.new_family
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/new_family_test.py $<TARGET_FILE:understudy>)
set_tests_properties(conformance.new_family PROPERTIES TIMEOUT 300)

# What a run on a device would send, before it sends any.
add_test(NAME conformance.dry_plan
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/dry_plan_test.py $<TARGET_FILE:understudy>)
set_tests_properties(conformance.dry_plan PROPERTIES TIMEOUT 300)

# Every deliberate defect against the cases that check its clauses.
add_test(NAME conformance.defects
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/defects_test.py
          $<TARGET_FILE:understudy> $<TARGET_FILE:understudy-node>)
set_tests_properties(conformance.defects PROPERTIES TIMEOUT 600 PROCESSORS 2)

# The other families: the suite on both hosts, each defect against the cases that check its clauses.
function(understudy_family suite cases)
  add_test(NAME conformance.${suite}
    COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/conformance/family_test.py
            $<TARGET_FILE:understudy> ${suite} ${cases})
  set_tests_properties(conformance.${suite} PROPERTIES TIMEOUT 1500 RUN_SERIAL TRUE)
endfunction()
understudy_family(procurve-8212zl 80)
understudy_family(xcm8800 110)
