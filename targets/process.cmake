# The bench of real processes: keeper, launcher, relays, journal.
understudy_library(understudy_process
  SOURCES
    process.cc
    keeper/bench.cc
    keeper/bench_acts.cc
    keeper/bench_start.cc
    keeper/channel.cc
    keeper/children.cc
    keeper/children_care.cc
    keeper/journal.cc
    keeper/keeper.cc
    keeper/launcher.cc
    keeper/network.cc
    keeper/outbox.cc
    keeper/placeholders.cc
    keeper/processes.cc
    keeper/spawn.cc
  LINK understudy_wire understudy_console understudy_suite Boost::filesystem Threads::Threads)
