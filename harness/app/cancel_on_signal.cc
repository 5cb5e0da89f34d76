#include "harness/app/cancel_on_signal.h"

#include <unistd.h>

#include <atomic>

namespace understudy::app {
namespace {

std::atomic<int> signals_received{0};

void on_signal(int number) {
  if (signals_received.fetch_add(1) > 0) _exit(128 + number);
}

}  // namespace

CancelOnSignal::CancelOnSignal() {
  signals_received = 0;
  struct sigaction action {};
  action.sa_handler = on_signal;  // without SA_RESTART: a wait in progress ends at once
  sigaction(SIGINT, &action, &old_interrupt_);
  sigaction(SIGTERM, &action, &old_terminate_);
  sigaction(SIGHUP, &action, &old_hang_up_);
}

CancelOnSignal::~CancelOnSignal() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
  sigaction(SIGHUP, &old_hang_up_, nullptr);
}

bool CancelOnSignal::is_cancelled() const {
  return signals_received > 0;
}

}  // namespace understudy::app
