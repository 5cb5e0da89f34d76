// Reading an answer that log lines came into. Each of them may have cut a line of the answer in
// two, and nothing in the bytes shows whether it did: what is told whether or not they did is
// beyond doubt, the rest is believed when a second answer tells the same. A pure function of the
// dialect and the answer, used by the device after each answer.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "targets/console/session.h"
#include "targets/device/reading.h"

namespace understudy::targets {

struct DoubtedReading {
  std::vector<std::pair<Told, bool>> told;  ///< true: another answer must tell the same
  std::string unread;                       ///< empty if the answer could be read
};

DoubtedReading read_with_doubt(const Reader& reader, std::size_t read, const std::string& own,
                               const Answer& answer);

}  // namespace understudy::targets
