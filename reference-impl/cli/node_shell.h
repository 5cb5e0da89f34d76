// The shell of a node: its sessions, the commands that they wait for, and what the node reports to
// them. A family derives from it with its operator and its texts. Knows no vendor; bytes in, bytes
// out (module.h).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference-impl/cli/session.h"
#include "reference-impl/cli/shell_options.h"
#include "reference-impl/module.h"

namespace understudy::reference {

/// Who is logged in, where, and since when (seconds of the node's clock).
struct SessionRow {
  ConsoleId console = 0;
  std::string user;
  std::uint64_t since = 0;
};

/// What an operator works with, for one call of the shell.
struct Desk {
  const NodeView& view;
  const ShellOptions& options;
  CommandId& last_command;
  std::vector<Ordered>& commands;
  std::function<std::vector<SessionRow>()> sessions;  ///< of the whole node
  ConsoleId console = 0;                              ///< where the operator sits
};

/// A family's command with the words and arguments of another.
template <typename Command>
Call call_of(Command command, const Call& from = {}) {
  return {static_cast<int>(command), from.words, from.arguments};
}

/// A family that gives orders to the node. Their ends come back through conclude().
class NodeOperator : public Family {
 public:
  explicit NodeOperator(Desk desk) : desk_(std::move(desk)) {}

  bool admits(std::string_view user, std::string_view password) const override;
  std::string default_user() const override { return desk_.options.user; }
  virtual Response conclude(const Call& call, const Reply& reply) = 0;

  /// What execute or conclude has ordered last: the session waits for it.
  struct Order {
    CommandId id = 0;
    Call call;
  };
  const std::optional<Order>& ordered() const { return ordered_; }

 protected:
  const NodeView& view() const { return desk_.view; }
  const ShellOptions& options() const { return desk_.options; }
  const Desk& desk() const { return desk_; }
  Response order(Command command, Call call);

 private:
  Desk desk_;
  std::optional<Order> ordered_;
};

/// Takes `by` off what is left of a time; true once, when nothing is left.
bool runs_out(std::optional<Duration>& left, Duration by);

class NodeShell : public Shell {
 public:
  explicit NodeShell(const ShellOptions& options) : options_(options) { lines_[0]; }

  void feed(const NodeView& view, ConsoleId console, std::string_view bytes,
            ShellOutputs& outputs) override;
  void close(ConsoleId console) override { lines_.erase(console); }
  void on_output(const NodeView& view, const Output& output, ShellOutputs& outputs) override;

 protected:
  virtual std::unique_ptr<NodeOperator> make_operator(Desk desk) = 0;
  /// Does a module in this state answer on its console?
  virtual bool answers(NodeState state) const = 0;
  virtual bool asks_for_login(const NodeView& view) const = 0;
  virtual std::string boot_text(const NodeView& view) const = 0;
  /// A line about a phase of the boot; empty: none.
  virtual std::string phase_text(const NodeView& view, std::string_view word) const = 0;
  /// What the serial line tells by itself of a new lead and of a log entry; empty: nothing.
  virtual std::string lead_text(const NodeView&) const { return {}; }
  virtual std::string log_text(const NodeView&, const LogEntry&) const { return {}; }
  /// What an operator sees of a command that is under way; empty: nothing.
  virtual std::string progress_text(const Progress&) const { return {}; }
  /// Everything that is not in flash is forgotten.
  virtual void restarted() {}

  const ShellOptions& options() const { return options_; }
  CommandId next_command() { return ++last_command_; }

 private:
  /// A session and the command that it waits for.
  struct Line {
    Session session;
    std::uint64_t since = 0;
    CommandId waits_for = 0;
    Call call;
  };

  std::unique_ptr<NodeOperator> operator_at(const NodeView& view, ConsoleId console,
                                            ShellOutputs& outputs);
  void open(const NodeView& view, ConsoleId console, ShellOutputs& outputs);
  void finish(const NodeOperator& family, ConsoleId console, std::string text,
              ShellOutputs& outputs);
  void tell(const NodeView& view, const std::string& text, ShellOutputs& outputs);
  void on_notice(const NodeView& view, const Notice& notice, ShellOutputs& outputs);
  void on_progress(const Progress& progress, ShellOutputs& outputs);
  void on_reply(const NodeView& view, const Reply& reply, ShellOutputs& outputs);
  void release_waiting(const NodeView& view, ShellOutputs& outputs);
  std::vector<SessionRow> sessions() const;
  void go_dark(ShellOutputs& outputs);

  ShellOptions options_;
  CommandId last_command_ = 0;
  bool is_up_ = false;  ///< consoles answer
  std::map<ConsoleId, Line> lines_;
};

}  // namespace understudy::reference
