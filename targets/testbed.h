// A testbed as it stands in its file: which nodes there are and how each is reached, its links,
// power, timing, and what may be changed. load_testbed() makes a Testbed of it, from which each job
// opens a target of its own. Every error is one line with file:line, what and hint, and means
// exit 3.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/target.h"
#include "targets/bench.h"
#include "targets/console/session.h"
#include "targets/data_defects.h"
#include "targets/device.h"
#include "targets/dialect.h"
#include "targets/doors/settings.h"
#include "targets/frames.h"
#include "targets/process.h"
#include "targets/secrets.h"

namespace understudy::targets {

struct TestbedNode {
  std::string name;
  std::vector<std::string> command;  ///< the process that it is, if it is ours to start
  std::optional<DoorSettings> door;  ///< how its console is reached, if that is not the process
  bool pty = true;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string power = "signal";  ///< or "outlet", "operator"; empty: none
  std::string identity;          ///< what its console calls the node; empty: not asked
  Credentials login;             ///< its password only once it is revealed
  std::optional<Secret> password;
  std::string address{};  ///< what it sends to listeners comes from there; empty: not known
  std::string where;      ///< file:line
};

/// A port that is listened on for what the switch sends by itself.
struct TestbedListener {
  std::string name;  ///< a word of harness/words.h
  FrameAddress address{};
  std::string reached{};            ///< where the switch sends to; empty: the address itself
  std::optional<Secret> community;  ///< absent: one of ours, and any is believed
  std::string revealed = "understudy";
  std::string where{};  ///< file:line
};

/// The switch's SNMP agent.
struct TestbedSnmp {
  std::string address;  ///< HOST:PORT
  Secret community;
  std::string revealed;
  std::string where{};  ///< file:line
};

struct TestbedLink {
  std::string name;
  std::vector<std::size_t> ends;  ///< indexes of nodes
  std::string frames;             ///< path of the frames data; empty: every frame is `other`
  std::shared_ptr<const FrameWords> words{};  ///< what stands there, once it was read
  std::vector<std::string> interfaces{};      ///< of each end: an inline wire between them
  std::string filter{};
  std::size_t payload_at = 0;
  std::string where{};  ///< file:line
};

struct TestbedOutlet {
  std::string name;
  std::vector<std::size_t> feeds;  ///< indexes of nodes
  std::vector<std::string> on;
  std::vector<std::string> off;
  std::vector<std::string> state;
  std::string where{};  ///< file:line
};

struct TestbedFile {
  std::string name;
  std::string path;
  std::string dialect;
  std::string dialect_where;  ///< file:line, as are the others
  std::string profile;        ///< simulated: {profile: ...}; empty: the nodes are processes
  std::string defect;         ///< simulated: {defect: ...}; empty: none
  std::vector<TestbedNode> nodes;
  std::optional<TestbedNode> management;  ///< the address that follows the leader; a door, no node
  std::vector<TestbedLink> links;
  std::vector<TestbedListener> listeners;
  std::optional<TestbedSnmp> snmp;
  std::vector<std::pair<std::string, Duration>> timing;
  std::vector<std::pair<std::string, std::int64_t>> numbers;
  std::vector<std::pair<std::string, std::string>> timing_places;  ///< of both: name and file:line
  std::vector<std::pair<std::string, std::vector<Value>>> scratch;
  std::vector<std::string> allow;
  Identity identity;           ///< what every console has to say of the device
  std::string identity_where;  ///< file:line
  std::vector<std::pair<std::string, std::vector<std::string>>> hands;
  std::string hands_where;
  std::vector<TestbedOutlet> outlets;
  std::vector<std::string> prepare;  ///< a command that makes the bench ready
  std::string prepare_where;
  bool is_attended = false;       ///< somebody at the terminal does what only hands can do
  bool has_placeholders = false;  ///< each job gets its own values
  bool has_fixed_lines = false;  ///< a console or an interface that only one job at a time can have
};

/// Fills in the passwords from wherever they are; gives them back, to be masked.
Result<std::vector<std::string>> reveal_passwords(TestbedFile& file);

/// `path` is used in messages and to find the testbed's own files.
Result<TestbedFile> read_testbed(const std::string& text, const std::string& path);

/// It has nodes that stand somewhere and keep what is done to them.
bool has_custody(const TestbedFile& file);

/// Starts nothing yet. `folder` receives captures, states, and what nodes print to standard error,
/// which is masked.
Result<std::unique_ptr<Bench>> make_bench(const TestbedFile& file, const std::string& folder,
                                          std::uint64_t seed, const Mask& mask = Mask());

/// A testbed whose benches have a defect that is data.
Result<std::unique_ptr<Testbed>> load_testbed_with(const std::string& name_or_path,
                                                   const DataDefect& defect);

/// By path, or by name along the search path. `defect`: a deliberate one, on simulated testbeds.
/// `is_attended`: somebody at the terminal does what only hands can do.
Result<std::unique_ptr<Testbed>> load_testbed(const std::string& name_or_path,
                                              const std::string& defect = {},
                                              bool is_attended = false);

/// A testbed of processes on a virtual clock: the same nodes, links and timing, the reference
/// implementation of `profile` inside. What its plans take is what they wait for, nothing else.
Result<std::unique_ptr<Testbed>> virtual_twin(const TestbedFile& file, const std::string& profile);

/// The same with its parts, for `probe` and `plan --dry`.
struct LoadedTestbed {
  TestbedFile file;
  std::shared_ptr<const Dialect> dialect;
  Capabilities capabilities;
};
Result<LoadedTestbed> load_testbed_parts(const std::string& name_or_path,
                                         const std::string& defect = {}, bool is_attended = false);

/// What a node's console has to say of itself.
Identity identity_of(const LoadedTestbed& parts, const TestbedNode& node);

/// What logs in on a node's console. A simulated one lets admin in unless its node says otherwise.
/// A password that a case may set is the spare one, so that a switch that kept it locks nobody out.
Credentials login_of(const LoadedTestbed& parts, const TestbedNode& node);

/// Of its own: not only the address that follows the leader.
bool has_console(const TestbedFile& file, const TestbedNode& node);

/// A target of these parts. `custody`: what the run took and will put back; nothing where the state
/// of its nodes is thrown away.
Result<std::unique_ptr<Target>> open_parts(const LoadedTestbed& parts, const std::string& folder,
                                           std::uint64_t seed,
                                           std::shared_ptr<CustodyRecord> custody,
                                           const DataDefect* defect = nullptr);

/// Puts back what runs below `out` took of their devices and have not put back: they were killed,
/// or held.
Healed heal_devices(const std::string& out);

}  // namespace understudy::targets
