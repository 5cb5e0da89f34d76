#include "targets/wire/faults.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace understudy::targets {
namespace {

constexpr std::uint32_t whole_share = 1'000'000;

constexpr std::array<std::pair<Fault::Kind, std::string_view>, 6> kind_words{{
    {Fault::Kind::Cut, "cut"},
    {Fault::Kind::Drop, "drop"},
    {Fault::Kind::Delay, "delay"},
    {Fault::Kind::Duplicate, "duplicate"},
    {Fault::Kind::Reorder, "reorder"},
    {Fault::Kind::Corrupt, "corrupt"},
}};

// One input draw feeds several decisions: splitmix64, whose steps are independent enough for
// shares.
std::uint64_t next(std::uint64_t& random) {
  random += 0x9e3779b97f4a7c15ULL;
  std::uint64_t mixed = random;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
  return mixed ^ (mixed >> 31);
}

bool loses(Fault::Kind kind) {
  return kind == Fault::Kind::Cut || kind == Fault::Kind::Drop;
}

bool concerns(const Fault& fault, std::size_t from, std::size_t to, std::string_view type) {
  return fault.from.value_or(from) == from && fault.to.value_or(to) == to &&
         (fault.type.empty() || fault.type == type);
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Result<std::size_t> index_of(const Act& act, const std::string& name,
                             const std::vector<std::string>& names, std::string_view what) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    return fail(act.word, "`" + name + "` is no " + std::string(what), did_you_mean(name, names));
  }
  return static_cast<std::size_t>(found - names.begin());
}

Result<std::uint32_t> share_from(const Act& act, const std::string& text) {
  const bool is_percent = text.ends_with('%');
  const std::string number = is_percent ? text.substr(0, text.size() - 1) : text;
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (is_percent) value /= 100;
  if (error != std::errc{} || end != number.data() + number.size() || !(value > 0 && value <= 1)) {
    return fail(act.word, "`" + text + "` is no share", "above 0% up to 100%");
  }
  return static_cast<std::uint32_t>(value * whole_share + 0.5);
}

Result<std::uint64_t> count_from(const Act& act, const std::string& text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count == 0) {
    return fail(act.word, "`" + text + "` is no count", "a whole number from 1");
  }
  return count;
}

// Each argument that a fault may carry, besides `link`.
Result<void> read_argument(const Act& act, const std::string& key, const std::string& text,
                           const std::vector<std::string>& ends,
                           const std::vector<std::string>& types, Fault& fault) {
  if (key == "from" || key == "to") {
    const auto index = index_of(act, text, ends, "end of this link");
    if (!index) return tl::unexpected(index.error());
    (key == "from" ? fault.from : fault.to) = *index;
  } else if (key == "type" || key == "behind") {
    const auto index = index_of(act, text, types, "message type of this link's frames");
    if (!index) return tl::unexpected(index.error());
    (key == "type" ? fault.type : fault.behind) = text;
  } else if (key == "count") {
    const auto count = count_from(act, text);
    if (!count) return tl::unexpected(count.error());
    fault.count = *count;
  } else if (key == "share") {
    const auto share = share_from(act, text);
    if (!share) return tl::unexpected(share.error());
    fault.share = *share;
  } else if (key == "by") {
    const auto by = duration_from_text(text);
    if (!by) return fail(act.word, "`" + text + "` is no duration", "250ms, 1.5s, 40us");
    fault.by = *by;
  }
  return {};
}

std::vector<std::string> arguments_of(Fault::Kind kind) {
  std::vector<std::string> known{"link", "from", "to", "type", "behind"};
  if (kind != Fault::Kind::Cut) known.insert(known.end(), {"count", "share"});
  if (kind == Fault::Kind::Delay || kind == Fault::Kind::Duplicate) known.emplace_back("by");
  return known;
}

}  // namespace

std::string_view to_word(Fault::Kind kind) {
  for (const auto& [known, word] : kind_words) {
    if (known == kind) return word;
  }
  return "";
}

std::uint64_t FaultTable::add(Fault fault) {
  faults_.push_back({++last_id_, std::move(fault)});
  return last_id_;
}

void FaultTable::lift(std::uint64_t id) {
  std::erase_if(faults_, [id](const Entry& entry) { return entry.id == id; });
}

std::vector<FaultLife> FaultTable::lift_all() {
  std::vector<FaultLife> lives;
  for (Entry& each : faults_) {
    lives.push_back({std::move(each.fault), each.acted, each.came, each.behind});
  }
  faults_.clear();
  for (Pair& each : pairs_) each.holds = false;
  return lives;
}

std::string in_words(const FaultLife& life, const std::vector<std::string>& ends) {
  const Fault& fault = life.fault;
  std::string words(to_word(fault.kind));
  if (!fault.type.empty()) words += " of " + fault.type;
  if (fault.from) words += " from " + ends.at(*fault.from);
  if (fault.to) words += " to " + ends.at(*fault.to);
  if (life.came == 0) return words + " met no frame: none came";
  if (!fault.behind.empty()) {
    if (life.behind == 0) {
      return fmt::format("{} never began: of {} frames none was {}", words, life.came,
                         fault.behind);
    }
    words += fmt::format(", begun behind frame {}, a {},", life.behind, fault.behind);
  }
  return fmt::format("{} met {} of {} frames", words, life.acted, life.came);
}

