// A testbed's YAML.
#include "targets/testbed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto testbed = understudy::targets::read_testbed(
      std::string(reinterpret_cast<const char*>(data), size), "fuzz.yaml");
  if (testbed) return 0;
  understudy::ensure(to_line(testbed.error()).find('\n') == std::string::npos,
                     "an error is one line");
  return 0;
}
