#include "reports/html/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <span>

#include "harness/rules/claims.h"
#include "reports/html/words.h"

namespace understudy::reports {
namespace {

constexpr double left = 200, right = 1190, lane_height = 20, lane_gap = 8, top = 44;

/// What one observer said of one attribute of one node, in the order it was heard.
struct Lane {
  std::string label;
  std::string observer;
  std::string subject;
  std::string attribute;
  bool is_fact = false;
  std::vector<const Observation*> answers;
};

constexpr std::array colours{"#2b6cb0", "#2f855a", "#b7791f", "#805ad5",
                             "#c05621", "#2c7a7b", "#97266d", "#4a5568"};

/// A colour follows from the word, so that it is the same on every page; where two words would have
/// the same one, the later in the alphabet moves on.
class Palette {
 public:
  explicit Palette(const std::vector<Lane>& lanes) {
    for (const Lane& lane : lanes)
      for (const Observation* seen : lane.answers) colours_.emplace(seen->value, 0);
    std::array<bool, colours.size()> is_used{};
    for (auto& [value, index] : colours_) {
      std::uint32_t hash = 2166136261;  // FNV-1a
      for (const char c : value) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
      index = hash % colours.size();
      for (std::size_t tried = 0; is_used[index] && tried < colours.size(); ++tried)
        index = (index + 1) % colours.size();
      is_used[index] = true;
    }
  }

  const char* colour(const std::string& value) const { return colours[colours_.at(value)]; }
  const std::map<std::string, std::size_t>& all() const { return colours_; }

 private:
  std::map<std::string, std::size_t> colours_;  // value -> index
};

/// What each colour stands for, in one line below the axis.
std::string legend(const Palette& palette, double y) {
  std::string out;
  double x = left;
  for (const auto& [value, index] : palette.all()) {
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"12\" height=\"12\" rx=\"2\" fill=\"{}\"/>", x, y,
        colours[index]);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x + 16, y + 10,
                       html_escaped(value));
    x += 34 + 7.0 * static_cast<double>(value.size());
  }
  return out;
}

std::vector<Lane> lanes_of(const Plan& plan, const History& history) {
  std::map<std::tuple<std::size_t, int, std::string, std::string>, Lane> lanes;
  const auto index_of = [&](const std::string& node) {
    return static_cast<std::size_t>(std::find(plan.nodes.begin(), plan.nodes.end(), node) -
                                    plan.nodes.begin());
  };
  for (const Entry& entry : history.entries) {
    if (entry.kind != Entry::Kind::Observed) continue;
    const Observation& seen = entry.observation;
    if (seen.attribute != "state" && seen.attribute != "sync" && seen.attribute != "role") continue;
    const bool is_own = seen.observer == seen.subject;
    const bool is_fact = seen.kind == Observation::Kind::Fact;
    if (!is_own && !is_fact && seen.attribute == "state") continue;
    const int rank = is_fact ? 1 : (seen.attribute == "state" ? 0 : (is_own ? 2 : 3));
    Lane& lane = lanes[{index_of(seen.subject), rank, seen.observer, seen.attribute}];
    lane.is_fact = is_fact;
    lane.observer = seen.observer;
    lane.subject = seen.subject;
    lane.attribute = seen.attribute;
    lane.label = is_own ? seen.subject + " " + seen.attribute
                        : seen.observer + " sees " + seen.subject + "." + seen.attribute;
    lane.answers.push_back(&seen);
  }
  std::vector<Lane> ordered;
  for (auto& [key, lane] : lanes) {
    const bool is_silent =
        std::get<1>(key) >= 2 && std::ranges::all_of(lane.answers, [](const Observation* seen) {
          return seen->value == "none";
        });
    if (!is_silent) ordered.push_back(std::move(lane));  // nobody claimed anything of this node
  }
  return ordered;
}

struct Scale {
  Time end{};
  double x(Time at) const {
    const double share =
        end.count() > 0 ? static_cast<double>(at.count()) / static_cast<double>(end.count()) : 0;
    return left + (right - left) * std::clamp(share, 0.0, 1.0);
  }
};

std::string box(double from, double to, double y, double height, const std::string& style,
                const std::string& title) {
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
      "{}><title>{}</title></rect>",
      from, y, std::max(to - from, 1.0), height, style, html_escaped(title));
}

