// A dialect: how a family of switches is talked to and read, as data. A folder with dialect.yaml
// and TextFSM templates is all that a lab adds for a new family; dialects/exos is the example, and
// its comments explain the keys. Loaded once, never changed, shared by the nodes of a testbed.
// Every key, word and column that the loader does not know is refused with its place.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "harness/target.h"
#include "targets/console/session.h"
#include "targets/dialect_pattern.h"
#include "targets/textfsm/textfsm.h"

namespace understudy::targets {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

/// A word of a closed vocabulary: what the switch prints (all of it), and what we call it.
struct Word {
  DialectPattern pattern;
  Value value;
};

/// How one attribute follows from an answer.
struct AttributeRule {
  enum class From {
    Column,   ///< a value for each row, about the row's subject
    Percent,  ///< over all rows: the least, or the greatest if that is over 100
    Share,    ///< of the rows that `where` fits among all, in percent
    Sum,      ///< over all rows
    Count,    ///< of rows
    List,     ///< of all rows, in order, joined by ", "
    Text,     ///< the whole answer without the lines that `drop` names
    Capture,  ///< a named group of the prompt that closed the answer
    Copy      ///< another attribute of the same answer, when `when` holds
  };
  std::string name;
  From from = From::Column;
  std::string source;               ///< the column, capture or attribute
  bool is_told_when_asked = false;  ///< not with every answer: only while a condition names it
  std::optional<DialectPattern>
      part;                 ///< only what the group `part` (or else the pattern) matches counts
  std::vector<Word> words;  ///< empty: any text, without blanks at its ends
  bool is_number = false;
  bool is_duration = false;     ///< "1 day 2 minutes 3 seconds" is told as 86523s
  std::optional<Value> empty;   ///< what an empty value (or no row at all) means; absent: nothing
  std::optional<Value> absent;  ///< what is told of a node that no row is about; absent: nothing
  std::vector<std::pair<std::string, DialectPattern>> where;  ///< only rows whose columns match
  std::vector<DialectPattern> drop;
  TextPairs when;
};

/// One command that is read, and what its rows say.
struct Read {
  enum class Rows { None, Any, Own, Each };
  std::string name;
  std::string command;
  std::string template_file;  ///< as the dialect names it; empty: the answer is text
  std::string template_path;
  std::optional<textfsm::Template> compiled;  ///< nothing: the answer is text
  std::string subject;        ///< the column that names the node a row is about; empty: who answers
  Rows required = Rows::Any;  ///< what must be there, or the answer is unread
  bool keeps_noise = false;   ///< lines that the console takes for noise are the answer here
  std::vector<AttributeRule> attributes;
};

struct Refusal {
  enum class Kind { UnknownCommand, Licence, NotInSync, Busy, WrongNode, Error };
  Kind kind = Kind::Error;
  DialectPattern pattern;
};

/// Lines of an act, once or for each item of an argument ("add.vlans").
struct ActLine {
  std::vector<std::string> texts;  ///< with {placeholders}
  std::string each;                ///< the argument whose items it repeats for; empty: once
};

struct ActForm {
  enum class On { Node, Leader };
  enum class Boots { Nothing, Node, Self, Chassis };
  TextPairs when;  ///< arguments and their values; "*" is any value
  On on = On::Node;
  std::vector<ActLine> lines;
  Boots boots = Boots::Nothing;           ///< whose boot shows that it took effect
  bool ends_session = false;              ///< the console that it is sent on may die of it
  std::optional<DialectPattern> refused;  ///< refused, whatever else it looks like
  std::optional<DialectPattern>
      accepted;  ///< what the switch prints if it did it; absent: any but a refusal
};

struct ActRule {
  std::string word;
  std::string hazard;
  std::vector<ActForm> forms;
  /// Question -> the act's `answer` -> what is sent; "otherwise" is for every other answer.
  std::vector<std::pair<std::string, TextPairs>> replies;
  std::vector<std::string> cancelled_by;  ///< answers after which nothing is expected to happen
  std::optional<Duration> limit;          ///< of a command line, and of waiting for the effect
};

/// What is taken of a device before a run changes anything, and put back after it.
struct CustodyRule {
  std::string name;
  std::string attribute;       ///< what is taken; empty: no read tells it, so it is always sent
  bool is_of_chassis = false;  ///< one value, told by the leader; otherwise one of each node
  bool is_of_session = false;  ///< of each console: taken before the setup, put back last of all
  bool is_sent_to_leader = false;
  std::string hazard = "changes";
  std::vector<std::string> send;  ///< with {value}; of a text, for each line that is gone: {line}
  /// Of a text, for a line that was not there: the first pattern that fits, and what undoes it.
  std::vector<std::pair<DialectPattern, std::string>> undo;
  std::vector<DialectPattern> defaults;  ///< lines that say what holds without them
  std::vector<std::string> before;       ///< sent first, if anything is
  std::vector<std::string> after;        ///< and last
  std::string block_end;  ///< leaves a block, whose lines are indented below its head
  TextPairs replies;      ///< question -> bytes
  std::optional<Duration> limit;
  std::string hint;   ///< what to do where it cannot be taken
  std::string tells;  ///< nothing is sent: said at the end where it is not as it was

