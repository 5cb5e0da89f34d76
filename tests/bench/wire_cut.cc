// P11: from the request to cut a link until the receipt, and until the last frame that still
// passed, on two real processes that send each other a frame each millisecond, through the relay
// or, in the lab `namespaces`, through the inline wire. Prints one line of key=value; arguments:
// [ROUNDS] [inline]. Negative last_passed: the last frame had passed before the
// request.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "targets/process.h"

namespace {

using namespace understudy;
using namespace std::chrono_literals;

sockaddr_in address_from(const std::string& text) {
  const auto colon = text.find(':');
  sockaddr_in place{};
  place.sin_family = AF_INET;
  inet_pton(AF_INET, text.substr(0, colon).c_str(), &place.sin_addr);
  place.sin_port = htons(static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1))));
  return place;
}

[[noreturn]] void send_for_ever(int fd, const sockaddr* to, socklen_t size) {
  timespec next{};
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (;;) {
    sendto(fd, "frame", 5, 0, to, size);
    next.tv_nsec += 1'000'000;
    if (next.tv_nsec >= 1'000'000'000) {
      ++next.tv_sec;
      next.tv_nsec -= 1'000'000'000;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, nullptr);
  }
}

[[noreturn]] void send_datagrams(const std::string& local, const std::string& peer) {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in own = address_from(local);
  const sockaddr_in other = address_from(peer);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) _exit(1);
  send_for_ever(fd, reinterpret_cast<const sockaddr*>(&other), sizeof other);
}

[[noreturn]] void send_frames(const std::string& interface) {
  const int fd = socket(AF_PACKET, SOCK_DGRAM, 0);
  sockaddr_ll everybody{};
  everybody.sll_family = AF_PACKET;
  everybody.sll_protocol = htons(0x88b5);
  everybody.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  everybody.sll_halen = 6;
  std::fill_n(everybody.sll_addr, 6, std::uint8_t{0xff});
  const auto* place = reinterpret_cast<const sockaddr*>(&everybody);
  if (bind(fd, place, sizeof everybody) != 0) _exit(1);
  send_for_ever(fd, place, sizeof everybody);
}

std::vector<Time> times_in(const std::string& path) {
  std::vector<char> error(PCAP_ERRBUF_SIZE);
  pcap_t* file = pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO,
                                                         error.data());
  std::vector<Time> times;
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  while (file && pcap_next_ex(file, &header, &data) == 1) {
    times.push_back(std::chrono::seconds(header->ts.tv_sec) + Time(header->ts.tv_usec));
  }
  if (file) pcap_close(file);
  return times;
}

std::string summary(std::string_view name, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  return fmt::format("{0}_p50_us={1:.0f} {0}_p90_us={2:.0f} {0}_p99_us={3:.0f} {0}_max_us={4:.0f}",
                     name, at(0.5), at(0.9), at(0.99), at(1));
}

struct Cut {
  Time asked{};
  Time answered{};
  Time restored{};
};

void wait(targets::Bench& bench, Duration time) {
  std::vector<targets::BenchEvent> events;
  const Time until = bench.now() + time;
  while (bench.now() < until) bench.pump(until, NeverCancelled(), events);
}

std::vector<Cut> cut_again_and_again(targets::Bench& bench, int rounds) {
  std::vector<Cut> cuts;
  wait(bench, 100ms);
  for (int i = 0; i < rounds; ++i) {
    wait(bench, 10ms);
    Cut cut;
    cut.asked = bench.now();
    bench.apply({"cut", {{"link", "wire"}}});
    cut.answered = bench.now();
    wait(bench, 5ms);
    cut.restored = bench.now();
    bench.apply({"restore", {{"link", "wire"}}});
    cuts.push_back(cut);
  }
  return cuts;
}

void print(const std::vector<Cut>& cuts, const std::vector<Time>& passed) {
  std::vector<double> receipts;
  std::vector<double> last;
  int after_receipt = 0;
  for (const Cut& cut : cuts) {
    receipts.push_back(static_cast<double>((cut.answered - cut.asked).count()) / 1e3);
    const auto next = std::lower_bound(passed.begin(), passed.end(), cut.restored);
    if (next == passed.begin()) continue;
    const Time before = *std::prev(next);
    last.push_back(static_cast<double>((before - cut.asked).count()) / 1e3);
    if (before > cut.answered) ++after_receipt;
  }
  fmt::print("{} {} frames_after_receipt={} rounds={}\n", summary("receipt", receipts),
             summary("last_passed", last), after_receipt, cuts.size());
}

}  // namespace

int main(int argc, char** argv) {
  int status = 0;
  if (targets::run_hidden_command(argc, argv, status)) return status;
  if (argc == 4 && std::string(argv[1]) == "node") send_datagrams(argv[2], argv[3]);
  if (argc == 3 && std::string(argv[1]) == "node") send_frames(argv[2]);
  const bool is_inline = argc == 3 && std::string(argv[2]) == "inline";
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 200;
  std::string folder = "/tmp/understudy-wire-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr || rounds < 1) return 3;
  targets::ProcessBenchSettings settings;
  settings.testbed = "wire_cut";
  settings.folder = folder;
  const std::string own = std::filesystem::read_symlink("/proc/self/exe");
  const char* lab = std::getenv("UNDERSTUDY_LAB");
  for (const std::string name : {"A", "B"}) {
    const std::string way = "${" + name + ".wire.";
    std::vector<std::string> command{own, "node", way + "local}", way + "peer}"};
    if (is_inline && lab) {
      command = {"nsenter", fmt::format("--net={}/MSM-{}.net", lab, name), own, "node",
                 "backplane"};
    }
    settings.nodes.push_back({name, command, false, {}, "signal"});
  }
  settings.links = {{"wire", {0, 1}, ""}};
  if (is_inline) settings.links[0].interfaces = {"to-MSM-A", "to-MSM-B"};
  auto bench = targets::make_process_bench(settings);
  if (!bench) return 3;
  if (const auto started = (*bench)->start(); !started) {
    fmt::print(stderr, "{}\n", to_line(started.error()));
    return 3;
  }
  const std::vector<Cut> cuts = cut_again_and_again(**bench, rounds);
  (*bench)->heal();
  print(cuts, times_in(folder + "/wire.pcap"));
  std::filesystem::remove_all(folder);
  return 0;
}
