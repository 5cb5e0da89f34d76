// A testbed of scripted targets, for tests that run many plans.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "scripted_target.h"

namespace understudy::testing {

/// Each target is fresh; `prepare` scripts it by the plan's seed.
class ScriptedTestbed : public Testbed {
 public:
  ScriptedTestbed() {
    capabilities_.nodes = {"A", "B"};
    capabilities_.repeatable = true;
  }
  const std::string& name() const override { return name_; }
  const Capabilities& capabilities() const override { return capabilities_; }
  bool is_exclusive() const override { return exclusive; }
  Result<void> reveal() override {
    ++revealed;
    if (keeps_silent) return fail("test.yaml:3", "there is no terminal to ask for a password");
    return {};
  }
  Result<std::unique_ptr<Target>> open(const std::string&, std::uint64_t seed) override {
    const std::lock_guard lock(mutex_);
    ++opened;
    if (seed == fails_at) return fail("MSM-A", "ended before its first prompt");
    auto target = std::make_unique<ScriptedTarget>();
    target->script("A", "state", 0, "MASTER");
    target->script("B", "state", 0, seed == never_backup ? "FAIL" : "BACKUP");
    if (prepare) prepare(*target, seed);
    return target;
  }

  bool exclusive = false;
  std::uint64_t fails_at = 1000;
  std::uint64_t never_backup = 1000;
  std::function<void(ScriptedTarget&, std::uint64_t)> prepare;
  int opened = 0;
  int revealed = 0;
  bool keeps_silent = false;

 private:
  std::mutex mutex_;
  std::string name_ = "test";
  Capabilities capabilities_;
};

}  // namespace understudy::testing
