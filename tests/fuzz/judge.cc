// A stored run that anyone may have written: the plan as one line of JSON, then its history.
// Whatever they hold, there is a verdict for each expect and each invariant, the same one twice,
// and it is printable.
#include <algorithm>

#include "harness/judge.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace understudy;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = all.find('\n');
  const Json json = Json::parse(all.substr(0, end), nullptr, false);
  if (json.is_discarded() || end == std::string_view::npos) return 0;
  const auto plan = plan_from(json, "plan.json");
  if (!plan) return 0;
  History history{.entries = {}, .is_whole = true, .damage = {}};
  for (std::string_view rest = all.substr(end + 1); !rest.empty();) {
    const std::size_t stop = rest.find('\n');
    auto entry = entry_from(std::string(rest.substr(0, stop)), "history.jsonl");
    if (!entry) break;
    history.entries.push_back(std::move(*entry));
    rest.remove_prefix(stop == std::string_view::npos ? rest.size() : stop + 1);
  }
  const auto verdicts = judge(*plan, history);
  const auto expects = std::ranges::count_if(
      plan->steps, [](const PlannedStep& step) { return step.step.kind == Step::Kind::Expect; });
  ensure(verdicts.size() == static_cast<std::size_t>(expects) + plan->always.size(),
         "there is a verdict for each expect and each invariant");
  ensure(judge(*plan, history) == verdicts, "the same history has the same verdicts");
  for (const Verdict& verdict : verdicts) to_json(verdict).dump();
  return 0;
}
