# The console engine on a pty, against the floor of the performance table; no test of ctest.
understudy_program(console_bench SOURCES bench/console_bench.cc LINK understudy_console util)
