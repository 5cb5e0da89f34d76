#include "harness/execute.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "harness/files.h"
#include "harness/records/host.h"
#include "harness/records/run_store.h"
#include "harness/rules/trace.h"

namespace understudy {
namespace {

using Clock = std::chrono::steady_clock;
using Event = ProgressEvent::Kind;

constexpr auto look_again = std::chrono::milliseconds(100);  ///< for a cancel, which wakes nobody

std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// How late the thread that waits for the jobs woke; null where it was never due.
Json in_milliseconds(const std::optional<Duration>& late) {
  if (!late) return nullptr;
  return std::chrono::duration_cast<std::chrono::microseconds>(*late).count() / 1000.0;
}

void keep_the_worst(std::optional<Duration>& worst, Duration late) {
  worst = std::max(worst.value_or(Duration(0)), late);
}

std::string file_name(std::string text) {
  for (char& letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool is_plain = std::isalnum(byte) != 0 || letter == '-' || letter == '.';
    if (!is_plain) letter = '-';
  }
  return text.substr(0, 100);
}

/// The history of a plan that never ran: nothing but why.
History history_of_none(const std::string& why) {
  HistoryInMemory sink;
  sink.append({.kind = Entry::Kind::Closed, .name = why, .value = "abandoned"});
  return sink.history;
}

Result<void> write_verdicts(const PlanResult& result) {
  Json verdicts = Json::array();
  for (const Verdict& verdict : result.verdicts) verdicts.push_back(to_json(verdict));
  return write_whole(result.folder + "/verdicts.json", text_of({{"verdicts", verdicts}}));
}

/// To the disk, and kept for the judge: both get the same entries.
class BothSinks final : public HistorySink {
 public:
  explicit BothSinks(HistoryFile& file) : file_(file) {}
  void append(const Entry& entry) override {
    file_.append(entry);
    memory.append(entry);
  }
  HistoryInMemory memory;

 private:
  HistoryFile& file_;
};

class Execute {
 public:
  Execute(const std::vector<Plan>& plans, Testbed& testbed, const ExecuteOptions& options,
          const OnProgress& on_progress, const Cancel& cancel)
      : plans_(plans),
        testbed_(testbed),
        options_(options),
        on_progress_(on_progress),
        cancel_(cancel),
        is_finished_(plans.size(), false) {
    for (const Plan& plan : plans) {
      execution_.results.push_back({plan, {}, {}, folder_of(plan, options.out), false});
    }
    const std::size_t most = std::max<std::size_t>(1, std::min(options.jobs, plans.size()));
    execution_.jobs = asked_jobs_ = testbed.is_exclusive() ? 1 : most;
  }

  Execution go() {
    std::vector<std::jthread> jobs;
    for (PlanResult& result : execution_.results) {
      has_store_ = has_store_ || open_store(result);
      if (!has_store_ || !prepare(result)) break;
    }
    if (!is_stopped_) reveal();
    const std::size_t started = running_jobs_ = execution_.jobs;  // both change as jobs go on
    for (std::size_t job = 0; job < started; ++job) {
      jobs.emplace_back([this, job] { work(job); });
    }
    attend();
    jobs.clear();
    conclude();
    return std::move(execution_);
  }

 private:
  // ---------------------------------------------------------------- on the jobs' threads

  void work(std::size_t job) {
    while (const auto plan = next_for(job)) {
      watch_lateness(*plan);
      tell({.kind = Event::Started, .plan = *plan, .done = 0});
      PlanResult& result = execution_.results[*plan];
      const bool has_stalled = carry_out(result);
      finished(*plan, has_stalled);
    }
    const std::lock_guard lock(mutex_);
    --running_jobs_;
    changed_.notify_all();
  }

  void watch_lateness(std::size_t plan) {
    const std::lock_guard lock(mutex_);
    late_.emplace(plan, std::nullopt);
  }

  /// The worst while the plan ran.
  std::optional<Duration> lateness_of(const PlanResult& result) {
    const std::lock_guard lock(mutex_);
    const auto found = late_.find(index_of(result));
    if (found == late_.end()) return std::nullopt;
    const std::optional<Duration> late = found->second;
    late_.erase(found);
    return late;
  }

