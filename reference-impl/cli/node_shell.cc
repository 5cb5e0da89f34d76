#include "reference-impl/cli/node_shell.h"

#include <utility>

#include "reference-impl/chassis/query.h"

namespace understudy::reference {
namespace {

constexpr ConsoleId serial_line = 0;

void print(ConsoleId console, std::string text, ShellOutputs& outputs) {
  if (!text.empty()) outputs.print.push_back({console, std::move(text)});
}

}  // namespace

Response NodeOperator::order(Command command, Call call) {
  const CommandId id = ++desk_.last_command;
  desk_.commands.push_back({id, std::move(command)});
  ordered_ = Order{id, std::move(call)};
  return {.waits = true};
}

std::unique_ptr<NodeOperator> NodeShell::operator_at(const NodeView& view, ShellOutputs& outputs) {
  return make_operator({view, options_, last_command_, outputs.commands});
}

void NodeShell::open(const NodeView& view, ConsoleId console, ShellOutputs& outputs) {
  Line& line = lines_[console];
  line = {};
  line.session.needs_login = asks_for_login(view);
  const auto family = operator_at(view, outputs);
  print(console, open_session(line.session, *family), outputs);
}

// After anything that may have executed a command: note what is waited for, and who left.
void NodeShell::finish(const NodeOperator& family, ConsoleId console, std::string text,
                       ShellOutputs& outputs) {
  Line& line = lines_[console];
  print(console, std::move(text), outputs);
  if (family.ordered()) {
    line.waits_for = family.ordered()->id;
    line.call = family.ordered()->call;
  }
  if (!std::exchange(line.session.has_left, false) || console == serial_line) return;
  lines_.erase(console);
  outputs.hang_up.push_back(console);
}

void NodeShell::feed(const NodeView& view, ConsoleId console, std::string_view bytes,
                     ShellOutputs& outputs) {
  if (!is_up_ || view.node.state == NodeState::Off) {
    if (console != serial_line) outputs.hang_up.push_back(console);
    return;
  }
  if (!lines_.contains(console)) open(view, console, outputs);
  const auto family = operator_at(view, outputs);
  std::string shown = type(lines_[console].session, *family, bytes);
  finish(*family, console, std::move(shown), outputs);
}

void NodeShell::on_output(const NodeView& view, const Output& output, ShellOutputs& outputs) {
  if (const auto* notice = std::get_if<Notice>(&output)) on_notice(view, *notice, outputs);
  if (const auto* reply = std::get_if<Reply>(&output)) on_reply(view, *reply, outputs);
}

// Sessions over the network end with the node; the serial line stays, and stays dark.
void NodeShell::go_dark(ShellOutputs& outputs) {
  is_up_ = false;
  restarted();
  for (const auto& [console, line] : lines_) {
    if (console != serial_line) outputs.hang_up.push_back(console);
  }
  lines_.clear();
  lines_[serial_line];
}

void NodeShell::on_notice(const NodeView& view, const Notice& notice, ShellOutputs& outputs) {
  switch (notice.kind) {
    case Notice::Kind::Booting:
      go_dark(outputs);
      print(serial_line, boot_text(view), outputs);
      break;
    case Notice::Kind::BootPhase:
      if (!is_up_) print(serial_line, phase_text(view, notice.word), outputs);
      break;
    case Notice::Kind::StateChanged:
      if (office_of(view.profile, view.node) == Office::None) release_waiting(view, outputs);
      if (is_up_ || !answers(view.node.state)) break;
      is_up_ = true;
      print(serial_line, "\r\n", outputs);
      open(view, serial_line, outputs);
      break;
    case Notice::Kind::LeadReady: {
      if (!is_up_) break;
      const auto family = operator_at(view, outputs);
      Session& session = lines_[serial_line].session;
      if (session.mode == Session::Mode::Closed) break;
      session.context.clear();
      print(serial_line, interrupt(session, *family, lead_text(view)), outputs);
      break;
    }
    case Notice::Kind::GoingDown:  // the boot tells
      break;
  }
}

void NodeShell::on_reply(const NodeView& view, const Reply& reply, ShellOutputs& outputs) {
  for (auto& [console, line] : lines_) {
    if (line.waits_for == 0 || line.waits_for != reply.id) continue;
    line.waits_for = 0;
    const auto family = operator_at(view, outputs);
    Response response = family->conclude(std::exchange(line.call, {}), reply);
    std::string shown = resume(line.session, *family, std::move(response));
    finish(*family, console, std::move(shown), outputs);
    return;
  }
}

// A node that leaves its office forgets the command that was under way: no reply will come.
void NodeShell::release_waiting(const NodeView& view, ShellOutputs& outputs) {
  std::vector<CommandId> waited;
  for (const auto& [console, line] : lines_) {
    if (line.waits_for != 0) waited.push_back(line.waits_for);
  }
  for (const CommandId id : waited) on_reply(view, {id, Refusal::NotReady, {}}, outputs);
}

}  // namespace understudy::reference
