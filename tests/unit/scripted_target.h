// A switch without a switch, for the tests of the runner: two nodes whose attributes follow a
// script, on a virtual clock. Every question takes a millisecond, every poll comes ten after the
// last.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "harness/target.h"

namespace understudy::testing {

class ScriptedTarget : public Target {
 public:
  using Key = std::tuple<std::string, std::string, std::string>;  ///< observer, subject, attribute

  ScriptedTarget();

  /// From `milliseconds` on the answer is `value`; nothing is answered before the first.
  void script(const std::string& observer, const std::string& subject, const std::string& attribute,
              int milliseconds, const std::string& value);
  void script(const std::string& node, const std::string& attribute, int milliseconds,
              const std::string& value) {
    script(node, node, attribute, milliseconds, value);
  }

  const Capabilities& capabilities() const override { return capabilities_; }
  Time now() const override { return now_; }
  std::vector<Receipt> act(const std::vector<Act>& acts, const Cancel& cancel) override;
  Progress run_until(const Condition& condition, const Condition& watch, Time deadline,
                     const Cancel& cancel) override;
  Progress ask(const Condition& condition, Duration limit, const Cancel& cancel) override;
  std::vector<std::string> restore(const Cancel& cancel) override;
  std::vector<std::pair<std::string, std::string>> collect(const Cancel& cancel) override;
  std::vector<std::string> artefacts() const override { return {"MSM-A.transcript"}; }
  Recovery recovery() const override { return comes_back; }

  std::function<Receipt(const Act&, Receipt)> on_act;  ///< may change the receipt and the script
  std::vector<Incident> incidents;                     ///< told when their time has come
  std::vector<Act> done;                               ///< what the runner ordered
  std::vector<Condition> watched;                      ///< what it had watched
  bool is_restored = false;
  bool was_collected_before_restore = false;
  std::vector<std::string> cannot_restore;
  Recovery comes_back;

 private:
  Progress question(const Condition& all);
  bool holds(const Condition& condition, Time since) const;
  void add_incidents(Progress& progress);

  Capabilities capabilities_;
  Time now_{};
  std::map<Key, std::vector<std::pair<Time, Value>>> script_;
  std::map<Key, std::pair<Time, Value>> latest_;
};

class NotCancelled : public Cancel {
 public:
  bool is_cancelled() const override { return is_set; }
  bool is_set = false;
};

}  // namespace understudy::testing
