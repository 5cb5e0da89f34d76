# understudy-node: the core on real time, datagrams and files.
understudy_library(understudy_reference_daemon
  SOURCES daemon/backplane.cc daemon/consoles.cc daemon/control.cc daemon/flash_folder.cc daemon/host.cc
          daemon/options.cc
  LINK understudy_reference_cli understudy_reference_defects CLI11::CLI11 Threads::Threads)
target_link_libraries(understudy_reference_daemon PUBLIC Boost::headers)

understudy_program(understudy-node
  SOURCES daemon/main.cc
  LINK understudy_reference_daemon)
