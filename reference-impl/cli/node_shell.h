// The shell of a node for families whose console stays with the operator while roles change: its
// sessions, the commands that they wait for, and what the node reports to them. A family derives
// from it with its operator and its texts. Knows no vendor; bytes in, bytes out (module.h).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference-impl/cli/session.h"
#include "reference-impl/cli/shell_options.h"
#include "reference-impl/module.h"

namespace understudy::reference {

/// What an operator works with, for one call of the shell.
struct Desk {
  const NodeView& view;
  const ShellOptions& options;
  CommandId& last_command;
  std::vector<Ordered>& commands;
};

/// A family that gives orders to the node. Their ends come back through conclude().
class NodeOperator : public Family {
 public:
  explicit NodeOperator(const Desk& desk) : desk_(desk) {}

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
  Response order(Command command, Call call);

 private:
  Desk desk_;
  std::optional<Order> ordered_;
};

class NodeShell : public Shell {
 public:
  explicit NodeShell(const ShellOptions& options) : options_(options) { lines_[0]; }

  void feed(const NodeView& view, ConsoleId console, std::string_view bytes,
            ShellOutputs& outputs) override;
  void close(ConsoleId console) override { lines_.erase(console); }
  void on_output(const NodeView& view, const Output& output, ShellOutputs& outputs) override;

 protected:
  virtual std::unique_ptr<NodeOperator> make_operator(const Desk& desk) = 0;
  /// Does a module in this state answer on its console?
  virtual bool answers(NodeState state) const = 0;
  virtual bool asks_for_login(const NodeView& view) const = 0;
  virtual std::string boot_text(const NodeView& view) const = 0;
  /// A line about a phase of the boot; empty: none.
  virtual std::string phase_text(const NodeView& view, std::string_view word) const = 0;
  virtual std::string lead_text(const NodeView& view) const = 0;
  /// Everything that is not in flash is forgotten.
  virtual void restarted() {}

  const ShellOptions& options() const { return options_; }
  CommandId next_command() { return ++last_command_; }

 private:
  /// A session and the command that it waits for.
  struct Line {
    Session session;
    CommandId waits_for = 0;
    Call call;
  };

  std::unique_ptr<NodeOperator> operator_at(const NodeView& view, ShellOutputs& outputs);
  void open(const NodeView& view, ConsoleId console, ShellOutputs& outputs);
  void finish(const NodeOperator& family, ConsoleId console, std::string text,
              ShellOutputs& outputs);
  void on_notice(const NodeView& view, const Notice& notice, ShellOutputs& outputs);
  void on_reply(const NodeView& view, const Reply& reply, ShellOutputs& outputs);
  void release_waiting(const NodeView& view, ShellOutputs& outputs);
  void go_dark(ShellOutputs& outputs);

  ShellOptions options_;
  CommandId last_command_ = 0;
  bool is_up_ = false;
  std::map<ConsoleId, Line> lines_;
};

}  // namespace understudy::reference
