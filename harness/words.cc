#include "harness/words.h"

#include <algorithm>
#include <array>

namespace understudy {
namespace {

using enum ArgumentType;

constexpr ArgumentWord node{"node", Node, true, "the node on whose console it is done"};
constexpr ArgumentWord nodes{"node", Nodes, true, "one node, several, or `chassis` for all"};
constexpr ArgumentWord answer{
    "answer", Text, false,
    "what its questions are answered: save, discard, cancel, or a word of "
    "the dialect"};
constexpr ArgumentWord link{"link", Link, true, "the link"};
constexpr ArgumentWord from{"from", Node, false, "the sender; absent: every node"};
constexpr ArgumentWord to{"to", Node, false, "the receiver; absent: every node"};
constexpr ArgumentWord type{"type", Text, false,
                            "the type of frame, a name of the frames data; absent: every frame"};
constexpr ArgumentWord behind{
    "behind", Text, false,
    "begins right behind the first frame of this type that passes; absent: at once"};
constexpr ArgumentWord count{"count", Count, false, "how many frames; absent: until restored"};
constexpr ArgumentWord share{"share", Share, false, "which share of the frames"};

constexpr ArgumentWord after{"after", Length, false,
                             "how much later than the acts before it in its list"};

std::vector<ActWord> all_acts();

const std::vector<ActWord>& acts() {
  static const std::vector<ActWord> words = [] {
    std::vector<ActWord> all = all_acts();
    for (ActWord& act : all) {
      if (act.is_of_the_bench) act.arguments.push_back(after);
    }
    return all;
  }();
  return words;
}

std::vector<ActWord> all_acts() {
  return {{"configure",
           false,
           {"changes"},
           {node,
            {"of", Node, false, "the node that the setting is about, if it is another one"},
            {"add", Settings, false, "what is added: vlans, ..."},
            {"remove", Settings, false, "what is removed: vlans, ..."},
            {"set", Settings, false, "what gets a value: priority, sysname, ..."}},
           "Changes the active configuration on a node's console.",
           "{configure: {node: master, add: {vlans: $scratch.vlans}}}"},
          {"save",
           false,
           {"changes", "wears-flash"},
           {node, {"file", Text, false, "under which name; absent: the selected one"}, answer},
           "Saves the active configuration.",
           "{save: master}"},
          {"reboot",
           false,
           {"disrupts"},
           {nodes, answer},
           "Orders a reboot of one node, or of the chassis, and answers what is asked.",
           "{reboot: chassis, answer: discard}"},
          {"switchover",
           false,
           {"disrupts"},
           {node, {"force", Flag, false, "also where the standby is not in sync"}, answer},
           "Orders the master to hand its role to the standby.",
           "{switchover: master, force: \"true\"}"},
          {"select",
           false,
           {"changes"},
           {node,
            {"configuration", Text, false, "the saved configuration for the next boot"},
            {"image", Text, false, "the image for the next boot"}},
           "Selects what the next boot uses.",
           "{select: {node: master, configuration: $scratch.config.1}}"},
          {"restart-process",
           false,
           {"disrupts"},
           {node,
            {"process", Text, true, "the process or application"},
            {"of", Node, false, "the node whose process it is, if it is another one"},
            answer},
           "Restarts one process, by order on a node's console.",
           "{restart-process: {node: master, process: vlan}}"},
          {"synchronize",
           false,
           {"disrupts", "wears-flash"},
           {node, answer},
           "Orders the master to copy its images and configurations to the standby.",
           "{synchronize: master, answer: save}",
           2},
          {"login",
           false,
           {"reads"},
           {node, {"session", Text, false, "the name of a further session"}},
           "Logs in on a node's console.",
           "{login: master}"},
          {"logout",
           false,
           {"reads"},
           {node, {"session", Text, false, "the name of a further session"}, answer},
           "Leaves a node's console session.",
           "{logout: master, answer: discard}"},
          {"clear",
           false,
           {"changes"},
           {node, {"what", Text, true, "fdb, log, counters, ..."}},
           "Empties a table that the switch fills by itself.",
           "{clear: {node: master, what: log}}"},

          {"lose",
           true,
           {"disrupts"},
           {nodes},
           "Takes a node away at once; by which means, the testbed says.",
           "{lose: master}"},
          {"power-off", true, {"disrupts"}, {nodes}, "Cuts the power.", "{power-off: chassis}"},
          {"power-on",
           true,
           {"disrupts"},
           {nodes},
           "Gives power (again).",
           "{power-on: [master, backup]}"},
          {"hang",
           true,
           {"disrupts"},
           {nodes},
           "Stops a node without ending it: it neither sends nor answers.",
           "{hang: master}"},
          {"resume", true, {"disrupts"}, {nodes}, "Lets a hung node go on.", "{resume: master}"},
          {"cut",
           true,
           {"disrupts"},
           {link, from, to, type, behind},
           "Loses every frame of a link.",
           "{cut: {link: backplane, from: master, to: backup, behind: config-saved}}"},
          {"drop",
           true,
           {"disrupts"},
           {link, from, to, type, behind, count, share},
           "Loses some frames.",
           "{drop: {link: backplane, type: heartbeat, count: limit - 1}}"},
          {"delay",
           true,
           {"disrupts"},
           {link,
            from,
            to,
            type,
            behind,
            {"by", Length, true, "how much later each frame arrives"},
            count,
            share},
           "Makes frames late.",
           "{delay: {link: backplane, type: heartbeat, by: heartbeat / 2}}"},
          {"duplicate",
           true,
           {"disrupts"},
           {link, from, to, type, behind, count, share},
           "Makes frames arrive twice.",
           "{duplicate: {link: backplane, share: 50%}}"},
          {"reorder",
           true,
           {"disrupts"},
           {link, from, to, type, behind, count, share},
           "Makes frames overtake each other.",
           "{reorder: {link: backplane, count: 4}}"},
          {"corrupt",
           true,
           {"disrupts"},
           {link, from, to, type, behind, count, share},
           "Changes bytes of frames.",
           "{corrupt: {link: backplane, type: heartbeat, count: 1}}"},
          {"restore",
           true,
           {"disrupts"},
           {link},
           "Lifts every fault of a link.",
           "{restore: backplane}"},
          {"insert", true, {"disrupts"}, {nodes}, "Puts a module in.", "{insert: backup}"},
          {"remove", true, {"disrupts"}, {nodes}, "Pulls a module out.", "{remove: backup}"},
          {"press",
           true,
           {"disrupts"},
           {node, {"button", Text, true, "the button's name"}},
           "Presses a button of a node.",
           "{press: {node: master, button: reset}}"},
          {"break",
           true,
           {"disrupts"},
           {node, {"part", Text, true, "the part: fan, flash, ..."}},
           "Makes a part of a node fail.",
           "{break: {node: master, part: fan}}"},
          {"repair",
           true,
           {"disrupts"},
           {node, {"part", Text, true, "the part that failed"}},
           "Makes a broken part work again.",
           "{repair: {node: master, part: fan}}"},
          {"learn",
           true,
           {"changes"},
           {node,
            {"what", Text, true, "the table: fdb, ..."},
            {"count", Count, true, "how many entries"}},
           "Gives the switch entries of a table that it learns at run time, as traffic does.",
           "{learn: {node: master, what: fdb, count: 100}}"},
          {"install",
           true,
           {"changes", "wears-flash"},
           {node,
            {"image", Text, true, "primary or secondary"},
            {"version", Text, true, "the software's version"}},
           "Puts software into an image partition of one node and selects it for the next boot.",
           "{install: {node: backup, image: secondary, version: 11.3.1.4}}"},
          {"end-process",
           true,
           {"disrupts"},
           {node, {"process", Text, true, "the process or application"}},
           "Ends a process of a node, as a crash does.",
           "{end-process: {node: master, process: devmgr}}"},
          {"start-process",
           true,
           {"disrupts"},
           {node, {"process", Text, true, "the process or application"}},
           "Starts a process again that had ended.",
           "{start-process: {node: master, process: vrrp}}"},
          {"damage",
           true,
           {"disrupts"},
           {node,
            {"file", Text, true, "the file in the node's flash"},
            {"how", Text, true,
             "torn (cut short), corrupt (a byte changed) or foreign (as another chassis "
             "wrote it)"}},
           "Damages a file in a node's flash; what runs does not see it before it is read again.",
           "{damage: {node: master, file: primary.cfg, how: torn}}"}};
}

constexpr auto attributes = std::to_array<AttributeWord>({
    {"state", false, "The redundancy state of the node.", "{backup.state: BACKUP}"},
    {"role", false, "The role that a frame states of its sender.",
     "{backplane sees master.role: MASTER}"},
    {"slot", false, "The slot or position of the node.", "{master.slot: A}"},
    {"sync", false, "What is claimed of the node's synchronisation.",
     "{master sees backup.sync: InSync}"},
    {"unsaved", false, "Whether there are unsaved changes: yes or no.",
     "{master.unsaved: \"yes\"}"},
    {"config.active", false, "The configuration in force, as one comparable text.",
     "{backup.config.active: $claimed}"},
    {"config.saved", false, "The configuration in the node's flash, as one comparable text.",
     "{backup.config.saved: $claimed}"},
    {"config.selected", false, "The name of the configuration for the next boot.",
     "{master.config.selected: primary.cfg}"},
    {"config.booted", false, "The name of the configuration of this boot.",
     "{master.config.booted: primary.cfg}"},
    {"image.selected", false, "The image for the next boot.", "{master.image.selected: secondary}"},
    {"image.booted", false, "The image that runs.", "{master.image.booted: [primary, secondary]}"},
    {"boots", true, "How often the node booted, counted from the latest `do`.", "{each.boots: 1}"},
    {"asked", true, "The questions that the latest act was asked, by the dialect's names.",
     "{master.asked: save-changes}"},
    {"answered", true,
     "How the latest act was answered: done, refused, unknown-command or no-answer.",
     "{master.answered: {not: done}}"},
    {"priority", false, "The node's configured priority.", "{master.priority: {at most: 100}}"},
    {"health.software", false, "The health of the node's software, as elections use it.",
     "{master.health.software: {above: 0}}"},
    {"health.hardware", false, "The health of the node's hardware, as elections use it.",
     "{master.health.hardware: {known: }}"},
    {"checkpoint.percent", false,
     "How much of the bulk checkpoint is done, of the least advanced process.",
     "{master.checkpoint.percent: {at least: 100%}}"},
    {"checkpoint.errors", false, "Errors counted by checkpointing.",
     "{master.checkpoint.errors: 0}"},
    {"uptime", false, "How long the system has been up.", "{master.uptime: {below: 5m}}"},
    {"boot-time", false, "When the node booted, in its own words.",
     "{master.boot-time: {known: }}"},
    {"vlans", false, "The VLANs that the node knows, in its own order.",
     "{master.vlans: {matches: Default}}"},
    {"fdb", false, "The number of entries in the forwarding table.", "{backup.fdb: {at least: 1}}"},
    {"log.critical", false, "The number of critical events in the node's log.",
     "{each.log.critical: 0}"},
    {"failover.cause", false, "Why the latest failover happened, in the switch's words.",
     "{backup.failover.cause: {none of: [none, unknown]}}"},
    {"mode", false, "The mode of the node's console: booting, login, shell, ...",
     "{master.mode: shell}"},
    {"cores", false, "The number of core dumps that the node keeps.", "{each.cores: 0}"},
    {"prompt", false, "The node's prompt.", "{master.prompt: {matches: '# $'}}"},
    {"frames", false, "The number of frames that passed a link.", "{backplane.frames: {above: 0}}"},
    {"heartbeats", false, "The number of heartbeats that passed a link.",
     "{backplane.heartbeats: {above: 0}}"},
    {"traps", false,
     "How many SNMP notifications the node sent, counted from the latest `do`; `traps.NAME`: of "
     "those that the dialect names so, about the node.",
     "{traps sees backup.traps: 1}"},
    {"syslog", false,
     "How many syslog messages the node sent, counted from the latest `do`; `syslog.critical`, "
     "`syslog.error`, `syslog.warning`: of that severity or worse.",
     "{syslog sees backup.syslog.critical: 0}"},
});

constexpr auto listeners = std::to_array<ListenerWord>({
    {"traps", true, "SNMP notifications that came to the testbed's listener.",
     "{traps sees backup.traps: 1}"},
    {"syslog", true, "Syslog messages that came to the testbed's listener.",
     "{syslog sees backup.log.critical: 0}"},
    {"snmp", false, "What the switch answers to SNMP get.",
     "{snmp sees backup.failover.cause: {known: }}"},
});

constexpr auto suite_keys = std::to_array<KeyWord>({
    {"suite", "The suite's name, once.", "suite: exos-11.3"},
    {"title", "What the suite is about.", "title: Redundancy of a chassis with two modules"},
    {"product", "The product that it is derived from.", "product: ExtremeWare XOS"},
    {"edition", "The edition of that product.", "edition: \"11.3\""},
    {"documents", "Short names of the documents that are cited.",
     "documents: {guide: ExtremeWare XOS 11.3 Concepts Guide}"},
    {"links", "The links that cases name; absent: backplane alone.", "links: [backplane, front]"},
    {"attributes", "Attributes that a dialect adds, where the loader takes one for a misspelling.",
     "attributes: [states]"},
    {"limits",
     "Bounds by name: an expression over the testbed's timing, or nothing where only a lab knows. "
     "Timing of the same name replaces it, unless the expression itself uses that name and can be "
     "computed.",
     "limits: {takeover: {is: heartbeat * limit + poll, source: \"guide, page 72\"}}"},
    {"clauses", "What is required, by id.", ""},
    {"always", "Invariants that hold in all cases.", ""},
    {"cases", "Cases by name.", ""},
});

constexpr auto clause_keys = std::to_array<KeyWord>({
    {"level", "MUST, SHOULD, MAY or INFO.", "level: MUST"},
    {"source", "SEED, PUBLIC, DERIVED (needs premises) or INFERRED (INFO only).", "source: SEED"},
    {"statement", "What is required, in our own words.", "statement: The backup takes over."},
    {"citation", "Document and place.", "citation: guide, page 73"},
    {"product", "The product of the cited document; absent: the suite's.",
     "product: ExtremeWare XOS"},
    {"editions", "The editions that it covers; absent: the suite's.", "editions: [\"11.3\"]"},
    {"outcomes",
     "Where editions of a manual contradict each other: what each says, one value, a list (one of "
     "these) or a map from name to either. An edition says nothing of a name that it leaves out. "
     "One "
     "edition at least has to fit; which one is reported.",
     "outcomes: [{edition: \"11.3\", citation: \"guide, page 73\", outcome: DOWN}, {edition: "
     "\"11.0\", citation: \"guide-11.0, page 51\", outcome: FAIL}]"},
    {"premises", "The clauses or citations that a derived clause follows from.",
     "premises: [\"guide, page 72: one master is elected\"]"},
    {"aspect", "roles or synchronisation: a case has a verdict for each.", "aspect: roles"},
});

constexpr auto case_keys = std::to_array<KeyWord>({
    {"title", "What the case shows, as a sentence.", "title: The backup takes over"},
    {"steps", "What is done and expected, in order.", "steps: [{do: {lose: master}}]"},
    {"given", "Roles, bound to the nodes that have these states when the case begins.",
     "given: {master: MASTER, backup: BACKUP}"},
    {"vary",
     "Values that make one plan each: the keys of one map advance together, the maps of a list "
     "are crossed.",
     "vary: {delay: [0ms, 10ms, 1s]}"},
});

constexpr auto steps = std::to_array<KeyWord>({
    {"do", "Acts; a list is at once.", "do: {lose: master}"},
    {"await", "Hoped for: if it does not come, the rest is inconclusive.",
     "await: {backup.state: MASTER}"},
    {"expect", "Demanded, and named by the clause that it checks.",
     "expect: {backup.state: MASTER}"},
    {"remember", "Keeps an answer under a name.", "remember: {before: master.config.saved}"},
    {"pause", "Lets time pass.", "pause: heartbeat * limit"},
});

constexpr auto bounds = std::to_array<KeyWord>({
    {"within",
     "It becomes true before this time is over. Beside a `do` without `expect`: what is done "
     "later, "
     "counted from the order of the `do` before it, says nothing, and the rest is inconclusive.",
     "within: $limits.takeover"},
    {"for", "It stays true for this time.", "for: 2 * heartbeat"},
    {"lasts",
     "Beside `within`: what is expected comes and goes, and holds this long at least. Where "
     "answers "
     "are further apart, that it was not seen is inconclusive.",
     "lasts: module-boot"},
    {"checks", "The clause that an expect demands.", "checks: backup-takes-over"},
});

constexpr auto invariants = std::to_array<KeyWord>({
    {"never", "The condition is never seen to hold.",
     "never: {any.state: {none of: [MASTER, BACKUP]}}"},
    {"at most one", "Of the nodes that hear each other, one at most satisfies it.",
     "at most one: {state: MASTER}"},
    {"not without an act", "These counters do not move without an act of ours.",
     "not without an act: [boots, cores]"},
});

constexpr auto matchers = std::to_array<MatcherWord>({
    {Matcher::Kind::Not, {"not", "Another value.", "{backup.sync: {not: InSync}}"}},
    {Matcher::Kind::AtLeast,
     {"at least", "A number, duration or percentage, this or more.",
      "{master.checkpoint.percent: {at least: 99.5%}}"}},
    {Matcher::Kind::AtMost, {"at most", "This or less.", "{master.priority: {at most: 100}}"}},
    {Matcher::Kind::Above, {"above", "More than this.", "{master.uptime: {above: 1.5s}}"}},
    {Matcher::Kind::Below, {"below", "Less than this.", "{master.fdb: {below: 10}}"}},
    {Matcher::Kind::Matches,
     {"matches", "A PCRE2 pattern that is found in the value.",
      "{master.prompt: {matches: '^\\* '}}"}},
    {Matcher::Kind::OneOf,
     {"one of", "One of these; a list alone says the same.",
      "{master.state: {one of: [MASTER, BACKUP]}}"}},
    {Matcher::Kind::NoneOf, {"none of", "None of these.", "{any.state: {none of: [FAIL, DOWN]}}"}},
    {Matcher::Kind::Known,
     {"known", "Any answer at all; stands without a value.", "{master.boot-time: {known: }}"}},
});

constexpr auto quantifiers = std::to_array<QuantifierWord>({
    {Quantifier::Each, {"each", "Every node.", "{each.boots: 0}"}},
    {Quantifier::Any, {"any", "One node at least.", "{any.state: MASTER}"}},
    {Quantifier::No, {"no", "No node.", "{no.state: FAIL}"}},
});

constexpr auto dollar_names = std::to_array<KeyWord>({
    {"$NAME", "A key of `vary`, a name that an earlier `remember` gave, or a role.",
     "pause: $delay"},
    {"$limits.NAME", "A limit of the suite, or of the testbed's timing where that has it.",
     "within: $limits.takeover"},
    {"$scratch.NAME",
     "The first values (two at most) that the testbed lets a case change, as a list.",
     "do: {configure: {node: master, add: {vlans: $scratch.vlans}}}"},
    {"$scratch.NAME.1", "One of them, counted from 1.",
     "do: {configure: {node: master, add: {vlans: $scratch.vlans.2}}}"},
    {"$outcome",
     "In an expect: what the editions say of the clause that it checks; `$outcome.NAME` where "
     "they say it by name.",
     "expect: {backup.state: $outcome}"},
});

template <typename Words>
auto find_in(const Words& words, std::string_view name) -> decltype(&*words.begin()) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const auto& word) { return word.name == name; });
  return found == words.end() ? nullptr : &*found;
}

}  // namespace

std::span<const ActWord> act_words() {
  return acts();
}
std::span<const AttributeWord> attribute_words() {
  return attributes;
}
std::span<const ListenerWord> listener_words() {
  return listeners;
}
std::span<const KeyWord> suite_words() {
  return suite_keys;
}
std::span<const KeyWord> clause_words() {
  return clause_keys;
}
std::span<const KeyWord> case_words() {
  return case_keys;
}
std::span<const KeyWord> step_words() {
  return steps;
}
std::span<const KeyWord> bound_words() {
  return bounds;
}
std::span<const KeyWord> invariant_words() {
  return invariants;
}
std::span<const MatcherWord> matcher_words() {
  return matchers;
}
std::span<const QuantifierWord> quantifier_words() {
  return quantifiers;
}
std::span<const KeyWord> name_words() {
  return dollar_names;
}

const ActWord* find_act(std::string_view name) {
  return find_in(acts(), name);
}
const AttributeWord* find_attribute(std::string_view name) {
  return find_in(attributes, name);
}
const ListenerWord* find_listener(std::string_view name) {
  return find_in(listeners, name);
}
const ArgumentWord* find_argument(const ActWord& act, std::string_view name) {
  return find_in(act.arguments, name);
}

}  // namespace understudy
