# The core: one module's redundancy logic, its profiles, and the simulated world around two of them.
find_package(ZLIB REQUIRED)  # CRC-32 of frames and flash files

understudy_library(understudy_reference_core
  SOURCES
    chassis/canonical.cc
    chassis/configuration.cc
    chassis/election.cc
    chassis/exos_11_3.cc
    chassis/flash.cc
    chassis/flash_writer.cc
    chassis/frame.cc
    chassis/heartbeat.cc
    chassis/life.cc
    chassis/orders.cc
    chassis/profile.cc
    chassis/query.cc
    chassis/receiving.cc
    chassis/sending.cc
    chassis/settings.cc
    chassis/step.cc
    module.cc
    simulation.cc
  LINK ZLIB::ZLIB)
