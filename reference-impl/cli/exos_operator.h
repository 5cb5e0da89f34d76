// An EXOS operator at work: gives a session its words and carries out its commands. Made for one
// call of the shell, with references to what it needs; it keeps nothing. Commands to the node are
// only written down (`outputs.commands`); their end comes back through conclude().
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/cli/exos_show.h"
#include "reference-impl/cli/exos_words.h"
#include "reference-impl/cli/session.h"

namespace understudy::reference {

/// A row of show session.
struct ExosSessionRow {
  ConsoleId console = 0;
  std::string user;
  std::uint64_t since = 0;
};

/// What an operator works with. `sessions` is asked only by show session.
struct ExosDesk {
  const NodeView& view;
  const ExosProduct& product;
  const ShellOptions& options;
  ExosSettings& settings;
  CommandId& last_command;
  std::vector<Ordered>& commands;
  std::function<std::vector<ExosSessionRow>()> sessions;
  ConsoleId console = 0;
};

class ExosOperator : public Family {
 public:
  explicit ExosOperator(const ExosDesk& desk) : desk_(desk) {}

  const FamilyWords& words() const override { return desk_.product.words; }
  const Grammar& grammar() const override { return exos_grammar(); }
  std::vector<std::string> names(std::string_view argument) const override;
  std::string prompt(const Session& session) const override;
  bool pages() const override { return desk_.settings.pages; }
  bool admits(std::string_view user, std::string_view password) const override;
  std::string default_user() const override { return desk_.options.user; }
  Response execute(const Call& call, Session& session) override;

  /// The node has replied to the command that `call` gave.
  Response conclude(const Call& call, const Reply& reply);

  /// What execute or conclude has ordered last: the session waits for it.
  struct Order {
    CommandId id = 0;
    Call call;
  };
  const std::optional<Order>& ordered() const { return ordered_; }

 private:
  Response show(Exos command, const Call& call) const;
  std::string session_table() const;
  Response change(Exos command, const Call& call);
  Response manage(Exos command, const Call& call, Session& session);
  Response follow(Exos command, const Call& call);
  Response set(Exos command, const Call& call, Session& session);

  Response change_ports(Exos command, const Call& call);
  Response ask_to_save(const Call& call, Session& session);
  Response ask_to_reboot(const Call& call, Session& session);
  Response ask_to_synchronize(const Call& call, Session& session);
  Response ask_to_restart(const Call& call, Session& session);
  Response ask_to_reset(const Call& call, Session& session);
  Response ask_before_leaving(Session& session);
  Response ask_for_recovery(const Call& call, Session& session);
  Response set_slot_recovery(const Call& call);
  Response schedule_reboot(const Call& call);
  Response confirm(Question question, Session& session);
  Response order(Command command, Call call);
  Response order_reboot(const Call& call);
  Response order_restart(const Call& call);
  std::optional<Slot> module_of(const Call& call) const;
  std::optional<Response> refusal_of(const Command& command) const;
  Response refuse(Refusal refusal, std::string_view object) const;
  std::string selected_file() const;

  const ExosDesk& desk_;
  std::optional<Order> ordered_;
};

/// What is printed while a command is under way.
std::string exos_progress(const Progress& progress);

}  // namespace understudy::reference
