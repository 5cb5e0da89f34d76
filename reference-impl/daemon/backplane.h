// This end of the backplane: frames out and in, over UDP (`--listen`, `--peer`) or as Ethernet
// frames on an interface (`--backplane packet:IFACE`, which needs CAP_NET_RAW). An Ethernet frame
// is padded to 60 bytes on many links, so ours begins with its length:
//
//   offset  size  field
//        0    12  to everybody, from the interface's own address
//       12     2  EtherType 0x88b5 (IEEE 802, local experiments)
//       14     2  length of the frame, big endian
//       16        the frame (chassis/frame.h)
//
// One thread.
#pragma once

#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace understudy::reference {

/// A frame and when the kernel received it: a process that was late to run must not take frames
/// for late.
struct Datagram {
  std::array<std::byte, 2048> bytes;
  std::span<const std::byte> frame;
  std::chrono::steady_clock::time_point arrived;
};

class Backplane {
 public:
  using Address = std::vector<std::byte>;  ///< a sockaddr

  /// Takes the descriptor of a bound UDP socket.
  Backplane(int udp_socket, std::vector<Address> peers);
  static tl::expected<Backplane, std::string> on_interface(const std::string& name);

  Backplane(Backplane&& other) noexcept;
  Backplane& operator=(Backplane&&) = delete;
  ~Backplane();

  int descriptor() const { return descriptor_; }
  /// To every peer; what the kernel does not take is lost, as frames are.
  void send(std::span<const std::byte> frame) const;
  /// The next frame that waits; false: none does.
  bool receive(Datagram& datagram) const;

 private:
  int descriptor_;
  std::vector<Address> peers_;
  bool has_length_ = false;
};

}  // namespace understudy::reference
