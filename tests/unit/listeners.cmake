# What comes to a testbed's listeners: the readers, and real datagrams on the loopback.
understudy_test(test_listeners SOURCES unit/listening_test.cc unit/listener_words_test.cc
  LINK understudy_targets)
