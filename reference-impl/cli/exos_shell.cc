// The shell of an EXOS node: its sessions, what the node reports to them, and what a boot shows.
#include <fmt/format.h>

#include <map>
#include <utility>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos.h"
#include "reference-impl/cli/exos_operator.h"

namespace understudy::reference {
namespace {

constexpr ConsoleId serial_line = 0;

/// A session and the command that it waits for.
struct Line {
  Session session;
  std::uint64_t since = 0;
  CommandId waits_for = 0;
  Call call;
};

class ExosShell : public Shell {
 public:
  ExosShell(const ExosProduct& product, const ShellOptions& options)
      : product_(product), options_(options) {
    lines_[serial_line];
  }

  std::unique_ptr<Shell> clone() const override { return std::make_unique<ExosShell>(*this); }
  void feed(const NodeView& view, ConsoleId console, std::string_view bytes,
            ShellOutputs& outputs) override;
  void close(ConsoleId console) override { lines_.erase(console); }
  void on_output(const NodeView& view, const Output& output, ShellOutputs& outputs) override;
  std::optional<Duration> next_timer() const override { return settings_.until_reboot; }
  void pass_time(const NodeView& view, Duration by, ShellOutputs& outputs) override;

 private:
  ExosDesk desk(const NodeView& view, ConsoleId console, ShellOutputs& outputs);
  void open(const NodeView& view, ConsoleId console, ShellOutputs& outputs);
  void finish(ExosOperator& family, ConsoleId console, std::string text, ShellOutputs& outputs);
  void on_log(const NodeView& view, const LogEntry& entry, ShellOutputs& outputs);
  void on_notice(const NodeView& view, const Notice& notice, ShellOutputs& outputs);
  void on_progress(const Progress& progress, ShellOutputs& outputs);
  void on_reply(const NodeView& view, const Reply& reply, ShellOutputs& outputs);
  void release_waiting(const NodeView& view, ShellOutputs& outputs);
  void go_dark(ShellOutputs& outputs);

