#include "targets/device/doubt.h"

#include <algorithm>
#include <span>

namespace understudy::targets {

namespace {

constexpr std::size_t most_readings = 16;  // an answer with more log lines is doubted as a whole

/// The answer as it would have been without the cut before each of `places`.
std::string joined(const std::string& text, std::span<const std::size_t> places) {
  std::string whole = text;
  for (auto place = places.rbegin(); place != places.rend(); ++place)
    if (whole[*place - 1] == '\n') whole.erase(*place - 1, 1);
  return whole;
}

/// Each log line alone may have been in the middle of a line, or all of them.
std::vector<std::string> other_texts(const Answer& answer) {
  const std::span<const std::size_t> places(answer.noise_at);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < places.size(); ++i)
    texts.push_back(joined(answer.text, places.subspan(i, 1)));
  if (places.size() > 1) texts.push_back(joined(answer.text, places));
  return texts;
}

}  // namespace

DoubtedReading read_with_doubt(const Reader& reader, std::size_t read, const std::string& own,
                               const Answer& answer) {
  if (answer.is_cut) return {{}, "the answer is longer than is kept"};
  Reading reading = reader.read(read, own, answer.text, answer.captures);
  const bool is_all_doubted = answer.noise_at.size() > most_readings;
  std::vector<Reading> others;
  if (!is_all_doubted)
    for (const std::string& text : other_texts(answer))
      others.push_back(reader.read(read, own, text, answer.captures));
  DoubtedReading doubted{{}, std::move(reading.unread)};
  for (Told& told : reading.told) {
    const bool is_doubted =
        is_all_doubted || std::ranges::any_of(others, [&](const Reading& other) {
          return std::ranges::find(other.told, told) == other.told.end();
        });
    doubted.told.emplace_back(std::move(told), is_doubted);
  }
  return doubted;
}

}  // namespace understudy::targets
