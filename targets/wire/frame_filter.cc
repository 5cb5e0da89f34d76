#include "targets/wire/frame_filter.h"

#include <pcap/pcap.h>

#include <memory>

namespace understudy::targets {
namespace {

constexpr int largest_frame = 65535;

class Program {
 public:
  Program() = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() { pcap_freecode(&program_); }

  /// What is wrong with the expression; empty: nothing.
  std::string compile(const std::string& expression) {
    const std::unique_ptr<pcap_t, decltype(&pcap_close)> handle(
        pcap_open_dead(DLT_EN10MB, largest_frame), pcap_close);
    if (!handle) return "no memory";
    const int done =
        pcap_compile(handle.get(), &program_, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN);
    return done == 0 ? "" : pcap_geterr(handle.get());
  }

  bool fits(std::span<const std::uint8_t> frame) const {
    pcap_pkthdr header{};
    header.caplen = header.len = static_cast<bpf_u_int32>(frame.size());
    return pcap_offline_filter(&program_, &header, frame.data()) != 0;
  }

 private:
  bpf_program program_{};
};

}  // namespace

Result<FrameFilter> make_frame_filter(const std::string& expression, const std::string& where) {
  if (expression.empty()) return FrameFilter();
  auto program = std::make_shared<Program>();
  if (const std::string wrong = program->compile(expression); !wrong.empty()) {
    return fail(where, "filter `" + expression + "`: " + wrong,
                "an expression as tcpdump takes it, such as ether proto 0x88b5");
  }
  return [program](std::span<const std::uint8_t> frame) { return program->fits(frame); };
}

}  // namespace understudy::targets
