# Deliberate defects: profiles with an entry replaced, and wrappers round a node.
understudy_library(understudy_reference_defects
  SOURCES defects/catalogue.cc defects/checkpoint.cc defects/configuration.cc defects/console.cc
          defects/election.cc defects/failover.cc defects/hitless.cc defects/images.cc
          defects/notifications.cc defects/orders.cc defects/procurve_boot.cc
          defects/procurve_failover.cc defects/procurve_files.cc defects/procurve_mib.cc
          defects/procurve_orders.cc
          defects/synchronize.cc defects/unobservable.cc defects/wrapper.cc defects/xcm8800.cc
  LINK understudy_reference_core)