  std::size_t index_of(const PlanResult& result) const {
    return static_cast<std::size_t>(&result - execution_.results.data());
  }

  std::optional<std::size_t> next_for(std::size_t job) {
    std::unique_lock lock(mutex_);
    const auto is_over = [&] {
      return is_stopped_ || cancel_.is_cancelled() || next_ == plans_.size();
    };
    while (!is_over() && job >= execution_.jobs) changed_.wait_for(lock, look_again);
    if (is_over()) return std::nullopt;
    return next_++;
  }

  void tell(ProgressEvent event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    changed_.notify_all();
  }

  void finished(std::size_t plan, bool has_stalled) {
    const std::lock_guard lock(mutex_);
    is_finished_[plan] = true;
    events_.push_back({.kind = Event::Finished,
                       .plan = plan,
                       .done = ++done_,
                       .verdicts = execution_.results[plan].verdicts});
    if (has_stalled) lower_jobs(plan, "the host stalled while a plan ran");
    watch_row();
    changed_.notify_all();
  }

  void lower_jobs(std::size_t plan, const std::string& why) {
    lowered_at_ = Clock::now();
    if (execution_.jobs <= 1 || !options_.watches_lateness) return;
    --execution_.jobs;
    tell_jobs(plan, why);
  }

  void raise_jobs(std::size_t plan) {
    if (execution_.jobs == asked_jobs_) return;
    lowered_at_ = Clock::now();
    ++execution_.jobs;
    tell_jobs(plan, "this machine was in time for a while");
  }

  void tell_jobs(std::size_t plan, const std::string& why) {
    events_.push_back({.kind = Event::JobsChanged,
                       .plan = plan,
                       .words = fmt::format("{}: going on with {} job{}", why, execution_.jobs,
                                            execution_.jobs == 1 ? "" : "s"),
                       .done = done_});
  }

  void could_not_start(const PlanResult& result, Error error) {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    const std::size_t plan = index_of(result);
    if (!execution_.could_not_start || plan < failed_plan_) {
      execution_.could_not_start = std::move(error);
      failed_plan_ = plan;
    }
  }

  /// Before a line of progress stands where the question would.
  void reveal() {
    const auto runs = [](const PlanResult& result) { return result.plan.not_run.empty(); };
    const auto first = std::ranges::find_if(execution_.results, runs);
    if (first == execution_.results.end()) return;
    if (const auto told = testbed_.reveal(); !told) could_not_start(*first, told.error());
  }

  bool open_store(const PlanResult& first) {
    auto begun = begin_run(plans_, options_.out, options_.facts, options_.canaries);
    if (begun) store_ = std::move(*begun);
    if (!begun) could_not_start(first, begun.error());
    return begun.has_value();
  }

  void close_store() {
    const auto ended =
        end_run(store_, options_.out,
                {{"lateness_ms", in_milliseconds(latest_)}, {"jobs", execution_.jobs}});
    for (PlanResult& result : execution_.results) keep(ended, result);
  }

  /// Every plan is on disk before the first one runs, and nothing else of it: a run that was cut
  /// short is judged later as one that did not reach the rest.
  bool prepare(PlanResult& result) {
    std::error_code error;
    std::filesystem::create_directories(result.folder, error);
    if (error) {
      could_not_start(result, {result.folder, "cannot be created: " + error.message(), ""});
      return false;
    }
    for (const char* old : {"/history.jsonl", "/run.json", "/verdicts.json", "/collected"}) {
      std::filesystem::remove_all(result.folder + old, error);
    }
    if (const auto written = write_whole(result.folder + "/plan.json", text_of_plan(result.plan));
        !written) {
      could_not_start(result, written.error());
      return false;
    }
    return true;
  }

  /// True if the host stalled meanwhile.
  bool carry_out(PlanResult& result) {
    if (!result.plan.not_run.empty()) {
      result.verdicts = judge(result.plan, History{});
      keep(write_verdicts(result), result);
      return false;
    }
    return run_on_target(result);
  }