  const ExosProduct& product_;
  ShellOptions options_;
  ExosSettings settings_;
  CommandId last_command_ = 0;
  bool is_up_ = false;  // INIT is over: consoles answer
  std::map<ConsoleId, Line> lines_;
};

void print(ConsoleId console, std::string text, ShellOutputs& outputs) {
  if (!text.empty()) outputs.print.push_back({console, std::move(text)});
}

// Wording and order of the boot text are our own, but for the first word of the loader.
std::string boot_banner(const NodeView& view, const ChassisIdentity& identity) {
  return fmt::format(
      "\r\n\r\nBootROM 1.0.1.7 ({}) slot {} serial {}\r\n"
      "Running self test ... \r\nBooting Runtime Image, {} version {}\r\n",
      view.profile.node_words[view.node.slot], view.profile.slot_words[view.node.slot],
      identity.chassis_serial, view.profile.product, view.profile.version);
}

std::string start_line(const NodeView& view) {
  const std::string_view version = view.profile.version;
  return fmt::format("Starting {} {}...\r\n", view.profile.product,
                     version.substr(0, version.find('.', version.find('.') + 1)));
}

ExosDesk ExosShell::desk(const NodeView& view, ConsoleId console, ShellOutputs& outputs) {
  const auto sessions = [this] {
    std::vector<ExosSessionRow> rows;
    for (const auto& [id, line] : lines_) {
      if (!line.session.user.empty()) rows.push_back({id, line.session.user, line.since});
    }
    return rows;
  };
  return {view, product_, options_, settings_, last_command_, outputs.commands, sessions, console};
}

void ExosShell::open(const NodeView& view, ConsoleId console, ShellOutputs& outputs) {
  Line& line = lines_[console];
  line = {};
  line.since = clock_of(view.diary);
  line.session.needs_login = options_.needs_login;
  const ExosDesk at = desk(view, console, outputs);
  ExosOperator family(at);
  print(console, open_session(line.session, family), outputs);
}

// After anything that may have executed a command: note what is waited for, and who left.
void ExosShell::finish(ExosOperator& family, ConsoleId console, std::string text,
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

void ExosShell::feed(const NodeView& view, ConsoleId console, std::string_view bytes,
                     ShellOutputs& outputs) {
  if (!is_up_ || view.node.state == NodeState::Off) {
    if (console != serial_line) outputs.hang_up.push_back(console);
    return;
  }
  if (!lines_.contains(console)) open(view, console, outputs);
  const ExosDesk at = desk(view, console, outputs);
  ExosOperator family(at);
  std::string shown = type(lines_[console].session, family, bytes);
  finish(family, console, std::move(shown), outputs);
}

void ExosShell::on_output(const NodeView& view, const Output& output, ShellOutputs& outputs) {
  if (const auto* logged = std::get_if<Logged>(&output)) on_log(view, logged->entry, outputs);
  if (const auto* notice = std::get_if<Notice>(&output)) on_notice(view, *notice, outputs);
  if (const auto* progress = std::get_if<Progress>(&output)) on_progress(*progress, outputs);
  if (const auto* reply = std::get_if<Reply>(&output)) on_reply(view, *reply, outputs);
}

void ExosShell::on_log(const NodeView& view, const LogEntry& entry, ShellOutputs& outputs) {
  if (!settings_.shows_log || !is_up_) return;
  const ExosDesk at = desk(view, serial_line, outputs);
  const ExosOperator family(at);
  print(serial_line,
        interrupt(lines_[serial_line].session, family, format_log_line(entry, own_name(view))),
        outputs);
}

// Sessions over the network end with the node; the serial line stays, and stays dark.
void ExosShell::go_dark(ShellOutputs& outputs) {
  is_up_ = false;
  settings_ = {};
  for (const auto& [console, line] : lines_) {
    if (console != serial_line) outputs.hang_up.push_back(console);
  }
  lines_.clear();
  lines_[serial_line];
}

void ExosShell::on_notice(const NodeView& view, const Notice& notice, ShellOutputs& outputs) {
  switch (notice.kind) {
    case Notice::Kind::Booting:
      go_dark(outputs);
      print(serial_line, boot_banner(view, options_.identity) + start_line(view), outputs);
      break;
    case Notice::Kind::BootPhase:
      if (!is_up_) print(serial_line, fmt::format("  {} ...\r\n", notice.word), outputs);
      break;
    case Notice::Kind::StateChanged:
      if (office_of(view.profile, view.node) == Office::None) release_waiting(view, outputs);
      if (is_up_ || view.node.state == NodeState::Init || view.node.state == NodeState::Off) break;
      is_up_ = true;
      print(serial_line, "\r\n", outputs);
      open(view, serial_line, outputs);
      break;
    case Notice::Kind::LeadReady:
    case Notice::Kind::GoingDown:  // the log tells the new state
      break;
  }
}

void ExosShell::on_progress(const Progress& progress, ShellOutputs& outputs) {
  for (auto& [console, line] : lines_) {
    if (line.waits_for != progress.id) continue;
    const std::string text = to_terminal(exos_progress(progress));
    if (!text.empty()) line.session.is_at_line_start = true;
    print(console, text, outputs);
  }
}

void ExosShell::on_reply(const NodeView& view, const Reply& reply, ShellOutputs& outputs) {
  for (auto& [console, line] : lines_) {
    if (line.waits_for != reply.id) continue;
    line.waits_for = 0;
    const ExosDesk at = desk(view, console, outputs);
    ExosOperator family(at);
    std::string shown =
        resume(line.session, family, family.conclude(std::exchange(line.call, {}), reply));
    finish(family, console, std::move(shown), outputs);
    return;
  }
}

// A node that leaves its office forgets the command that was under way: no reply will come.
void ExosShell::release_waiting(const NodeView& view, ShellOutputs& outputs) {
  std::vector<CommandId> waited;
  for (const auto& [console, line] : lines_) {
    if (line.waits_for != 0) waited.push_back(line.waits_for);
  }
  for (const CommandId id : waited) on_reply(view, {id, Refusal::NotReady, {}}, outputs);
}

void ExosShell::pass_time(const NodeView&, Duration by, ShellOutputs& outputs) {
  if (!settings_.until_reboot) return;
  *settings_.until_reboot -= by;
  if (*settings_.until_reboot > Duration::zero()) return;
  settings_.until_reboot.reset();
  outputs.commands.push_back({++last_command_, Reboot{}});
}

}  // namespace

std::unique_ptr<Shell> make_exos_shell(const ShellOptions& options) {
  return std::make_unique<ExosShell>(exos_11_3_words, options);
}

std::unique_ptr<Shell> make_xcm8800_shell(const ShellOptions& options) {
  return std::make_unique<ExosShell>(xcm8800_words, options);
}

}  // namespace understudy::reference
