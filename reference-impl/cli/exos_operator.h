// An EXOS operator at work: gives a session its words and carries out its commands. Made for one
// call of the shell, with references to what it needs; it keeps nothing. Commands to the node are
// only written down (`outputs.commands`); their end comes back through conclude().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference-impl/cli/exos_show.h"
#include "reference-impl/cli/exos_words.h"
#include "reference-impl/cli/node_shell.h"

namespace understudy::reference {

class ExosOperator : public NodeOperator {
 public:
  ExosOperator(Desk desk, const ExosProduct& product, ExosSettings& settings)
      : NodeOperator(std::move(desk)), product_(product), settings_(settings) {}

  const FamilyWords& words() const override { return product_.words; }
  const Grammar& grammar() const override { return exos_grammar(); }
  std::vector<std::string> names(std::string_view argument) const override;
  std::string prompt(const Session& session) const override;
  std::string notice() const override;
  bool pages() const override { return settings_.pages; }
  Response execute(const Call& call, Session& session) override;
  Response conclude(const Call& call, const Reply& reply) override;

 private:
  Response show(Exos command, const Call& call) const;
  std::string session_table() const;
  Response change(Exos command, const Call& call);
  Response manage(Exos command, const Call& call, Session& session);
  Response follow(Exos command, const Call& call);
  Response set(Exos command, const Call& call, Session& session);

  Response change_ports(Exos command, const Call& call);
  Response change_sharing(Exos command, const Call& call);
  Response set_power_budget(const Call& call);
  Response ask_to_save(const Call& call, Session& session);
  Response ask_to_reboot(const Call& call, Session& session);
  Response ask_to_synchronize(const Call& call, Session& session);
  Response ask_to_install(const Call& call, Session& session);
  Response install_image(const Call& call);
  Response download_image(const Call& call);
  Response ask_to_restart(const Call& call, Session& session);
  Response ask_to_reset(const Call& call, Session& session);
  Response ask_before_leaving(Session& session);
  Response ask_for_recovery(const Call& call, Session& session);
  Response set_slot_recovery(const Call& call);
  Response ask_to_schedule(const Call& call, Session& session);
  Response schedule_reboot(const Call& call);
  std::optional<std::uint64_t> time_of(const Call& call) const;
  Question question_of_reboot(Call save_first, Call at_once) const;
  Response confirm(Question question, Session& session);
  Response order_reboot(const Call& call);
  Response order_restart(const Call& call);
  std::optional<Slot> module_of(const Call& call) const;
  std::optional<Response> refusal_of(const Command& command) const;
  Response refuse(Refusal refusal, std::string_view object) const;
  std::string selected_file() const;
  static std::string file_of(const Call& call);

  const ExosProduct& product_;
  ExosSettings& settings_;
};

}  // namespace understudy::reference