  bool run_on_target(PlanResult& result) {
    auto target = testbed_.open(result.folder, result.plan.seed);
    if (!target) {
      could_not_start(result, target.error());
      return false;
    }
    auto file = HistoryFile::create(result.folder);
    if (!file) {
      could_not_start(result, file.error());
      return false;
    }
    result.was_run = true;
    Json facts = options_.facts;
    facts["started"] = now_in_utc();
    facts["load"] = load_of_the_host();
    BothSinks sinks(**file);
    result.summary = run(result.plan, **target, sinks, cancel_,
                         {.hold_after_failure = options_.hold_after_failure});
    std::vector<std::string> files = (*target)->artefacts();
    facts["artefacts"] = files;
    facts["load_at_the_end"] = load_of_the_host();
    facts["flash_writes"] = result.summary.flash_writes;
    facts["lateness_ms"] = in_milliseconds(lateness_of(result));
    target->reset();
    History& history = sinks.memory.history;
    files.push_back("plan.json");
    const auto collected = write_collected(result, files);
    std::erase_if(files, [&](const std::string& name) {
      return !std::filesystem::exists(result.folder + "/" + name);
    });
    if (const auto closed = (*file)->finish({facts}, files); !closed) {
      history.is_whole = false;
      history.damage = to_line(closed.error());
    }
    result.verdicts = judge(result.plan, history);
    keep(collected, result);
    keep(write_verdicts(result), result);
    return std::any_of(history.entries.begin(), history.entries.end(), [](const Entry& entry) {
      return entry.kind == Entry::Kind::Happened && entry.incident.kind == Incident::Kind::Stall;
    });
  }

  /// `files` gets their names.
  static Result<void> write_collected(const PlanResult& result, std::vector<std::string>& files) {
    if (result.summary.collected.empty()) return {};
    const std::string folder = result.folder + "/collected";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(folder, "cannot be created: " + error.message());
    std::size_t number = 0;
    for (const auto& [name, text] : result.summary.collected) {
      files.push_back(fmt::format("collected/{}-{}.txt", ++number, file_name(name)));
      auto written = write_whole(result.folder + "/" + files.back(), text);
      if (!written) return written;
    }
    return {};
  }

  /// What could not be written stands beside the verdicts; the verdicts themselves are in memory.
  static void keep(const Result<void>& written, PlanResult& result) {
    if (written) return;
    for (Verdict& verdict : result.verdicts) verdict.remarks.push_back(to_line(written.error()));
  }

  // ---------------------------------------------------------------- on the caller's thread

  void attend() {
    const Duration heartbeat =
        plans_.empty() ? Duration(0) : rules::timing(plans_.front(), "heartbeat", Duration(0));
    const Duration beat = heartbeat > Duration(0) ? heartbeat : std::chrono::milliseconds(100);
    std::unique_lock lock(mutex_);
    while (running_jobs_ > 0 || !events_.empty()) {
      hand_over_events(lock);
      if (running_jobs_ == 0) continue;
      const auto due = Clock::now() + beat;
      const bool is_due =
          !changed_.wait_until(lock, due, [&] { return !events_.empty() || running_jobs_ == 0; });
      const auto late = Clock::now() - due;
      if (is_due) {
        keep_the_worst(latest_, late);
        for (auto& [plan, worst] : late_) keep_the_worst(worst, late);
      }
      const bool is_late = is_due && heartbeat > Duration(0) && late * 10 > heartbeat;
      const std::size_t plan = next_ > 0 ? next_ - 1 : 0;
      if (is_late && due > lowered_at_ + std::chrono::seconds(1)) {
        lower_jobs(plan, "this machine is late by more than it may be");
      } else if (!is_late && due > lowered_at_ + options_.time_to_trust) {
        raise_jobs(plan);
      }
    }
  }

  void hand_over_events(std::unique_lock<std::mutex>& lock) {
    while (!events_.empty()) {
      const ProgressEvent event = std::move(events_.front());
      events_.pop_front();
      lock.unlock();
      if (on_progress_) on_progress_(event);
      lock.lock();
    }
  }

