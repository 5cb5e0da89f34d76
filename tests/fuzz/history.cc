// Lines of a history: what is read is written again, and reads the same.
#include "harness/history.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace understudy;
  std::string_view all(reinterpret_cast<const char*>(data), size);
  while (!all.empty()) {
    const std::size_t end = all.find('\n');
    const auto entry = entry_from(std::string(all.substr(0, end)), "history.jsonl:1");
    if (entry) {
      const auto again = entry_from(to_line(*entry), "again");
      ensure(again && *again == *entry, "an entry is stored whole");
    } else {
      ensure(to_line(entry.error()).find('\n') == std::string::npos, "an error is one line");
    }
    all.remove_prefix(end == std::string_view::npos ? all.size() : end + 1);
  }
  return 0;
}
