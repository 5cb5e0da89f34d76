// An inline wire: the frames of real interfaces, whole, through libpcap. An interface stays as it
// was found but for promiscuous mode, which the kernel ends with the process.
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "targets/wire/carrier.h"

namespace understudy::targets {
namespace {

constexpr int buffer_size = 16 << 20;
constexpr int ethernet_header = 14;
constexpr int headers = ethernet_header + 8;  // and two VLAN tags, above what the MTU counts
constexpr int smallest_snapshot = 2048;

struct Interface {
  unsigned index = 0;
  int flags = 0;
  int mtu = 0;
};

std::vector<std::string> interface_names() {
  std::vector<std::string> names;
  struct if_nameindex* all = if_nameindex();
  for (const auto* each = all; each && each->if_index != 0; ++each) names.push_back(each->if_name);
  if (all) if_freenameindex(all);
  return names;
}

Result<Interface> look_at(const std::string& name, const std::string& where) {
  const Handle handle(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  if (name.size() < sizeof request.ifr_name) {
    std::memcpy(request.ifr_name, name.data(), name.size());
    Interface found{.index = if_nametoindex(name.c_str())};
    if (found.index != 0 && ioctl(handle.fd, SIOCGIFFLAGS, &request) == 0) {
      found.flags = request.ifr_flags;
      if (ioctl(handle.fd, SIOCGIFMTU, &request) == 0) found.mtu = request.ifr_mtu;
      return found;
    }
  }
  const std::vector<std::string> names = interface_names();
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = fmt::format("there are {}", fmt::join(names, ", "));
  return fail(where, "there is no interface `" + name + "`", hint);
}

Result<Interface> usable(const std::string& name, const std::string& where) {
  auto found = look_at(name, where);
  if (!found) return found;
  if (found->flags & IFF_LOOPBACK) {
    return fail(where, "`" + name + "` is the loopback", "a link between processes: user-space");
  }
  if (!(found->flags & IFF_UP)) {
    return fail(where, "the interface `" + name + "` is down", "ip link set " + name + " up");
  }
  return found;
}

struct CloseHandle {
  void operator()(pcap_t* handle) const { pcap_close(handle); }
};
using PcapHandle = std::unique_ptr<pcap_t, CloseHandle>;

Result<PcapHandle> open_interface(const std::string& name, const Interface& interface,
                                  const std::string& where) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  PcapHandle handle(pcap_create(name.c_str(), error.data()));
  if (!handle) return fail(where, name + ": " + error.data());
  pcap_set_snaplen(handle.get(), std::max(interface.mtu + headers, smallest_snapshot));
  pcap_set_promisc(handle.get(), 1);
  pcap_set_immediate_mode(handle.get(), 1);
  pcap_set_buffer_size(handle.get(), buffer_size);
  pcap_set_tstamp_precision(handle.get(), PCAP_TSTAMP_PRECISION_NANO);
  const int status = pcap_activate(handle.get());
  if (status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED) {
    return fail(where, "an inline wire between interfaces needs root (CAP_NET_RAW, CAP_NET_ADMIN)",
                "relay: user-space needs neither");
  }
  if (status < 0 || pcap_setdirection(handle.get(), PCAP_D_IN) != 0 ||
      pcap_setnonblock(handle.get(), 1, error.data()) != 0) {
    return fail(where, name + ": " + pcap_geterr(handle.get()));
  }
  const int on = 1;  // no queueing discipline: what is sent is on its way when the call returns
  setsockopt(pcap_fileno(handle.get()), SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
  if (pcap_datalink(handle.get()) != DLT_EN10MB) {
    return fail(where, "the interface `" + name + "` carries no Ethernet frames");
  }
  return handle;
}

/// Frames for one interface, in one system call.
class Batch {
 public:
  bool is_empty() const { return count_ == 0; }
  bool has_room(std::size_t length) const {
    return count_ < most && (count_ == 0 || bytes_.size() + length <= bytes_.capacity());
  }

  void add(std::span<const std::uint8_t> frame) {
    if (count_ == 0) bytes_.reserve(std::max(room, frame.size()));
    places_[count_] = {bytes_.data() + bytes_.size(), frame.size()};
    bytes_.insert(bytes_.end(), frame.begin(), frame.end());
    messages_[count_].msg_hdr.msg_iov = &places_[count_];
    messages_[count_].msg_hdr.msg_iovlen = 1;
    ++count_;
  }

  /// How many were refused.
  std::size_t send(int socket) {
    std::size_t refused = 0;
    for (std::size_t done = 0; done < count_;) {
      const int sent =
          sendmmsg(socket, messages_.data() + done, static_cast<unsigned>(count_ - done), 0);
      done += sent > 0 ? static_cast<std::size_t>(sent) : 1;
      if (sent <= 0) ++refused;
    }
    count_ = 0;
    bytes_.clear();
    return refused;
  }

 private:
  static constexpr std::size_t most = frames_a_turn;
  static constexpr std::size_t room = most * 1600;
  std::vector<std::uint8_t> bytes_;
  std::array<iovec, most> places_{};
  std::array<mmsghdr, most> messages_{};
  std::size_t count_ = 0;
};

class Interfaces final : public Carrier {
 public:
  explicit Interfaces(std::vector<std::string> names) : names_(std::move(names)) {}

  Result<void> open(const std::string& where) {
    std::vector<Interface> found;
    for (const std::string& name : names_) {
      auto interface = usable(name, where);
      if (!interface) return tl::unexpected(interface.error());
      const auto same = std::ranges::find(found, interface->index, &Interface::index);
      if (same != found.end()) {
        const auto& other = names_[static_cast<std::size_t>(same - found.begin())];
        return fail(where, "both ends are one interface: `" + other + "` and `" + name + "`");
      }
      found.push_back(*interface);
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      auto handle = open_interface(names_[i], found[i], where);
      if (!handle) return tl::unexpected(handle.error());
      handles_.push_back(std::move(*handle));
      longest_.push_back(static_cast<std::size_t>(found[i].mtu + ethernet_header));
    }
    batches_.resize(handles_.size());
    dropped_.resize(handles_.size());
    is_up_.resize(handles_.size(), true);
    return {};
  }

  std::vector<int> descriptors() const override {
    std::vector<int> all;
    for (const PcapHandle& handle : handles_) all.push_back(pcap_get_selectable_fd(handle.get()));
    return all;
  }

  void receive(std::size_t from, const Take& take) override {
    for (int turn = 0; turn < frames_a_turn; ++turn) {
      pcap_pkthdr* header = nullptr;
      const u_char* bytes = nullptr;
      const int status = pcap_next_ex(handles_[from].get(), &header, &bytes);
      if (status == 0) return;
      if (status < 0) return tell(names_[from] + ": " + pcap_geterr(handles_[from].get()));
      if (header->caplen < header->len) {
        tell(
            fmt::format("{}: a frame of {} bytes is longer than the interface's MTU: its offloads "
                        "join frames (ethtool -K {} gro off gso off tso off)",
                        names_[from], header->len, names_[from]));
        continue;
      }
      take({bytes, header->caplen},
           std::chrono::seconds(header->ts.tv_sec) + Time(header->ts.tv_usec));
    }
  }

  bool send(std::size_t to, std::span<const std::uint8_t> frame) override {
    // One that comes alone does not wait for others; of one that is too long the kernel has a word.
    if (!std::exchange(has_sent_, true) || frame.size() > longest_[to]) {
      send_batch(to);
      return pcap_inject(handles_[to].get(), frame.data(), frame.size()) >= 0;
    }
    if (!batches_[to].has_room(frame.size())) send_batch(to);
    batches_[to].add(frame);
    return true;
  }

  void flush() override {
    for (std::size_t to = 0; to < batches_.size(); ++to) send_batch(to);
    has_sent_ = false;
  }

  std::optional<std::string> trouble() override {
    for (std::size_t i = 0; i < handles_.size(); ++i) {
      const auto found = look_at(names_[i], "");
      const bool is_up = found && (found->flags & IFF_UP);
      if (!is_up && is_up_[i]) tell("the interface " + names_[i] + " went down");
      is_up_[i] = is_up;
      pcap_stat statistics{};
      if (pcap_stats(handles_[i].get(), &statistics) != 0) continue;
      const unsigned more = statistics.ps_drop - std::exchange(dropped_[i], statistics.ps_drop);
      if (more > 0) {
        tell(fmt::format("{}: the host was late and lost {} frames before the wire saw them",
                         names_[i], more));
      }
    }
    return std::exchange(trouble_, std::nullopt);
  }

 private:
  void tell(std::string what) {
    if (!trouble_) trouble_ = std::move(what);
  }

  void send_batch(std::size_t to) {
    if (batches_[to].is_empty()) return;
    const std::size_t refused = batches_[to].send(pcap_fileno(handles_[to].get()));
    if (refused > 0) {
      tell(fmt::format("the kernel refused {} frames to {} that stand in the capture as passed",
                       refused, names_[to]));
    }
  }

  std::vector<std::string> names_;
  std::vector<std::size_t> longest_;  // that an interface takes for certain
  bool has_sent_ = false;             // since the last flush
  std::vector<Batch> batches_;
  std::vector<PcapHandle> handles_;
  std::vector<unsigned> dropped_;
  std::vector<bool> is_up_;
  std::optional<std::string> trouble_;
};

}  // namespace

Result<std::unique_ptr<Carrier>> carry_between_interfaces(const RelaySettings& settings) {
  auto carrier = std::make_unique<Interfaces>(settings.interfaces);
  if (auto opened = carrier->open(settings.where); !opened) return tl::unexpected(opened.error());
  return carrier;
}

}  // namespace understudy::targets
