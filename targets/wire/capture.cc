#include "targets/wire/capture.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdio_ext.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace understudy::targets {
namespace {

constexpr std::size_t ip_length = 20;
constexpr std::size_t header_length = ip_length + 8;
constexpr std::size_t buffer_bytes = 256 << 10;  // a burst of frames goes to the file at once

struct CloseHandle {
  void operator()(pcap_t* handle) const { pcap_close(handle); }
};
struct CloseDump {
  void operator()(pcap_dumper_t* dump) const { pcap_dump_close(dump); }
};

void put16(std::uint8_t* place, std::size_t number) {
  place[0] = static_cast<std::uint8_t>(number >> 8);
  place[1] = static_cast<std::uint8_t>(number);
}

void put32(std::uint8_t* place, std::uint32_t number) {
  put16(place, number >> 16);
  put16(place + 2, number & 0xffff);
}

std::uint16_t ip_checksum(const std::uint8_t* header) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < ip_length; i += 2) sum += header[i] << 8 | header[i + 1];
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

// The UDP checksum stays 0, which says "none": a corrupted frame then shows as it was delivered.
void put_headers(std::uint8_t* header, FrameAddress from, FrameAddress to, std::size_t length) {
  std::memset(header, 0, header_length);
  header[0] = 0x45;
  put16(header + 2, header_length + length);
  header[8] = 64;
  header[9] = IPPROTO_UDP;
  put32(header + 12, from.ip);
  put32(header + 16, to.ip);
  put16(header + 10, ip_checksum(header));
  put16(header + ip_length, from.port);
  put16(header + ip_length + 2, to.port);
  put16(header + ip_length + 4, 8 + length);
}

class PcapCapture final : public Capture {
 public:
  PcapCapture(pcap_t* handle, pcap_dumper_t* dump, FrameLayer layer)
      : handle_(handle), dump_(dump), header_(layer == FrameLayer::Datagram ? header_length : 0) {}

  std::uint64_t write(Time at, FrameAddress from, FrameAddress to,
                      std::span<const std::uint8_t> frame) override {
    const std::uint8_t* packet = frame.data();
    if (header_ > 0) {
      packet_.resize(header_ + frame.size());
      put_headers(packet_.data(), from, to, frame.size());
      std::ranges::copy(frame, packet_.begin() + static_cast<std::ptrdiff_t>(header_));
      packet = packet_.data();
    }
    pcap_pkthdr record{};
    record.ts.tv_sec = at.count() / 1'000'000'000;
    record.ts.tv_usec = at.count() % 1'000'000'000;  // nanoseconds, as the file's magic says
    record.caplen = record.len = static_cast<bpf_u_int32>(header_ + frame.size());
    pcap_dump(reinterpret_cast<u_char*>(dump_.get()), &record, packet);
    return ++written_;
  }

  bool flush() override {
    return pcap_dump_flush(dump_.get()) == 0 && ferror(pcap_dump_file(dump_.get())) == 0;
  }

 private:
  std::unique_ptr<pcap_t, CloseHandle> handle_;
  std::unique_ptr<pcap_dumper_t, CloseDump> dump_;
  std::size_t header_;
  std::vector<std::uint8_t> packet_;
  std::uint64_t written_ = 0;
};

}  // namespace

Result<std::unique_ptr<Capture>> Capture::create(const std::string& path, FrameLayer layer) {
  const int link_type = layer == FrameLayer::Datagram ? DLT_RAW : DLT_EN10MB;
  pcap_t* handle =
      pcap_open_dead_with_tstamp_precision(link_type, 65535, PCAP_TSTAMP_PRECISION_NANO);
  if (handle == nullptr) return fail(path, "no memory for a capture");
  FILE* file = fopen(path.c_str(), "wbe");
  if (file != nullptr) {
    setvbuf(file, nullptr, _IOFBF, buffer_bytes);
    __fsetlocking(file, FSETLOCKING_BYCALLER);  // one thread at a time writes it
  }
  pcap_dumper_t* dump = file == nullptr ? nullptr : pcap_dump_fopen(handle, file);
  if (dump == nullptr) {
    const std::string cause = file == nullptr ? strerror(errno) : pcap_geterr(handle);
    pcap_close(handle);
    return fail(path, "the capture cannot be written: " + cause);
  }
  auto capture = std::make_unique<PcapCapture>(handle, dump, layer);
  if (!capture->flush()) return fail(path, "the capture cannot be written: is the disk full?");
  return capture;
}

}  // namespace understudy::targets
