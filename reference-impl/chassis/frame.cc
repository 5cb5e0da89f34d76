#include "reference-impl/chassis/frame.h"

#include "reference-impl/chassis/checksum.h"

namespace understudy::reference {
namespace {

constexpr std::size_t kChecksumOffset = 20;
constexpr std::uint8_t kVersion = 1;

/// Big-endian numbers into a buffer that is long enough.
class Writer {
 public:
  explicit Writer(std::byte* at) : begin_(at), at_(at) {}
  void u8(std::uint8_t value) { *at_++ = static_cast<std::byte>(value); }
  void u32(std::uint32_t value) {
    value = __builtin_bswap32(value);
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }
  void u64(std::uint64_t value) {
    value = __builtin_bswap64(value);
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }
  void text(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  std::size_t size() const { return static_cast<std::size_t>(at_ - begin_); }

 private:
  std::byte* begin_;
  std::byte* at_;
};

class Reader {
 public:
  explicit Reader(const std::byte* at) : at_(at) {}
  std::uint8_t u8() { return static_cast<std::uint8_t>(*at_++); }
  std::uint32_t u32() {
    std::uint32_t value;
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return __builtin_bswap32(value);
  }
  std::uint64_t u64() {
    std::uint64_t value;
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return __builtin_bswap64(value);
  }

