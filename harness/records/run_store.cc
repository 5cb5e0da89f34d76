#include "harness/records/run_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "harness/chain.h"
#include "harness/files.h"
#include "harness/history.h"
#include "harness/records/host.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

std::string printed(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json to_json(const RunStore& store) {
  Json json = {{"canaries", store.canaries}, {"lists", Json::object()}, {"runs", Json::array()}};
  for (const auto& [path, list] : store.lists) {
    json["lists"][path] = {{"plans", list.plans}, {"seal", list.seal}};
  }
  for (const RunStore::Run& run : store.runs) {
    Json plans = Json::object();
    for (const auto& [folder, left] : run.plans) {
      plans[folder] = {{"run", left.run}, {"verdicts", left.verdicts}};
    }
    json["runs"].push_back({{"facts", run.facts}, {"has_ended", run.has_ended}, {"plans", plans}});
  }
  return json;
}

RunStore store_from(const Json& json) {
  RunStore store;
  store.canaries = json.at("canaries").get<std::string>();
  for (const auto& [path, list] : json.at("lists").items()) {
    store.lists[path] = {list.at("plans").get<std::size_t>(), list.at("seal").get<std::string>()};
  }
  for (const Json& one : json.at("runs")) {
    RunStore::Run& run = store.runs.emplace_back();
    run.facts = one.at("facts");
    run.has_ended = one.at("has_ended").get<bool>();
    for (const auto& [folder, left] : one.at("plans").items()) {
      run.plans[folder] = {left.at("run").get<std::string>(),
                           left.at("verdicts").get<std::string>()};
    }
  }
  return store;
}

/// The earlier plans of a list that are not planned anew, and the new ones behind them.
Result<void> write_list(RunStore& store, const std::string& out, const std::string& list,
                        std::vector<Plan> plans) {
  if (const auto known = store.lists.find(list); known != store.lists.end()) {
    auto earlier = read_list(out, list, known->second);
    if (!earlier) return tl::unexpected(earlier.error());
    std::erase_if(*earlier, [&](const Plan& one) {
      return std::ranges::find(plans, one.id, &Plan::id) != plans.end();
    });
    plans.insert(plans.begin(), earlier->begin(), earlier->end());
  }
  const std::string path = out + "/" + list;
  const std::string text = text_of_list(plans);
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (auto written = write_durably(path, text); !written) return written;
  store.lists[list] = {plans.size(), seal_of(text)};
  return {};
}

/// What earlier runs left there; nothing where it is a new folder.
Result<RunStore> known_store(const std::string& out) {
  if (fs::exists(out + "/" + name_of_store)) return read_run_store(out);
  if (!fs::exists(out)) return RunStore{};
  const auto found = folders_with_plans(out);
  if (!found) return tl::unexpected(found.error());
  if (found->empty()) return RunStore{};
  return fail(out + "/" + name_of_store, "is missing, and " + found->front() + " is there",
              "name another folder");
}

}  // namespace

std::string place_of(const Plan& plan) {
  return fmt::format("{}/{}/{}", plan.testbed, plan.suite, plan.id);
}

Result<RunStore> begin_run(const std::vector<Plan>& plans, const std::string& out,
                           const Json& facts, const std::string& canaries) {
  auto store = known_store(out);
  if (!store) return store;
  if (!canaries.empty()) store->canaries = canaries;
  RunStore::Run run;
  run.facts = facts;
  run.facts["started"] = now_in_utc();
  run.facts["load"] = load_of_the_host();
  std::map<std::string, std::vector<Plan>> lists;
  for (const Plan& plan : plans) {
    const std::string place = place_of(plan);
    for (RunStore::Run& earlier : store->runs) earlier.plans.erase(place);
    run.plans[place] = {};
    lists[(fs::path(place).parent_path() / list_of_plans).generic_string()].push_back(plan);
  }
  std::erase_if(store->runs, [](const RunStore::Run& one) { return one.plans.empty(); });
  store->runs.push_back(std::move(run));
  for (auto& [list, listed] : lists) {
    const auto written = write_list(*store, out, list, std::move(listed));
    if (!written) return tl::unexpected(written.error());
  }
  if (const auto written = write_run_store(*store, out); !written) {
    return tl::unexpected(written.error());
  }
  return store;
}

