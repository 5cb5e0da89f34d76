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

bool NodeOperator::admits(std::string_view user, std::string_view password) const {
  return user == options().user && password == options().password;
}

Response NodeOperator::order(Command command, Call call) {
  const CommandId id = ++desk_.last_command;
  desk_.commands.push_back({id, std::move(command)});
  ordered_ = Order{id, std::move(call)};
  return {.waits = true};
}

bool runs_out(std::optional<Duration>& left, Duration by) {
  if (!left) return false;
  *left -= by;
  if (*left > Duration::zero()) return false;
  left.reset();
  return true;
}

std::unique_ptr<NodeOperator> NodeShell::operator_at(const NodeView& view, ConsoleId console,
                                                     ShellOutputs& outputs) {
  return make_operator(
      {view, options_, last_command_, outputs.commands, [this] { return sessions(); }, console});
}

std::vector<SessionRow> NodeShell::sessions() const {
  std::vector<SessionRow> rows;
  for (const auto& [console, line] : lines_) {
    if (!line.session.user.empty()) rows.push_back({console, line.session.user, line.since});
  }
  return rows;
}

void NodeShell::open(const NodeView& view, ConsoleId console, ShellOutputs& outputs) {
  Line& line = lines_[console];
  line = {};
  line.since = clock_of(view.diary);
  line.session.needs_login = asks_for_login(view);
  const auto family = operator_at(view, console, outputs);
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
  const auto line = lines_.find(console);
  if (line == lines_.end() || line->second.session.mode == Session::Mode::Closed) {
    open(view, console, outputs);
  } else if (bytes.empty()) {  // somebody comes to a line that was there before
    const auto family = operator_at(view, console, outputs);
    print(console, show_again(line->second.session, *family), outputs);
  }
  lines_[console].session.needs_login = asks_for_login(view);  // a password may have come since
  const auto family = operator_at(view, console, outputs);
  std::string shown = type(lines_[console].session, *family, bytes);
  finish(*family, console, std::move(shown), outputs);
}

void NodeShell::on_output(const NodeView& view, const Output& output, ShellOutputs& outputs) {
  if (const auto* logged = std::get_if<Logged>(&output)) {
    tell(view, log_text(view, logged->entry), outputs);
  }
  if (const auto* notice = std::get_if<Notice>(&output)) on_notice(view, *notice, outputs);
  if (const auto* progress = std::get_if<Progress>(&output)) on_progress(*progress, outputs);
  if (const auto* reply = std::get_if<Reply>(&output)) on_reply(view, *reply, outputs);
}

// A line that comes by itself goes to the serial line only.
void NodeShell::tell(const NodeView& view, const std::string& text, ShellOutputs& outputs) {
  if (text.empty() || !is_up_) return;
  const auto family = operator_at(view, serial_line, outputs);
  print(serial_line, interrupt(lines_[serial_line].session, *family, text), outputs);
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
      const std::string text = lead_text(view);
      if (!is_up_ || text.empty()) break;
      Session& session = lines_[serial_line].session;
      if (session.mode == Session::Mode::Closed) break;
      session.context.clear();
      tell(view, text, outputs);
      break;
    }
    case Notice::Kind::GoingDown:  // the boot tells
      break;
  }
}

void NodeShell::on_progress(const Progress& progress, ShellOutputs& outputs) {
  for (auto& [console, line] : lines_) {
    if (line.waits_for == 0 || line.waits_for != progress.id) continue;
    std::string text = to_terminal(progress_text(progress));
    if (!text.empty()) line.session.is_at_line_start = true;
    print(console, std::move(text), outputs);
  }
}

void NodeShell::on_reply(const NodeView& view, const Reply& reply, ShellOutputs& outputs) {
  for (auto& [console, line] : lines_) {
    if (line.waits_for == 0 || line.waits_for != reply.id) continue;
    line.waits_for = 0;
    const auto family = operator_at(view, console, outputs);
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
