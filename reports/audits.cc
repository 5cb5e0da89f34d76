#include "reports/audits.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/html/template.h"
#include "reports/html/words.h"

namespace understudy::reports {
namespace {

constexpr double left = 200, right = 1190, lane_height = 20, lane_gap = 8, top = 12;

std::string box(double from, double to, double y, const char* css, const std::string& words) {
  return fmt::format(
      "<rect class='{}' x='{:.1f}' y='{:.1f}' width='{:.1f}' height='{}' rx='2'>"
      "<title>{}</title></rect>",
      css, from, y, std::max(2.0, to - from), lane_height, words);
}

std::string label(double x, double y, const char* css, const std::string& words) {
  return fmt::format("<text class='{}' x='{:.1f}' y='{:.1f}'>{}</text>", css, x,
                     y + lane_height - 6, words);
}

/// A lane for each claim, from when it was heard on, and one for what the audits prove.
std::string time_line(const Json& audit) {
  double last = 0;
  for (const Json& one : audit["audits"]) last = std::max(last, one["at_s"].get<double>());
  const double scale = (right - left) / (last > 0 ? last : 1);
  const auto x_of = [&](double seconds) { return left + seconds * scale; };
  const auto& claims = audit["claims"];
  std::string lanes;
  double y = top;
  for (const Json& claim : claims) {
    const double heard = claim["heard_s"];
    const std::string who = claim["observer"];
    const std::string what =
        claim["value"].get<std::string>() + " of " + claim["subject"].get<std::string>();
    lanes += label(8, y, "soft", html_escaped(who + " claims"));
    lanes += box(x_of(heard), right, y, "claimed",
                 html_escaped(fmt::format("{} at {:.3f}s", what, heard)));
    lanes += label(x_of(heard) + 6, y, "inside", html_escaped(what));
    y += lane_height + lane_gap;
    if (claim["contradicted_s"].is_null()) continue;
    const double at = claim["contradicted_s"];
    const std::string how = claim["contradiction"];
    lanes += label(8, y, "soft", "contradicted");
    lanes += box(x_of(heard), x_of(at), y, "proven-false", html_escaped(how));
    y += lane_height + lane_gap;
  }
  lanes += label(8, y, "soft", "proven");
  if (!audit["false_until_s"].is_null()) {
    const double until = audit["false_until_s"];
    lanes += box(left, x_of(until), y, "proven-false", fmt::format("false until {:.3f}s", until));
    lanes += label(left + 6, y, "inside", fmt::format("false until {:.3f}s", until));
  }
  if (!audit["true_from_s"].is_null()) {
    const double from = audit["true_from_s"];
    lanes += box(x_of(from), right, y, "proven-true", fmt::format("true from {:.3f}s", from));
    lanes += label(x_of(from) + 6, y, "inside", fmt::format("true from {:.3f}s", from));
  }
  y += lane_height + lane_gap;
  return fmt::format("<svg viewBox='0 0 1200 {:.0f}' role='img'>{}</svg>", y, lanes);
}

Json row_of(const Json& audit) {
  const bool is_lie = audit["is_lie"];
  const bool is_judged = audit["is_judged"];
  return {{"plan", audit["plan"]},
          {"since", audit["since"]},
          {"clause", audit["clause"]},
          {"sentences", audit["sentences"]},
          {"runs", audit["audits"].size()},
          {"gap", audit["gap"]},
          {"lies", audit["lies"]},
          {"class", is_lie      ? "fail"
                    : is_judged ? "pass"
                                : "inconclusive"},
          {"outcome", is_lie      ? "A LIE"
                      : is_judged ? "TRUE"
                                  : "OPEN"},
          {"timeline", time_line(audit)},
          {"moments", audit["audits"]}};
}

}  // namespace

std::string audits_page(const std::string& suite, const Json& audits) {
  Json rows = Json::array();
  for (const Json& audit : audits) rows.push_back(row_of(audit));
  const auto lies =
      std::ranges::count_if(audits, [](const Json& one) { return one["is_lie"] == true; });
  const Json values = {{"suite", suite},
                       {"lead", fmt::format("{} audits, {} of a claim that was made too early",
                                            audits.size(), lies)},
                       {"audits", std::move(rows)}};
  return whole_page("Audits of " + suite, filled(audits_template, values), 0);
}

Result<void> write_audits(const std::string& suite, const Json& audits, const std::string& folder) {
  const std::string json = audits.dump(1, ' ', false, Json::error_handler_t::replace);
  return write_files(folder,
                     {{"audits.json", json + "\n"}, {"audits.html", audits_page(suite, audits)}});
}

}  // namespace understudy::reports