Result<void> end_run(RunStore store, const std::string& out, const Json& facts) {
  RunStore::Run& run = store.runs.back();
  run.has_ended = true;
  run.facts.update(facts);
  run.facts["load_at_the_end"] = load_of_the_host();
  for (auto& [place, left] : run.plans) {
    left.run = seal_of_file(out + "/" + place + "/run.json").value_or("");
    left.verdicts = seal_of_file(out + "/" + place + "/verdicts.json").value_or("");
  }
  return write_run_store(store, out);
}

const RunStore::Run* RunStore::run_of(const std::string& plan) const {
  for (const Run& run : runs) {
    if (run.plans.contains(plan)) return &run;
  }
  return nullptr;
}

Result<RunStore> read_run_store(const std::string& out) {
  const std::string path = out + "/" + name_of_store;
  const std::string hint = "nothing else says which cases there were";
  if (!fs::exists(path)) return fail(path, "is missing", hint);
  const auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  Json json = Json::parse(*text, nullptr, false);
  if (json.is_discarded() || !json.is_object() || printed(json) != *text) {
    return fail(path, "was changed", hint);
  }
  const Json seal = json.value("seal", Json());
  json.erase("seal");
  if (seal != Json(seal_of(line_of(json)))) {
    return fail(path, "was changed: its seal does not fit", hint);
  }
  try {
    return store_from(json);
  } catch (const Json::exception& error) {
    return fail(path, fmt::format("is no store of runs: {}", error.what()),
                "it is written by `understudy run` and read by the same version");
  }
}

Result<void> write_run_store(const RunStore& store, const std::string& out) {
  std::error_code error;
  fs::create_directories(out, error);
  if (error) return fail(out, "cannot be created: " + error.message());
  Json json = to_json(store);
  json["seal"] = seal_of(line_of(json));
  return write_durably(out + "/" + name_of_store, printed(json));
}

std::string text_of_plan(const Plan& plan) {
  return printed(to_json(plan));
}

std::string text_of_list(const std::vector<Plan>& plans) {
  std::string text;
  for (const Plan& plan : plans) text += line_of(to_json(plan)) + "\n";
  return text;
}

Result<std::vector<Plan>> read_list(const std::string& out, const std::string& list,
                                    const RunStore::List& promised) {
  const std::string path = out + "/" + list;
  const std::string hint = fmt::format("the run listed {} plans", promised.plans);
  if (!fs::exists(path)) return fail(path, "is missing", hint);
  const auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  if (seal_of(*text) != promised.seal) {
    return fail(path, "was changed: it does not fit its seal", hint);
  }
  std::vector<Plan> plans;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    const std::string where = fmt::format("{}:{}", path, plans.size() + 1);
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded()) return fail(where, "is no JSON");
    auto plan = plan_from(json, where);
    if (!plan) return tl::unexpected(plan.error());
    plans.push_back(std::move(*plan));
  }
  return plans;
}

Result<std::vector<std::string>> folders_with_plans(const std::string& out) {
  std::vector<std::string> folders;
  std::error_code error;
  using Walk = fs::recursive_directory_iterator;
  const auto options = fs::directory_options::skip_permission_denied;
  const fs::path canaries = fs::path(out) / folder_of_canaries;
  for (auto entry = Walk(out, options, error); !error && entry != Walk(); entry.increment(error)) {
    const bool are_canaries = entry->path() == canaries && fs::exists(canaries / name_of_store);
    if (are_canaries) entry.disable_recursion_pending();
    if (entry->path().filename() != "plan.json") continue;
    folders.push_back(entry->path().parent_path().lexically_relative(out).generic_string());
  }
  if (error) return fail(out, "cannot be read: " + error.message());
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace understudy