bool FaultTable::acts(Entry& entry, std::size_t from, std::size_t to, std::string_view type,
                      std::uint64_t& random) {
  const Fault& fault = entry.fault;
  if (!entry.has_begun() || !concerns(fault, from, to, type)) return false;
  if (fault.count && entry.acted >= *fault.count) return false;
  if (fault.share < whole_share && next(random) % whole_share >= fault.share) return false;
  ++entry.acted;
  return true;
}

void FaultTable::change(Decision& decision, const Fault& fault, std::size_t length,
                        std::uint64_t& random) {
  switch (fault.kind) {
    case Fault::Kind::Cut:
    case Fault::Kind::Drop:
      decision.lost = true;
      break;
    case Fault::Kind::Delay:
      for (Duration& delay : decision.deliveries) delay += fault.by;
      break;
    case Fault::Kind::Duplicate:
      decision.deliveries.push_back(decision.deliveries.front() + fault.by);
      break;
    case Fault::Kind::Reorder:
      decision.is_held = true;
      break;
    case Fault::Kind::Corrupt:
      decision.corrupt = Corruption{static_cast<std::size_t>(next(random) % length),
                                    static_cast<std::uint8_t>(1 + next(random) % 255)};
      break;
  }
}

Decision FaultTable::decide(std::size_t from, std::size_t to, std::string_view type,
                            std::size_t length, std::uint64_t random) {
  for (Entry& entry : faults_) {
    const Fault& fault = entry.fault;
    if (fault.from.value_or(from) == from && fault.to.value_or(to) == to) ++entry.came;
  }
  Decision decision = decision_on(from, to, type, length, random);
  // The frame itself passes as if the fault were not there yet.
  for (Entry& entry : faults_) {
    const Fault& fault = entry.fault;
    const bool is_on_its_way = fault.from.value_or(from) == from && fault.to.value_or(to) == to;
    if (!entry.has_begun() && is_on_its_way && type == fault.behind && !decision.lost) {
      entry.behind = entry.came;
    }
  }
  return decision;
}

Decision FaultTable::decision_on(std::size_t from, std::size_t to, std::string_view type,
                                 std::size_t length, std::uint64_t random) {
  Decision decision;
  Pair& way = pair(from, to);
  for (Entry& entry : faults_) {
    if (!loses(entry.fault.kind) || !acts(entry, from, to, type, random)) continue;
    decision.lost = true;
    decision.faults.push_back(entry.id);
    ++way.lost;
    return decision;
  }
  decision.deliveries.emplace_back(0);
  for (Entry& entry : faults_) {
    if (loses(entry.fault.kind)) continue;
    // One frame is held at a time: the next one has to overtake it. An empty frame has no byte to
    // flip.
    if (entry.fault.kind == Fault::Kind::Reorder && way.holds) continue;
    if (entry.fault.kind == Fault::Kind::Corrupt && (length == 0 || decision.corrupt)) continue;
    if (!acts(entry, from, to, type, random)) continue;
    change(decision, entry.fault, length, random);
    decision.faults.push_back(entry.id);
  }
  ++way.passed;
  decision.releases_held = way.holds && !decision.is_held;
  way.holds = decision.is_held;
  return decision;
}

bool FaultTable::is_cut(std::size_t from, std::size_t to, std::string_view type) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const Entry& entry) {
    return entry.fault.kind == Fault::Kind::Cut && entry.has_begun() &&
           concerns(entry.fault, from, to, type);
  });
}

void FaultTable::count_late_loss(std::size_t from, std::size_t to) {
  Pair& way = pair(from, to);
  --way.passed;
  ++way.lost;
}

void FaultTable::released(std::size_t from, std::size_t to) {
  pair(from, to).holds = false;
}

std::optional<FaultCount> FaultTable::count(std::uint64_t id) const {
  for (const Entry& entry : faults_) {
    if (entry.id != id) continue;
    const bool is_spent = entry.fault.count && entry.acted >= *entry.fault.count;
    return FaultCount{id, entry.acted, is_spent};
  }
  return std::nullopt;
}

Result<Fault> fault_from_act(const Act& act, const std::vector<std::string>& ends,
                             const std::vector<std::string>& types) {
  Fault fault;
  const auto found = std::find_if(kind_words.begin(), kind_words.end(),
                                  [&](const auto& entry) { return entry.second == act.word; });
  if (found == kind_words.end()) return fail(act.word, "no fault of a link");
  fault.kind = found->first;
  const std::vector<std::string> known = arguments_of(fault.kind);
  for (const auto& [key, value] : act.arguments.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return fail(act.word, "`" + key + "` is no argument of " + act.word,
                  did_you_mean(key, known));
    }
    const auto read = read_argument(act, key, text_of(value), ends, types, fault);
    if (!read) return tl::unexpected(read.error());
  }
  if (fault.kind == Fault::Kind::Delay && fault.by <= Duration::zero()) {
    return fail(act.word, "how long is missing", "by: 50ms");
  }
  if (fault.from && fault.to && *fault.from == *fault.to) {
    return fail(act.word, "from and to are the same node");
  }
  return fault;
}

std::optional<Duration> duration_from_text(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 5> units{
      {{"ns", 1.0}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}}};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value < 0) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const auto& [name, nanoseconds] : units) {
    if (unit == name && value * nanoseconds < 9e18) {
      return Duration(static_cast<std::int64_t>(value * nanoseconds + 0.5));
    }
  }
  return std::nullopt;
}

}  // namespace understudy::targets
