// A pcap file of any frames is read back by libpcap as it was written: frames, ends and time.
//
// Input: for each frame a length of two bytes, six bytes of time, and the frame.
#include <pcap/pcap.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "targets/wire/capture.h"

namespace understudy::targets {
namespace {

struct Written {
  Time at{};
  std::vector<std::uint8_t> bytes;
};

std::vector<Written> frames_of(std::span<const std::uint8_t> input) {
  std::vector<Written> frames;
  while (input.size() >= 8) {
    const std::size_t length =
        std::min<std::size_t>((input[0] << 8 | input[1]) % 2000, input.size() - 8);
    std::int64_t at = 0;
    for (std::size_t i = 2; i < 8; ++i) at = at << 8 | input[i];
    input = input.subspan(8);
    frames.push_back(
        {Time{at}, {input.begin(), input.begin() + static_cast<std::ptrdiff_t>(length)}});
    input = input.subspan(length);
  }
  return frames;
}

void read_back(const std::string& path, const std::vector<Written>& frames) {
  char problem[PCAP_ERRBUF_SIZE];
  pcap_t* file =
      pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, problem);
  ensure(file != nullptr, "libpcap reads the file");
  pcap_pkthdr* header = nullptr;
  const u_char* packet = nullptr;
  for (const Written& frame : frames) {
    ensure(pcap_next_ex(file, &header, &packet) == 1, "every frame is there");
    ensure(header->caplen == frame.bytes.size() + 28, "its length is right");
    ensure(std::equal(frame.bytes.begin(), frame.bytes.end(), packet + 28), "its bytes are right");
    ensure(header->ts.tv_sec * 1'000'000'000LL + header->ts.tv_usec == frame.at.count(),
           "its time is right");
  }
  ensure(pcap_next_ex(file, &header, &packet) == PCAP_ERROR_BREAK, "nothing else is there");
  pcap_close(file);
}

}  // namespace
}  // namespace understudy::targets

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace understudy;
  using namespace understudy::targets;
  static const std::string path = std::filesystem::temp_directory_path() /
                                  ("understudy-fuzz-" + std::to_string(getpid()) + ".pcap");
  const auto frames = frames_of({data, size});
  {
    auto capture = Capture::create(path);
    ensure(capture.has_value(), "a capture can be made");
    for (const Written& frame : frames) {
      (*capture)->write(frame.at, address_of_end(0), address_of_end(1), frame.bytes);
    }
    ensure((*capture)->flush(), "it is written");
  }
  read_back(path, frames);
  unlink(path.c_str());
  return 0;
}
