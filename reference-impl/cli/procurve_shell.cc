// The shell of a ProCurve module. Wording and order of the boot text are our own.
#include <fmt/format.h>

#include <utility>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/procurve.h"
#include "reference-impl/cli/procurve_operator.h"
#include "reference-impl/cli/procurve_show.h"

namespace understudy::reference {
namespace {

class ProcurveShell : public NodeShell {
 public:
  using NodeShell::NodeShell;

  std::unique_ptr<Shell> clone() const override { return std::make_unique<ProcurveShell>(*this); }
  std::optional<Duration> next_timer() const override { return settings_.until_reload; }
  void pass_time(const NodeView& view, Duration by, ShellOutputs& outputs) override;

 protected:
  std::unique_ptr<NodeOperator> make_operator(Desk desk) override {
    return std::make_unique<ProcurveOperator>(std::move(desk), settings_);
  }
  bool answers(NodeState state) const override {
    return state != NodeState::Selftest && state != NodeState::Off;
  }
  /// Without a password nobody is asked for one, which is how the switch comes.
  bool asks_for_login(const NodeView& view) const override {
    return !options().password.empty() || !procurve_password(view).empty();
  }
  std::string boot_text(const NodeView& view) const override {
    const bool is_secondary = view.node.booted_image == Partition::Secondary;
    return fmt::format("\r\n\r\nBoot ROM K.12.12, {}\r\nInitializing {} from {} flash ...\r\n",
                       view.profile.node_words[view.node.slot], image_text(view.node.version),
                       is_secondary ? "secondary" : "primary");
  }
  std::string phase_text(const NodeView&, std::string_view word) const override {
    return fmt::format("  {} ...\r\n", word);
  }
  std::string lead_text(const NodeView& view) const override {
    return fmt::format("{} is the active management module.",
                       view.profile.node_words[view.node.slot]);
  }
  void restarted() override { settings_ = {}; }

 private:
  ProcurveSettings settings_;
};

// A scheduled reload asks nothing, and what is unsaved is lost (16.09, reload).
void ProcurveShell::pass_time(const NodeView&, Duration by, ShellOutputs& outputs) {
  if (!runs_out(settings_.until_reload, by)) return;
  outputs.commands.push_back({next_command(), Reboot{.module = std::nullopt, .is_warm = true}});
}

}  // namespace

std::unique_ptr<Shell> make_procurve_shell(const ShellOptions& options) {
  return std::make_unique<ProcurveShell>(options);
}

}  // namespace understudy::reference
