#include "targets/transcript_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>

#include "harness/files.h"

namespace understudy::targets {

Result<std::vector<Passed>> read_transcript(const std::string& path) {
  const auto bytes = read_text(path);
  if (!bytes) return tl::unexpected(bytes.error());
  const std::string times = path + ".jsonl";
  std::ifstream file(times);
  if (!file) return fail(times, "cannot be read");
  std::vector<Passed> passed;
  std::size_t number = 0;
  for (std::string text; std::getline(file, text);) {
    const std::string where = fmt::format("{}:{}", times, ++number);
    try {
      const Json line = Json::parse(text);
      Passed one{.at = Time(line.at("at").get<std::int64_t>())};
      if (line.contains("sent")) {
        one.sent = line.at("sent");
      } else {
        const auto from = line.at("from").get<std::size_t>();
        const auto count = line.at("received").get<std::size_t>();
        if (from + count > bytes->size() || from + count < from)
          return fail(where, "tells of bytes that the transcript does not have");
        one.received = bytes->substr(from, count);
      }
      passed.push_back(std::move(one));
    } catch (const Json::exception&) {
      return fail(where, "is no line of a transcript", "a run writes them");
    }
  }
  return passed;
}

namespace {

constexpr Duration settles = std::chrono::seconds(1);  // after the last byte of a transcript

/// The answers of one console, as the engine that took them would give them again.
class Replay {
 public:
  Replay(const Dialect& dialect, Duration limit)
      : dialect_(dialect), limit_(limit), session_(Session::create(dialect.words, {})) {}

  std::vector<std::pair<std::string, Answer>> answers_of(const std::vector<Passed>& passed) {
    session_->opened(passed.empty() ? Time{} : passed.front().at);
    for (const Passed& one : passed) {
      pass_time(one.at);
      if (one.sent.empty()) {
        session_->received(one.received, one.at);
        session_->time_passed(one.at);
      } else {
        type(one.sent, one.at);
      }
      take();
    }
    if (!passed.empty()) pass_time(passed.back().at + settles);
    return std::move(answers_);
  }

 private:
  void pass_time(Time until) {
    for (auto due = session_->next_deadline(); due && *due <= until;
         due = session_->next_deadline()) {
      session_->time_passed(*due);
      take();
      if (const auto next = session_->next_deadline(); next && *next <= *due) break;
    }
    session_->time_passed(until);
    take();
  }

  /// A line at the prompt is a command; anything else is for a pager, a question or a login.
  void type(const std::string& text, Time at) {
    const std::string& end = dialect_.console.line_end;
    const bool is_line = text.size() > end.size() && text.ends_with(end);
    if (!is_line || session_->mode() != Mode::Shell) return;
    Request request;
    request.id = ++next_id_;
    request.line = text.substr(0, text.size() - end.size());
    request.limit = limit_;
    request.keeps_noise = std::ranges::any_of(dialect_.reads, [&](const Read& read) {
      return read.command == request.line && read.keeps_noise;
    });
    lines_[request.id] = request.line;
    session_->submit(std::move(request), at);
  }

  void take() {
    session_->take_output();
    for (SessionEvent& event : session_->take_events()) {
      if (event.kind != SessionEvent::Kind::Answered) continue;
      if (event.answer.outcome == Answer::Outcome::Answered)
        answers_.emplace_back(lines_[event.answer.id], std::move(event.answer));
    }
  }

  const Dialect& dialect_;
  Duration limit_;
  std::unique_ptr<Session> session_;
  std::uint64_t next_id_ = 0;
  std::map<std::uint64_t, std::string> lines_;
  std::vector<std::pair<std::string, Answer>> answers_;
};

}  // namespace

std::vector<std::pair<std::string, Answer>> answers_of(const std::vector<Passed>& passed,
                                                       const Dialect& dialect, Duration limit) {
  return Replay(dialect, limit).answers_of(passed);
}

}  // namespace understudy::targets
