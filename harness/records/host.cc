#include "harness/records/host.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <ctime>

namespace understudy {

Json load_of_the_host() {
  std::array<double, 3> load{};
  const int known = getloadavg(load.data(), static_cast<int>(load.size()));
  Json numbers = Json::array();
  for (int index = 0; index < known; ++index) {
    numbers.push_back(std::round(load[static_cast<std::size_t>(index)] * 100) / 100);
  }
  return numbers;
}

std::string now_in_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace understudy
