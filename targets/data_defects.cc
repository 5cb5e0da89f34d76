#include "targets/data_defects.h"

#include <algorithm>
#include <regex>
#include <set>

#include "harness/yaml.h"

namespace understudy::targets {
namespace {

constexpr const char* fault_words[] = {"cut", "drop", "delay", "duplicate", "reorder", "corrupt"};

std::string changed(std::string line, const DataDefect& defect) {
  const std::string before = line;
  for (const LineFilter& filter : defect.console) {
    std::size_t from = 0;
    while (from < line.size()) {
      const auto found = filter.match.find(std::string_view(line).substr(from));
      if (!found || found->whole.empty()) break;
      const std::size_t at = line.find(found->whole, from);
      line.replace(at, found->whole.size(), filter.print);
      from = at + filter.print.size();
    }
  }
  if (line != before) ++*defect.changes;
  return line;
}

/// How many frames the first `faults` of a lift's receipt met: "drop of heartbeat met 3 of 12
/// frames".
std::size_t frames_met(const std::string& words, std::size_t faults) {
  static const std::regex life("(met no frame|never began|met ([0-9]+) of [0-9]+ frames)");
  std::size_t met = 0;
  for (std::sregex_iterator at(words.begin(), words.end(), life); at != std::sregex_iterator();
       ++at) {
    if (faults-- == 0) break;
    if ((*at)[2].matched) met += std::stoul((*at)[2]);
  }
  return met;
}

std::string link_of(const Act& act) {
  return act.arguments.value("link", std::string());
}

class DefectBench final : public Bench {
 public:
  DefectBench(std::unique_ptr<Bench> bench, DataDefect defect)
      : bench_(std::move(bench)), defect_(std::move(defect)) {}

  Time now() const override { return bench_->now(); }
  Result<void> start() override {
    if (auto started = bench_->start(); !started) return started;
    for (const Act& act : defect_.frames) {
      const Receipt receipt = bench_->apply(act);
      if (receipt.outcome != Receipt::Outcome::Done) {
        return fail("defect " + defect_.id, receipt.words);
      }
      links_.insert(link_of(act));
    }
    return {};
  }
  void send(std::size_t node, std::string_view bytes) override { bench_->send(node, bytes); }
  void pump(Time until, const Cancel& cancel, std::vector<BenchEvent>& events) override {
    const std::size_t from = events.size();
    bench_->pump(until, cancel, events);
    for (std::size_t i = from; i < events.size(); ++i) {
      if (events[i].kind == BenchEvent::Kind::Bytes) events[i].text = filtered(events[i].text);
    }
  }
  Receipt apply(const Act& act) override {
    Receipt receipt = bench_->apply(act);
    if (act.word == "restore") count_frames(link_of(act), receipt);
    return receipt;
  }
  std::optional<PowerChange> change() const override { return bench_->change(); }
  void seen(const PowerChange& change) override { bench_->seen(change); }
  std::vector<LeftUndone> left_undone() const override { return bench_->left_undone(); }
  void undone(const LeftUndone& one) override { bench_->undone(one); }
  std::vector<std::string> acts() const override { return bench_->acts(); }
  std::vector<ImpossibleAct> impossible() const override { return bench_->impossible(); }
  std::vector<std::string> heal() override {
    for (const std::string& link : std::set(links_)) apply({"restore", {{"link", link}}});
    return bench_->heal();
  }
  bool snmp_get(const std::vector<std::string>& oids) override { return bench_->snmp_get(oids); }
  std::map<std::string, std::string> values() const override { return bench_->values(); }
  bool open_again(std::size_t node) override { return bench_->open_again(node); }
  std::vector<std::string> artefacts() const override { return bench_->artefacts(); }

 private:
  std::string filtered(const std::string& text) const {
    std::string all;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
      all += changed(text.substr(at, end - at), defect_);
      at = end;
    }
    return all;
  }

  /// The defect's faults were there first; the first lift of their link ends them.
  void count_frames(const std::string& link, const Receipt& receipt) {
    if (receipt.outcome != Receipt::Outcome::Done) return;
    for (const std::string& one : link.empty() ? std::set(links_) : std::set{link}) {
      if (links_.erase(one) == 0) continue;
      const auto is_its = [&](const Act& act) { return link_of(act) == one; };
      const auto faults = std::ranges::count_if(defect_.frames, is_its);
      *defect_.changes += frames_met(receipt.words, static_cast<std::size_t>(faults));
    }
  }

