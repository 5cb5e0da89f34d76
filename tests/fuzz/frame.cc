// Frames that come to a module from anyone: read by every reader, and given to a module of a
// chassis in sync, which then lives on. The checksum is put right, or none would be read.
//
// Input: for each frame a byte for who gets it and its length in two bytes, then the frame.
#include <cstring>

#include "harness/error.h"
#include "reference-impl/chassis/checksum.h"
#include "reference-impl/simulation.h"

namespace understudy::reference {
namespace {

using namespace std::chrono_literals;

void seal(std::vector<std::uint8_t>& frame) {
  if (frame.size() < kHeaderSize) return;
  std::memcpy(frame.data(), "US\x01", 3);
  std::memset(frame.data() + 20, 0, 4);
  const std::uint32_t sum = __builtin_bswap32(
      crc32c({std::string_view(reinterpret_cast<const char*>(frame.data()), frame.size())}));
  std::memcpy(frame.data() + 20, &sum, 4);
}

void read_all(std::span<const std::byte> frame) {
  read_header(frame);
  read_heartbeat(frame);
  read_order(frame);
  read_addressee(frame);
  const auto record = read_record(frame);
  if (!record) return;
  std::string_view payload = record->payload;
  while (take_string(payload)) continue;
}

const Simulation& chassis_in_sync() {
  static const Simulation chassis = [] {
    Simulation simulation;
    simulation.power_on(A);
    simulation.power_on(B);
    simulation.run_until(in_sync);
    return simulation;
  }();
  return chassis;
}

}  // namespace
}  // namespace understudy::reference

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace understudy::reference;
  using namespace std::chrono_literals;
  Simulation chassis = chassis_in_sync();
  std::span<const std::uint8_t> input(data, size);
  while (input.size() >= 3) {
    const Slot to = input[0] & 1;
    const bool is_of_this_boot = (input[0] & 2) != 0;
    const std::size_t length =
        std::min<std::size_t>((input[1] << 8 | input[2]) % (kFrameLimit + 8), input.size() - 3);
    std::vector<std::uint8_t> frame(input.begin() + 3,
                                    input.begin() + 3 + static_cast<std::ptrdiff_t>(length));
    input = input.subspan(3 + length);
    if (is_of_this_boot && frame.size() >= kHeaderSize + 4) {
      frame[4] = static_cast<std::uint8_t>(1 - to);
      const auto put = [&](std::size_t at, std::uint32_t number) {
        number = __builtin_bswap32(number);
        std::memcpy(frame.data() + at, &number, 4);
      };
      put(12, chassis.node(static_cast<Slot>(1 - to)).incarnation);
      if (frame[3] != 1) put(kHeaderSize, chassis.node(to).incarnation);
    }
    seal(frame);
    const auto bytes = std::as_bytes(std::span<const std::uint8_t>(frame));
    read_all(bytes);
    chassis.inject(static_cast<Slot>(1 - to), to, FrameBytes(bytes));
    chassis.run_for(1ms);
  }
  chassis.run_for(5s);
  return 0;
}