  /// In the order of the plans, whatever order they finished in.
  void watch_row() {
    while (!is_stopped_ && in_order_ < plans_.size() && is_finished_[in_order_]) {
      note_changes(block_dependents(outcomes(in_order_ + 1)));
      const PlanResult& result = execution_.results[in_order_];
      const bool counts = could_not_be_carried_out(result.plan, result.summary, result.verdicts,
                                                   testbed_.capabilities().repeatable);
      in_a_row_ = counts ? in_a_row_ + 1 : 0;
      ++in_order_;
      if (result.summary.is_held) {
        stop_words_ = fmt::format("the run was stopped: {} failed and is held", result.plan.id);
      } else if (!result.summary.recovery.came_back) {
        stop_words_ =
            fmt::format("the testbed was stopped: it did not come back after {}", result.plan.id);
      } else if (in_a_row_ >= most_in_a_row) {
        stop_words_ = fmt::format(
            "the testbed was stopped: {} plans in a row could not be carried out", most_in_a_row);
      } else {
        continue;
      }
      is_stopped_ = true;
      stopped_after_ = in_order_;
      events_.push_back(
          {.kind = Event::Stopped, .plan = in_order_ - 1, .words = stop_words_, .done = done_});
    }
  }

  void note_changes(const std::vector<std::size_t>& indices) {
    changed_verdicts_.insert(indices.begin(), indices.end());
  }

  std::vector<Outcome> outcomes(std::size_t count) {
    std::vector<Outcome> all;
    for (std::size_t index = 0; index < count; ++index) {
      PlanResult& result = execution_.results[index];
      all.push_back({&result.plan, &result.summary, &result.verdicts});
    }
    return all;
  }

  void conclude() {
    execution_.was_cancelled = cancel_.is_cancelled();
    for (std::size_t index = 0; index < plans_.size(); ++index) {
      PlanResult& result = execution_.results[index];
      const bool is_after_stop = stopped_after_ && index >= *stopped_after_;
      const bool has_result = is_finished_[index] && !result.verdicts.empty();
      if (!result.plan.not_run.empty() && !has_result) {
        result.verdicts = judge(result.plan, History{});
      } else if (is_after_stop || !has_result) {
        result.verdicts = judge(result.plan, history_of_none(why_not(is_after_stop)));
        changed_verdicts_.insert(index);
      }
    }
    note_changes(block_dependents(outcomes(plans_.size())));
    for (const std::size_t index : changed_verdicts_) {
      PlanResult& result = execution_.results[index];
      if (result.was_run) keep(write_verdicts(result), result);
    }
    if (has_store_) close_store();
  }

  std::string why_not(bool is_after_stop) const {
    if (is_after_stop) return stop_words_;
    if (execution_.could_not_start) return "the testbed could not be opened";
    return execution_.was_cancelled ? "the run was cancelled" : "it was not run";
  }

  const std::vector<Plan>& plans_;
  Testbed& testbed_;
  const ExecuteOptions& options_;
  const OnProgress& on_progress_;
  const Cancel& cancel_;

  std::mutex mutex_;  ///< guards everything below; a result belongs to its job until it is finished
  std::condition_variable changed_;
  std::deque<ProgressEvent> events_;
  std::vector<bool> is_finished_;
  Execution execution_;
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  std::size_t running_jobs_ = 0;
  std::size_t asked_jobs_ = 1;
  bool is_stopped_ = false;
  std::size_t in_order_ = 0;
  std::size_t in_a_row_ = 0;
  std::optional<std::size_t> stopped_after_;
  std::string stop_words_;
  std::size_t failed_plan_ = 0;
  std::set<std::size_t> changed_verdicts_;  ///< since they were written
  Clock::time_point lowered_at_{};
  std::optional<Duration> latest_;
  std::map<std::size_t, std::optional<Duration>> late_;  ///< of the plans that run

  RunStore store_;
  bool has_store_ = false;
};

}  // namespace

std::string folder_of(const Plan& plan, const std::string& out) {
  return out + "/" + place_of(plan);
}

Execution execute(const std::vector<Plan>& plans, Testbed& testbed, const ExecuteOptions& options,
                  const OnProgress& on_progress, const Cancel& cancel) {
  return Execute(plans, testbed, options, on_progress, cancel).go();
}

}  // namespace understudy
