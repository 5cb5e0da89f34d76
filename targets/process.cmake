# The bench of real processes and of consoles reached from outside: keeper, launcher, relays, journal,
# doors.
understudy_library(understudy_process
  SOURCES
    doors/command.cc
    doors/door.cc
    doors/last_line.cc
    doors/serial.cc
    doors/ssh.cc
    doors/ssh_session.cc
    doors/stop.cc
    doors/stream.cc
    doors/tcp.cc
    doors/telnet.cc
    doors/telnet_transport.cc
    process.cc
    keeper/bench.cc
    keeper/bench_acts.cc
    keeper/bench_doors.cc
    keeper/bench_power.cc
    keeper/bench_start.cc
    keeper/bench_undo.cc
    keeper/channel.cc
    keeper/children.cc
    keeper/children_care.cc
    keeper/stall_watch.cc
    keeper/journal.cc
    keeper/keeper.cc
    keeper/launcher.cc
    keeper/network.cc
    keeper/operator.cc
    keeper/outbox.cc
    keeper/placeholders.cc
    keeper/processes.cc
    keeper/spawn.cc
    keeper/undo.cc
    listeners/notification.cc
    listeners/snmp_session.cc
    listeners/snmp_text.cc
    listeners/socket.cc
    masked_file.cc
    secrets.cc
  LINK understudy_wire understudy_console understudy_suite understudy_run Boost::filesystem Threads::Threads
       PkgConfig::ssh PkgConfig::telnet PkgConfig::netsnmp)
