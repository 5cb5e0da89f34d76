// The data that says what frames look like, and frames read with it: the YAML, a line of "====",
// the frame. A frame may also come alone; then it is read with the tree's own words.
#include <algorithm>

#include "targets/frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace understudy;
  constexpr std::string_view between = "\n====\n";
  static const auto own =
      targets::load_frames_file(UNDERSTUDY_SOURCE_DIR "/targets/frames/understudy.yaml");
  ensure(own.has_value(), "the tree's own words are sound");
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = all.find(between);
  const auto words = targets::load_frames(all.substr(0, end), "fuzz.yaml");
  if (!words)
    ensure(to_line(words.error()).find('\n') == std::string::npos, "an error is one line");
  const std::size_t begin = end == std::string_view::npos ? 0 : end + between.size();
  const std::span<const std::uint8_t> frame(data + begin, size - begin);
  for (const auto* known : {&own, &words}) {
    if (!*known) continue;
    const auto names = (*known)->type_names();
    ensure(std::ranges::find(names, (*known)->type_of(frame)) != names.end(), "a type has a name");
    (*known)->attributes_of(frame);
  }
  return 0;
}
