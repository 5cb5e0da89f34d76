# The SSH door against bare libssh and paramiko, on an OpenSSH server that the row starts.
add_executable(ssh_bench EXCLUDE_FROM_ALL bench/ssh_bench.cc)
target_link_libraries(ssh_bench PRIVATE understudy_process fmt::fmt)
add_executable(ssh_floor EXCLUDE_FROM_ALL bench/ssh_floor.cc)
target_link_libraries(ssh_floor PRIVATE understudy_settings PkgConfig::ssh)
set_target_properties(ssh_bench ssh_floor PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