/// One lane: runs of equal answers as solid boxes, what lies between different ones as hatched
/// ones.
std::string drawn(const Lane& lane, double y, const Scale& scale, const Palette& palette) {
  std::string out = fmt::format("<text class=\"soft\" x=\"4\" y=\"{:.1f}\">{}</text>", y + 14,
                                html_escaped(lane.label));
  const double height = lane.is_fact ? lane_height / 2 : lane_height;
  for (std::size_t i = 0; i < lane.answers.size();) {
    std::size_t last = i;
    while (last + 1 < lane.answers.size() &&
           lane.answers[last + 1]->value == lane.answers[i]->value)
      ++last;
    const std::string& value = lane.answers[i]->value;
    const Time from = lane.answers[i]->asked;
    Time to = lane.answers[last]->heard;
    // A fact from frames holds until frames show another; a claim only for as long as it was
    // repeated.
    if (lane.is_fact)
      to = last + 1 < lane.answers.size() ? lane.answers[last + 1]->asked : scale.end;
    const double x0 = scale.x(from), x1 = scale.x(to);
    out += box(x0, x1, y, height, fmt::format("fill=\"{}\" rx=\"2\"", palette.colour(value)),
               fmt::format("{}: {} from {} to {}", lane.label, value, to_text(from), to_text(to)));
    if (x1 - x0 > 8.0 * static_cast<double>(value.size()) && !lane.is_fact) {
      out += fmt::format("<text class=\"inside\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x0 + 5,
                         y + 14, html_escaped(value));
    }
    if (last + 1 < lane.answers.size() && !lane.is_fact) {
      const Observation& next = *lane.answers[last + 1];
      out += box(x1, scale.x(next.asked), y, height, "fill=\"url(#hatch)\"",
                 fmt::format("between {} and {}: unknown", value, next.value));
    }
    i = last + 1;
  }
  return out;
}

/// Below a lane of claims: how long each was proven false, and since when it was proven true.
std::string proofs_of(const Lane& lane, std::span<const rules::Claim> claims, double y,
                      const Scale& scale) {
  constexpr double height = 5;
  std::string out;
  for (const rules::Claim& claim : claims) {
    const bool is_of_it = lane.attribute == rules::claimed_attribute &&
                          claim.observer == lane.observer && claim.subject == lane.subject;
    if (!is_of_it) continue;
    const double under = y + lane_height;
    const std::string title = rules::to_text(claim) + ": " + rules::bounds_text(claim);
    if (claim.proofs.empty()) {
      out += box(scale.x(claim.asked), scale.x(claim.until), under, height,
                 "class=\"unproven\" fill=\"url(#hatch)\"", title);
    }
    if (claim.false_until) {
      out += box(scale.x(claim.asked), scale.x(*claim.false_until), under, height,
                 "class=\"proven-false\"", title);
    }
    if (claim.true_from) {
      const double from = scale.x(*claim.true_from);
      out += box(from, std::max(from + 3, scale.x(claim.until)), under, height,
                 "class=\"proven-true\"", title);
    }
  }
  return out;
}

std::string acts_of(const History& history, const Scale& scale, double height) {
  std::string out;
  double last_x = -100;
  int level = 0;
  for (const Entry& entry : history.entries) {
    if (entry.kind != Entry::Kind::Acted) continue;
    const double x0 = scale.x(entry.receipt.ordered), x1 = scale.x(entry.receipt.done);
    level = x0 - last_x < 130 ? (level + 1) % 3 : 0;
    last_x = x0;
    out += box(x0, x1, top - 6, height, "class=\"span\"", act_text(entry.act));
    out += fmt::format("<path class=\"act\" d=\"M{:.1f} {:.1f} l-4 -7 h8 z\"/>", x0, top - 2.0);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x0 + 6, 10.0 + 11.0 * level,
                       html_escaped(act_text(entry.act)));
  }
  return out;
}

std::string axis(const Scale& scale, double y) {
  using namespace std::chrono_literals;
  static constexpr Duration steps[] = {10ms, 20ms, 50ms, 100ms, 200ms, 500ms, 1s,   2s,
                                       5s,   10s,  20s,  60s,   120s,  300s,  600s, 1h};
  Duration step = steps[0];
  for (const Duration candidate : steps) {
    step = candidate;
    if (scale.end / candidate <= 12) break;
  }
  std::string out;
  for (Time at{}; at <= scale.end; at += step) {
    const double x = scale.x(at);
    out += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2:.1f}\"/>", x, top,
        y);
    out += fmt::format("<text class=\"soft\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x + 2, y + 12,
                       to_text(at));
  }
  return out;
}

}  // namespace

std::string timeline_svg(const Plan& plan, const History& history,
                         std::span<const rules::Claim> claims) {
  Scale scale;
  for (const Entry& entry : history.entries) scale.end = std::max(scale.end, entry.at);
  const std::vector<Lane> lanes = lanes_of(plan, history);
  const double height = top + static_cast<double>(lanes.size()) * (lane_height + lane_gap);
  const Palette palette(lanes);
  std::string body = axis(scale, height);
  double y = top;
  for (const Lane& lane : lanes) {
    body += drawn(lane, y, scale, palette);
    body += proofs_of(lane, claims, y, scale);
    y += lane_height + lane_gap;
  }
  body += acts_of(history, scale, height - top + 6);
  body += legend(palette, height + 24);
  return fmt::format(
      "<svg viewBox=\"0 0 1200 {:.0f}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\">"
      "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
      "patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"#999\" "
      "stroke-width=\"2\"/></pattern></defs>{}</svg>",
      height + 44, body);
}

}  // namespace understudy::reports
