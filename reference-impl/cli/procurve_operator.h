// A ProCurve operator at work: gives a session its words and carries out its commands. Made for one
// call of the shell; it keeps nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference-impl/cli/node_shell.h"
#include "reference-impl/cli/procurve_words.h"

namespace understudy::reference {

/// Settings that all sessions of a node share; a restart forgets them.
struct ProcurveSettings {
  bool pages = true;
  std::optional<Duration> until_reload;
};

class ProcurveOperator : public NodeOperator {
 public:
  ProcurveOperator(Desk desk, ProcurveSettings& settings)
      : NodeOperator(std::move(desk)), settings_(settings) {}

  const FamilyWords& words() const override { return procurve_words(); }
  const Grammar& grammar() const override { return procurve_grammar(); }
  const Grammar& help(const Session& session) const override;
  std::vector<std::string> names(std::string_view) const override { return {}; }
  std::string prompt(const Session& session) const override;
  bool pages() const override { return settings_.pages; }
  bool admits(std::string_view user, std::string_view password) const override;
  Response execute(const Call& call, Session& session) override;
  Response conclude(const Call& call, const Reply& reply) override;

 private:
  std::optional<Response> objection(const Call& call, const Session& session) const;
  std::string config_status() const;
  Response reload_at(const Call& call);
  Response ask_to_switch_over(const Call& call);
  Response add_address(const Call& call);
  Response name_context(const Call& call, const Session& session);
  Response generate_key(const Call& call);
  Response ask_to_save(const Call& call);
  Response ask_to_save_then_leave() const;
  Response create_vlan(const Call& call, std::string name);
  Response ask_to_boot(const Call& call);
  Response go(const Call& call);
  Response leave_context(Session& session);
  Response store_security(const std::string& key, const std::string& password, const Call& call);
  Response prefer(std::optional<Slot> slot, const Call& call);
  Response set_redundancy(std::optional<std::string> value, const Call& call);
  Response set_syslog_server(std::optional<std::string> facility, const Call& call);

  ProcurveSettings& settings_;
};

}  // namespace understudy::reference