 private:
  const std::byte* at_;
};

/// Of the frame with a zero where the checksum stands.
std::uint32_t checksum(std::span<const std::byte> frame) {
  using namespace std::string_view_literals;
  const std::string_view whole(reinterpret_cast<const char*>(frame.data()), frame.size());
  return crc32c({whole.substr(0, kChecksumOffset), "\0\0\0\0"sv, whole.substr(kHeaderSize)});
}

void write_header(Writer& out, const FrameHeader& header) {
  out.text("US");
  out.u8(kVersion);
  out.u8(static_cast<std::uint8_t>(header.type));
  out.u8(header.sender);
  out.u8(static_cast<std::uint8_t>(header.state));
  out.u8(static_cast<std::uint8_t>(header.office));
  out.u8(header.flags);
  out.u32(header.sequence);
  out.u32(header.incarnation);
  out.u32(header.session);
  out.u32(0);
}

FrameBytes seal(std::byte* buffer, std::size_t size) {
  const std::uint32_t sum = checksum({buffer, size});
  Writer(buffer + kChecksumOffset).u32(sum);
  return FrameBytes(std::span<const std::byte>(buffer, size));
}

constexpr std::size_t kHeartbeatSize = kHeaderSize + 4 + 8 + 8 + 4 + 4 + 4 + 1 + 8 + 1 + 8 + 8 + 2;
constexpr std::size_t kOrderSize = kHeaderSize + 6;
constexpr std::size_t kRecordHead = kHeaderSize + 6;

}  // namespace

void FrameBytes::assign(std::span<const std::byte> bytes) {
  size_ = static_cast<std::uint32_t>(bytes.size());
  std::byte* to = short_.data();
  if (is_long()) {
    long_ = std::make_unique<std::byte[]>(size_);
    to = long_.get();
  }
  if (size_ > 0) std::memcpy(to, bytes.data(), size_);
}

std::string_view word_of(FrameType type) {
  switch (type) {
    case FrameType::Heartbeat:
      return "heartbeat";
    case FrameType::ConfigSaved:
      return "config-saved";
    case FrameType::ConfigActive:
      return "config-active";
    case FrameType::ConfigChange:
      return "config-change";
    case FrameType::CheckpointBulk:
      return "checkpoint-bulk";
    case FrameType::CheckpointDynamic:
      return "checkpoint-dynamic";
    case FrameType::Ack:
      return "ack";
    case FrameType::Command:
      return "command";
    case FrameType::CommandAck:
      return "command-ack";
  }
  return {};
}

std::optional<FrameHeader> read_header(std::span<const std::byte> frame) {
  if (frame.size() < kHeaderSize || frame.size() > kFrameLimit) return std::nullopt;
  Reader in(frame.data());
  if (in.u8() != 'U' || in.u8() != 'S' || in.u8() != kVersion) return std::nullopt;
  FrameHeader header;
  header.type = static_cast<FrameType>(in.u8());
  header.sender = in.u8();
  header.state = static_cast<NodeState>(in.u8());
  const std::uint8_t office = in.u8();
  header.flags = in.u8();
  header.sequence = in.u32();
  header.incarnation = in.u32();
  header.session = in.u32();
  if (office > static_cast<std::uint8_t>(Office::Lead)) return std::nullopt;
  header.office = static_cast<Office>(office);
  if (in.u32() != checksum(frame)) return std::nullopt;
  return header;
}

FrameBytes write_heartbeat(const FrameHeader& header, const Heartbeat& heartbeat) {
  std::array<std::byte, kHeartbeatSize> buffer;
  Writer out(buffer.data());
  write_header(out, header);
  out.u8(heartbeat.priority);
  out.u8(heartbeat.software_health);
  out.u8(heartbeat.hardware_health);
  out.u8(static_cast<std::uint8_t>(heartbeat.reason));
  out.u64(heartbeat.version);
  out.u64(heartbeat.system_uptime);
  out.u32(heartbeat.reign);
  out.u32(heartbeat.last_record);
  out.u32(heartbeat.heard_incarnation);
  out.u8(static_cast<std::uint8_t>((heartbeat.memory.ever_booted ? 1 : 0) |
                                   (heartbeat.memory.led_last ? 2 : 0)));
  out.u64(heartbeat.memory.boot_clock);
  out.u8(static_cast<std::uint8_t>((heartbeat.images.is_secondary_selected ? 1 : 0) |
                                   (heartbeat.images.is_secondary_booted ? 2 : 0)));
  out.u64(heartbeat.images.primary);
  out.u64(heartbeat.images.secondary);
  out.u8(heartbeat.failovers);
  out.u8(static_cast<std::uint8_t>(heartbeat.failover_cause));
  return seal(buffer.data(), out.size());
}

std::optional<Heartbeat> read_heartbeat(std::span<const std::byte> frame) {
  if (frame.size() != kHeartbeatSize) return std::nullopt;
  Reader in(frame.data() + kHeaderSize);
  Heartbeat heartbeat;
  heartbeat.priority = in.u8();
  heartbeat.software_health = in.u8();
  heartbeat.hardware_health = in.u8();
  heartbeat.reason = static_cast<Reason>(in.u8());
  heartbeat.version = in.u64();
  heartbeat.system_uptime = in.u64();
  heartbeat.reign = in.u32();
  heartbeat.last_record = in.u32();
  heartbeat.heard_incarnation = in.u32();
  const std::uint8_t memory = in.u8();
  heartbeat.memory.ever_booted = (memory & 1) != 0;
  heartbeat.memory.led_last = (memory & 2) != 0;
  heartbeat.memory.boot_clock = in.u64();
  const std::uint8_t images = in.u8();
  heartbeat.images.is_secondary_selected = (images & 1) != 0;
  heartbeat.images.is_secondary_booted = (images & 2) != 0;
  heartbeat.images.primary = in.u64();
  heartbeat.images.secondary = in.u64();
  heartbeat.failovers = in.u8();
  heartbeat.failover_cause = static_cast<FailoverCause>(in.u8());
  return heartbeat;
}

FrameBytes write_record(const FrameHeader& header, const RecordPart& part) {
  std::array<std::byte, kFrameLimit> buffer;
  Writer out(buffer.data());
  write_header(out, header);
  out.u32(part.to_incarnation);
  out.u8(static_cast<std::uint8_t>((part.is_first ? 1 : 0) | (part.is_last ? 2 : 0)));
  out.u8(part.application);
  out.text(part.payload.substr(0, kRecordPayloadLimit));
  return seal(buffer.data(), out.size());
}

std::optional<RecordPart> read_record(std::span<const std::byte> frame) {
  if (frame.size() < kRecordHead) return std::nullopt;
  Reader in(frame.data() + kHeaderSize);
  RecordPart part;
  part.to_incarnation = in.u32();
  const std::uint8_t place = in.u8();
  part.is_first = (place & 1) != 0;
  part.is_last = (place & 2) != 0;
  part.application = in.u8();
  part.payload = {reinterpret_cast<const char*>(frame.data()) + kRecordHead,
                  frame.size() - kRecordHead};
  return part;
}

FrameBytes write_ack(const FrameHeader& header, std::uint32_t to_incarnation) {
  std::array<std::byte, kHeaderSize + 4> buffer;
  Writer out(buffer.data());
  write_header(out, header);
  out.u32(to_incarnation);
  return seal(buffer.data(), out.size());
}

FrameBytes write_order(const FrameHeader& header, std::uint32_t to_incarnation, Order order,
                       std::uint8_t detail) {
  std::array<std::byte, kOrderSize> buffer;
  Writer out(buffer.data());
  write_header(out, header);
  out.u32(to_incarnation);
  out.u8(static_cast<std::uint8_t>(order));
  out.u8(detail);
  return seal(buffer.data(), out.size());
}

std::optional<OrderPart> read_order(std::span<const std::byte> frame) {
  if (frame.size() != kOrderSize) return std::nullopt;
  Reader in(frame.data() + kHeaderSize);
  OrderPart part;
  part.to_incarnation = in.u32();
  part.order = static_cast<Order>(in.u8());
  part.detail = in.u8();
  return part;
}

std::optional<std::uint32_t> read_addressee(std::span<const std::byte> frame) {
  if (frame.size() < kHeaderSize + 4) return std::nullopt;
  return Reader(frame.data() + kHeaderSize).u32();
}

void append_string(std::string& payload, std::string_view text) {
  payload.push_back(static_cast<char>(text.size() >> 8 & 0xff));
  payload.push_back(static_cast<char>(text.size() & 0xff));
  payload.append(text);
}

std::optional<std::string_view> take_string(std::string_view& payload) {
  if (payload.size() < 2) return std::nullopt;
  const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(payload[0])) << 8 |
                           static_cast<unsigned char>(payload[1]);
  if (payload.size() < 2 + size) return std::nullopt;
  const std::string_view text = payload.substr(2, size);
  payload.remove_prefix(2 + size);
  return text;
}

}  // namespace understudy::reference
