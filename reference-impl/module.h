// A management module as a host sees it: a node, its diary and a shell that serves its consoles.
// The simulated world and the daemon both hold Modules; a Module routes console bytes to the shell,
// the shell's commands to the node, and the node's replies, log lines and notices to the shell.
// Without a shell (tests of the core, benchmarks) it is a plain node. Regular value: copying copies
// the shell.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/chassis/node.h"
#include "reference-impl/interposer.h"

namespace understudy::reference {

/// Console 0 is the serial line that is always there; others are sessions that a host opens.
using ConsoleId = std::uint16_t;

struct ConsoleBytes {
  ConsoleId console = 0;
  std::string bytes;
};

/// What a shell may look at; valid during the call only.
struct NodeView {
  const Profile& profile;
  const Node& node;
  const Diary& diary;
};

/// What a shell wants done. Commands are given to the node in order, at once; their outputs come
/// back through on_output before the call of the host returns.
struct ShellOutputs {
  std::vector<ConsoleBytes> print;
  std::vector<Ordered> commands;
  std::vector<ConsoleId> hang_up;  ///< sessions that end (logout, exit)
};

/// A command line on top of a node. Implemented once for each family in reference-impl/cli.
class Shell {
 public:
  virtual ~Shell() = default;
  virtual std::unique_ptr<Shell> clone() const = 0;

  /// Bytes typed on a console. The first bytes of a console open it; none at all, on one that is
  /// open: a terminal was connected, and sees what stands there.
  virtual void feed(const NodeView& view, ConsoleId console, std::string_view bytes,
                    ShellOutputs& outputs) = 0;
  virtual void close(ConsoleId console) = 0;

  /// A Logged, Notice, Progress or Reply of the node, after the step that made it.
  virtual void on_output(const NodeView& view, const Output& output, ShellOutputs& outputs) = 0;

  /// Time limits of sessions (idle, questions); nothing if none is running.
  virtual std::optional<Duration> next_timer() const { return std::nullopt; }
  virtual void pass_time(const NodeView&, Duration, ShellOutputs&) {}
};

/// What a module's host must do; see node.h for the duties. Reused between steps.
struct ModuleOutputs {
  Outputs node;  ///< SendFrame, WriteFlash and Restart are for the host; the rest has been routed
  std::vector<ConsoleBytes> print;
  std::vector<ConsoleId> hang_up;

  void clear() {
    node.clear();
    print.clear();
    hang_up.clear();
  }
};

class Module {
 public:
  Module(std::shared_ptr<const Profile> profile, Slot slot, std::unique_ptr<Shell> shell = nullptr,
         std::unique_ptr<Interposer> interposer = nullptr);
  Module(const Module& other);
  Module(Module&&) noexcept = default;
  Module& operator=(const Module& other);
  Module& operator=(Module&&) noexcept = default;

  void step(const Input& input, ModuleOutputs& outputs);
  void pass_time(Duration by, ModuleOutputs& outputs);
  void receive_frame(std::span<const std::byte> bytes, ModuleOutputs& outputs);
  void feed(ConsoleId console, std::string_view bytes, ModuleOutputs& outputs);
  void close(ConsoleId console);
  std::optional<Duration> next_timer() const;

  const Profile& profile() const { return *profile_; }
  const Node& node() const { return node_; }
  const Diary& diary() const { return diary_; }
  bool has_shell() const { return shell_ != nullptr; }
  /// Of the interposer's memory; empty without one.
  std::string interposer_bytes() const;

 private:
  void give(const Input& input, Outputs& outputs);
  void take(ShellOutputs& asked, ModuleOutputs& outputs);
  void route(std::size_t from, ModuleOutputs& outputs);

  std::shared_ptr<const Profile> profile_;
  Node node_;
  Diary diary_;
  std::unique_ptr<Shell> shell_;
  std::unique_ptr<Interposer> interposer_;
};

}  // namespace understudy::reference