  std::unique_ptr<Bench> bench_;
  DataDefect defect_;
  std::set<std::string> links_;  ///< with faults of the defect
};

LineFilter filter_from(const yaml::Node& node, yaml::Problems& problems) {
  LineFilter filter;
  if (!yaml::check_keys(node, "a console filter", {"match", "print"}, {}, problems)) return filter;
  const auto* match = yaml::find(node, "match");
  const auto* print = yaml::find(node, "print");
  if (!match || !print) return filter;
  filter.print = yaml::text_from(*print, "print", problems).value_or("");
  const auto text = yaml::text_from(*match, "match", problems);
  if (!text) return filter;
  if (text->empty()) {
    yaml::add(problems, *match, "`match` matches nothing",
              "a regular expression of what is printed");
    return filter;
  }
  auto pattern = DialectPattern::compile(*text, yaml::where(*match));
  if (!pattern) {
    problems.push_back(pattern.error());
  } else {
    filter.match = std::move(*pattern);
  }
  return filter;
}

Act act_from(const yaml::Node& node, yaml::Problems& problems) {
  Act act;
  const bool is_one =
      node.is_map() && node.entries.size() == 1 &&
      std::ranges::find(fault_words, node.entries.front().key.text) != std::end(fault_words);
  if (!is_one) {
    yaml::add(problems, node,
              "a fault of a link, such as {drop: {link: backplane, type: heartbeat}}");
    return act;
  }
  const yaml::Entry& entry = node.entries.front();
  act.word = entry.key.text;
  for (const yaml::Entry& argument : entry.value.entries) {
    if (const auto text = yaml::text_from(argument.value, argument.key.text, problems)) {
      act.arguments[argument.key.text] = *text;
    }
  }
  return act;
}

DataDefect defect_from(const yaml::Entry& entry, yaml::Problems& problems) {
  DataDefect defect;
  defect.id = entry.key.text;
  const yaml::Node& node = entry.value;
  if (!yaml::check_keys(node, "a defect", {"sentence", "clauses"}, {"console", "frames"},
                        problems)) {
    return defect;
  }
  if (const auto* sentence = yaml::find(node, "sentence")) {
    defect.sentence = yaml::text_from(*sentence, "sentence", problems).value_or("");
  }
  if (const auto* clauses = yaml::find(node, "clauses")) {
    defect.clauses = yaml::texts_from(*clauses, "clauses", problems);
    if (clauses->is_list() && clauses->items.empty()) {
      yaml::add(problems, *clauses, "the defect `" + defect.id + "` breaks no clause",
                "name the clauses of the suite that it breaks");
    }
  }
  if (const auto* console = yaml::find(node, "console")) {
    for (const yaml::Node& one : console->items) {
      defect.console.push_back(filter_from(one, problems));
    }
  }
  if (const auto* frames = yaml::find(node, "frames")) {
    for (const yaml::Node& one : frames->items) defect.frames.push_back(act_from(one, problems));
  }
  if (defect.console.empty() && defect.frames.empty()) {
    yaml::add(problems, entry.key, "the defect `" + defect.id + "` changes nothing",
              "give it console or frames");
  }
  return defect;
}

}  // namespace

Result<std::vector<DataDefect>> read_data_defects(const std::string& path) {
  yaml::Problems problems;
  const auto documents = yaml::parse_file(path, problems);
  std::vector<DataDefect> defects;
  for (const yaml::Node& document : documents) {
    if (!yaml::check_keys(document, "a file of defects", {"defects"}, {}, problems)) continue;
    const auto* list = yaml::find(document, "defects");
    if (!list) continue;
    if (!list->is_map()) {
      yaml::add(problems, *list, "`defects` is a map from id to defect");
    } else if (list->entries.empty()) {
      yaml::add(problems, *list, "`defects` has no defect", "a map from id to defect");
    }
    for (const yaml::Entry& entry : list->entries) {
      defects.push_back(defect_from(entry, problems));
    }
  }
  if (!problems.empty()) return tl::unexpected(yaml::first_of(problems));
  return defects;
}

std::unique_ptr<Bench> with_defect(std::unique_ptr<Bench> bench, DataDefect defect) {
  return std::make_unique<DefectBench>(std::move(bench), std::move(defect));
}

}  // namespace understudy::targets
