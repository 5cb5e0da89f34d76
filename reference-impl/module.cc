#include "reference-impl/module.h"

namespace understudy::reference {

Module::Module(std::shared_ptr<const Profile> profile, Slot slot, std::unique_ptr<Shell> shell,
               std::unique_ptr<Interposer> interposer)
    : profile_(std::move(profile)),
      node_(new_node(*profile_, slot)),
      shell_(std::move(shell)),
      interposer_(std::move(interposer)) {
  diary_.checkpoints.resize(profile_->replication.applications.size());
}

Module::Module(const Module& other)
    : profile_(other.profile_),
      node_(other.node_),
      diary_(other.diary_),
      shell_(other.shell_ ? other.shell_->clone() : nullptr),
      interposer_(other.interposer_ ? other.interposer_->clone() : nullptr) {}

Module& Module::operator=(const Module& other) {
  if (this != &other) *this = Module(other);
  return *this;
}

void Module::give(const Input& input, Outputs& outputs) {
  if (!interposer_) {
    reference::step(*profile_, node_, diary_, input, outputs);
    return;
  }
  const std::size_t from = outputs.size();
  Input changed = input;
  if (interposer_->before(*profile_, node_, diary_, changed, outputs)) {
    reference::step(*profile_, node_, diary_, changed, outputs);
  }
  interposer_->after(*profile_, node_, diary_, outputs, from);
}

std::string Module::interposer_bytes() const {
  return interposer_ ? interposer_->canonical_bytes() : std::string();
}

void Module::step(const Input& input, ModuleOutputs& outputs) {
  const std::size_t from = outputs.node.size();
  give(input, outputs.node);
  if (shell_) route(from, outputs);
}

void Module::pass_time(Duration by, ModuleOutputs& outputs) {
  const std::size_t from = outputs.node.size();
  if (interposer_) {
    give(TimePassed{by}, outputs.node);
  } else {
    reference::pass_time(*profile_, node_, diary_, by, outputs.node);
  }
  if (!shell_) return;
  ShellOutputs asked;
  shell_->pass_time({*profile_, node_, diary_}, by, asked);
  take(asked, outputs);
  route(from, outputs);
}

void Module::receive_frame(std::span<const std::byte> bytes, ModuleOutputs& outputs) {
  const std::size_t from = outputs.node.size();
  if (interposer_) {
    give(FrameReceived{bytes}, outputs.node);
  } else {
    reference::receive_frame(*profile_, node_, diary_, bytes, outputs.node);
  }
  if (shell_) route(from, outputs);
}

void Module::feed(ConsoleId console, std::string_view bytes, ModuleOutputs& outputs) {
  if (!shell_ || node_.state == NodeState::Off) return;
  const std::size_t from = outputs.node.size();
  ShellOutputs asked;
  std::string typed(bytes);
  if (interposer_) interposer_->typed(typed);
  if (typed.empty() && !bytes.empty()) return;  // swallowed; nobody came
  shell_->feed({*profile_, node_, diary_}, console, typed, asked);
  take(asked, outputs);
  route(from, outputs);
}

void Module::close(ConsoleId console) {
  if (shell_) shell_->close(console);
}

std::optional<Duration> Module::next_timer() const {
  auto next = reference::next_timer(node_);
  if (shell_ && node_.state != NodeState::Off) {
    const auto shell = shell_->next_timer();
    if (shell && (!next || *shell < *next)) next = shell;
  }
  return next;
}

/// What the shell asked for: text goes to the host, commands to the node.
void Module::take(ShellOutputs& asked, ModuleOutputs& outputs) {
  for (ConsoleBytes& bytes : asked.print) {
    if (interposer_) interposer_->printed(bytes.bytes);
    outputs.print.push_back(std::move(bytes));
  }
  for (const ConsoleId console : asked.hang_up) outputs.hang_up.push_back(console);
  for (const Ordered& command : asked.commands) give(command, outputs.node);
}

/// Gives the node's outputs from `from` on to the shell, in order, and those that its answers
/// cause.
void Module::route(std::size_t from, ModuleOutputs& outputs) {
  for (std::size_t index = from; index < outputs.node.size(); ++index) {
    const Output& output = outputs.node[index];
    const bool is_for_shell =
        std::holds_alternative<Logged>(output) || std::holds_alternative<Notice>(output) ||
        std::holds_alternative<Progress>(output) || std::holds_alternative<Reply>(output);
    if (!is_for_shell) continue;
    const Output copy = output;
    ShellOutputs asked;
    shell_->on_output({*profile_, node_, diary_}, copy, asked);
    take(asked, outputs);
  }
}

}  // namespace understudy::reference