  bool is_text() const { return !undo.empty(); }
};

/// Lines of the console that are counted: cores, critical events.
struct Counter {
  std::string attribute;
  DialectPattern pattern;
};

/// A variable of SNMP and the attribute that it tells.
struct OidRule {
  std::string attribute;
  std::string oid;
  std::vector<Word> words;  ///< empty: any value, as it is
};

/// A notification that the switch sends, and what it says.
struct TrapWord {
  std::string name;  ///< counted as traps.NAME
  std::string oid;
  std::optional<OidRule> node;  ///< tells the node that it is about; absent: the one that sent it
  std::vector<OidRule> attributes;
};

/// What the switch's lines to a syslog server say, beside what every syslog message says and what
/// the console's counters count.
struct SyslogWords {
  std::optional<DialectPattern> node;  ///< its group `node` names who speaks; absent: the sender
  std::vector<Counter> events;         ///< counted as syslog.NAME
};

/// What is asked of the switch by SNMP get.
struct SnmpWords {
  std::optional<OidRule> node;  ///< whom the answers are about
  std::vector<OidRule> attributes;
};

struct Dialect {
  std::string name;
  std::string title;
  std::string folder;
  DialectPattern node_names;                   ///< its named groups are placeholders: {slot}
  std::pair<std::string, std::string> leader;  ///< attribute and value of who takes orders
  /// Attribute and values by which a node shows another one alive; no name: it does not.
  std::pair<std::string, std::vector<Value>> alive;
  ConsoleWords console;
  std::shared_ptr<const CompiledWords> words;  ///< those of the console
  std::vector<std::string> setup;              ///< sent once after each login or boot
  Duration answer_limit{};                     ///< the longest that a command may take
  Duration poll{};  ///< between two polls of one node, unless a testbed says
  std::vector<Refusal> refusals;
  std::vector<Read> reads;
  std::vector<AttributeRule> prompt;  ///< attributes of every prompt
  std::vector<Counter> counters;
  std::vector<TrapWord> traps;
  SyslogWords syslog;
  SnmpWords snmp;
  std::vector<ActRule> acts;
  std::vector<std::string> collect;
  std::vector<CustodyRule> custody;  ///< put back in this order
  std::string identity;              ///< the attribute that tells one device from another
  std::string node_identity;    ///< the attribute that tells whose console this is; empty: none
  std::string unknown_command;  ///< what probe asks for
  std::string long_command;
  std::string clock_command;
};

/// Reads FOLDER/dialect.yaml and its templates and compiles all that is to be matched, once for all
/// that use it. A dialect that `extends` another one tells only what differs: maps are changed key
/// by key, all else is replaced.
Result<std::shared_ptr<const Dialect>> load_dialect_folder(const std::string& folder);

/// The same by name, along the search path.
Result<std::shared_ptr<const Dialect>> load_dialect(const std::string& name);

const ActRule* find_act(const Dialect& dialect, std::string_view word);

/// The read that answers for an attribute (the first in the file), or nullopt.
std::optional<std::size_t> read_for(const Dialect& dialect, std::string_view attribute);

/// The node of `nodes` that a word of the switch's own stands for: its name, or a part of it that
/// the dialect's `nodes` names ("A" of MSM-A). The number of nodes if none is.
std::size_t node_called(const Dialect& dialect, const std::vector<std::string>& nodes,
                        std::string_view word);

/// Every attribute that the dialect can tell, in the order of the file.
std::vector<std::string> attributes_of(const Dialect& dialect);

/// All values of each attribute that the dialect has a closed list for, wherever it is read.
std::vector<std::pair<std::string, std::vector<Value>>> vocabularies_of(const Dialect& dialect);

/// The refusal that an answer holds, and the line that shows it.
struct RefusalFound {
  Refusal::Kind kind;
  std::string line;
};
std::optional<RefusalFound> find_refusal(const Dialect& dialect, std::string_view answer);
std::string to_text(Refusal::Kind kind);

}  // namespace understudy::targets
