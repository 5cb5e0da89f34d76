// The shell of an EXOS node: what a boot shows, and which of the node's reports its consoles print.
#include <fmt/format.h>

#include <utility>

#include "reference-impl/cli/exos.h"
#include "reference-impl/cli/exos_operator.h"

namespace understudy::reference {
namespace {

// What is printed while a command is under way. Of an image: in words of our own.
std::string exos_progress(const Progress& progress) {
  const bool is_configuration = is_configuration_file(progress.file);
  switch (progress.stage) {
    case Progress::Stage::SavedHere:
      return is_configuration ? "Saving configuration on primary MSM ...... done!\n"
                              : "Installing image on primary MSM .......... done!\n";
    case Progress::Stage::SavedOnBackup:
      return is_configuration ? "Synchronizing configuration to backup MSM .. done!\n"
                              : "Installing image on backup MSM ........... done!\n";
    case Progress::Stage::BackupNotSaved:
      return is_configuration ? "Synchronizing configuration to backup MSM .. failed!\n"
                              : "Installing image on backup MSM ........... failed!\n";
    case Progress::Stage::NoBackupToSave:
      return {};
  }
  return {};
}

class ExosShell : public NodeShell {
 public:
  ExosShell(const ExosProduct& product, const ShellOptions& options)
      : NodeShell(options), product_(product) {}

  std::unique_ptr<Shell> clone() const override { return std::make_unique<ExosShell>(*this); }
  std::optional<Duration> next_timer() const override {
    return settings_.reboot ? std::optional(settings_.reboot->left) : std::nullopt;
  }
  void pass_time(const NodeView& view, Duration by, ShellOutputs& outputs) override;

 protected:
  std::unique_ptr<NodeOperator> make_operator(Desk desk) override {
    return std::make_unique<ExosOperator>(std::move(desk), product_, settings_);
  }
  bool answers(NodeState state) const override {
    return state != NodeState::Init && state != NodeState::Off;
  }
  bool asks_for_login(const NodeView&) const override { return options().needs_login; }
  std::string boot_text(const NodeView& view) const override;
  std::string phase_text(const NodeView&, std::string_view word) const override {
    return fmt::format("  {} ...\r\n", word);
  }
  std::string log_text(const NodeView& view, const LogEntry& entry) const override {
    return settings_.shows_log ? format_log_line(entry, own_name(view)) : std::string();
  }
  std::string progress_text(const Progress& progress) const override {
    return exos_progress(progress);
  }
  void restarted() override { settings_ = {}; }

 private:
  const ExosProduct& product_;
  ExosSettings settings_;
};

// Wording and order of the boot text are our own, but for the first word of the loader.
std::string ExosShell::boot_text(const NodeView& view) const {
  const std::string version = image_version(view.profile, view.node, view.node.booted_image);
  return fmt::format(
      "\r\n\r\nBootROM 1.0.1.7 ({}) slot {} serial {}\r\n"
      "Running self test ... \r\nBooting Runtime Image, {} version {}\r\n"
      "Starting {} {}...\r\n",
      view.profile.node_words[view.node.slot], view.profile.slot_words[view.node.slot],
      view.profile.chassis, view.profile.product, version, view.profile.product,
      version.substr(0, version.find('.', version.find('.') + 1)));
}

void ExosShell::pass_time(const NodeView&, Duration by, ShellOutputs& outputs) {
  if (!settings_.reboot || (settings_.reboot->left -= by) > Duration::zero()) return;
  settings_.reboot.reset();
  outputs.commands.push_back({next_command(), Reboot{}});
}

}  // namespace

std::unique_ptr<Shell> make_exos_shell(const ShellOptions& options) {
  return std::make_unique<ExosShell>(exos_11_3_words, options);
}

std::unique_ptr<Shell> make_xcm8800_shell(const ShellOptions& options) {
  return std::make_unique<ExosShell>(xcm8800_words, options);
}

}  // namespace understudy::reference
