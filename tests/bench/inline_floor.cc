// The floor of P10: the least that forwards frames between two interfaces through libpcap.
// Arguments: INTERFACE INTERFACE; until killed.
#include <pcap/pcap.h>
#include <poll.h>

#include <array>

namespace {

pcap_t* opened(const char* name) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_t* handle = pcap_create(name, error.data());
  pcap_set_immediate_mode(handle, 1);
  pcap_set_promisc(handle, 1);
  pcap_set_snaplen(handle, 2048);
  pcap_set_buffer_size(handle, 16 << 20);
  if (pcap_activate(handle) < 0) return nullptr;
  pcap_setdirection(handle, PCAP_D_IN);
  pcap_setnonblock(handle, 1, error.data());
  return handle;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::array<pcap_t*, 2> ends{opened(argv[1]), opened(argv[2])};
  if (!ends[0] || !ends[1]) return 3;
  std::array<pollfd, 2> polled{};
  for (std::size_t i = 0; i < 2; ++i) polled[i] = {pcap_get_selectable_fd(ends[i]), POLLIN, 0};
  for (;;) {
    poll(polled.data(), 2, -1);
    for (std::size_t i = 0; i < 2; ++i) {
      pcap_pkthdr* header = nullptr;
      const u_char* bytes = nullptr;
      for (int turn = 0; turn < 64 && pcap_next_ex(ends[i], &header, &bytes) == 1; ++turn) {
        pcap_sendpacket(ends[1 - i], bytes, static_cast<int>(header->caplen));
      }
    }
  }
}
