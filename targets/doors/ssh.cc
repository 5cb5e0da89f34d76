// Consoles over SSH: a session through any number of jump hosts, each of which forwards to the
// next.
#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <thread>

#include "targets/doors/ssh_session.h"
#include "targets/doors/stream.h"

namespace understudy::targets {
namespace {

constexpr std::size_t most_bytes = 1 << 20;  // of one read: others get their turn
constexpr std::size_t most_written = 32 << 10;
constexpr int most_unanswered = 3;

/// The channel of a session as something that bytes can be carried through.
class ChannelTransport : public Transport {
 public:
  tl::expected<void, DoorFailure> open(const Stop&) override { return {}; }
  void close() override { session_.reset(); }
  int descriptor() const override { return ssh_get_fd(session_->get()); }
  bool wants_room() const override {
    return (ssh_get_poll_flags(session_->get()) & SSH_WRITE_PENDING) != 0;
  }
  bool read(std::string& to) override;
  bool has_unread() const override { return has_unread_; }
  void write(std::string& from) override;
  bool keep_alive() override;
  std::string why() override;

  void use(std::unique_ptr<SshSession> session) {
    session_ = std::move(session);
    heard_ = 0;
  }
  SshSession& session() { return *session_; }

 private:
  std::unique_ptr<SshSession> session_;
  std::uint64_t heard_ = 0;  ///< packets, when it was last asked whether it lives
  int unanswered_ = 0;
  bool has_unread_ = true;  ///< whatever handles packets takes them from the socket
  std::string why_;
};

/// The output comes last: each of these handles packets of both, and nobody polls for what is left.
bool ChannelTransport::read(std::string& to) {
  std::array<char, 16384> buffer;
  ssh_channel channel = session_->channel();
  std::size_t total = 0;
  has_unread_ = false;
  for (const int is_stderr : {1, 0}) {
    while (total < most_bytes) {
      const int count = ssh_channel_read_nonblocking(
          channel, buffer.data(), static_cast<std::uint32_t>(buffer.size()), is_stderr);
      if (count == SSH_ERROR) {
        why_ = fmt::format("the SSH session ended: {}", ssh_get_error(session_->get()));
        return false;
      }
      if (count <= 0) break;
      to.append(buffer.data(), static_cast<std::size_t>(count));
      total += static_cast<std::size_t>(count);
      has_unread_ = total >= most_bytes;
    }
  }
  if (total > 0 || (!ssh_channel_is_eof(channel) && !ssh_channel_is_closed(channel))) return true;
  why_.clear();
  return false;
}

std::string ChannelTransport::why() {
  return why_.empty() ? "the server closed the SSH session" + session_->status() : why_;
}

/// A server that hangs still has a kernel that acknowledges what is sent.
bool ChannelTransport::keep_alive() {
  const std::uint64_t heard = session_->packets_heard();
  unanswered_ = std::exchange(heard_, heard) == heard ? unanswered_ + 1 : 0;
  if (unanswered_ >= most_unanswered) {
    why_ = fmt::format("the SSH server left {} requests in a row unanswered", most_unanswered);
    return false;
  }
  session_->ask_for_life();
  has_unread_ = true;
  return true;
}

void ChannelTransport::write(std::string& from) {
  const auto length = std::min(from.size(), most_written);
  const int count =
      ssh_channel_write(session_->channel(), from.data(), static_cast<std::uint32_t>(length));
  has_unread_ = true;
  if (count == SSH_ERROR) return from.clear();  // reading will tell that it ended
  if (count > 0) from.erase(0, static_cast<std::size_t>(count));
}

/// A jump host at work: its channel on a thread, its other end as a socket for the next session.
class Jump {
 public:
  Jump(std::unique_ptr<SshSession> session, Descriptor plain, Duration keepalive)
      : plain_(std::move(plain)) {
    channel_.use(std::move(session));
    thread_ = std::thread([this, keepalive] {
      block_broken_pipes();
      carry(channel_, plain_.get(), stop_, keepalive);
      plain_.reset();
    });
  }
  ~Jump() {
    stop_.order();
    thread_.join();
  }

 private:
  Stop stop_;
  ChannelTransport channel_;
  Descriptor plain_;
  std::thread thread_;
};

class SshTransport final : public ChannelTransport {
 public:
  explicit SshTransport(const DoorSettings& settings)
      : settings_(settings), command_(fmt::format("{}", fmt::join(settings.command, " "))) {}
  ~SshTransport() override { SshTransport::close(); }

  tl::expected<void, DoorFailure> open(const Stop& stop) override {
    const SshHop& first = settings_.hops.front();
    auto socket =
        connect_to(first.host, first.port, stop, settings_.connect_limit, 3 * settings_.keepalive);
    if (!socket) return tl::unexpected(of_hop(0, socket.error()));
    for (std::size_t i = 0; i < settings_.hops.size(); ++i) {
      const SshHop& hop = settings_.hops[i];
      const bool is_last = i + 1 == settings_.hops.size();
      auto session = std::make_unique<SshSession>(hop, is_last ? settings_.password : std::nullopt,
                                                  stop, settings_.connect_limit);
      if (auto opened = session->open(std::move(*socket), was_let_in_); !opened)
        return tl::unexpected(of_hop(i, opened.error()));
      if (is_last) {
        use(std::move(session));
        break;
      }
      auto through = jump(std::move(session), settings_.hops[i + 1]);
      if (!through) return tl::unexpected(of_hop(i, through.error()));
      socket = std::move(*through);
    }
    was_let_in_ = true;
    return this->session().run(command_);
  }

  void close() override {
    ChannelTransport::close();
    while (!jumps_.empty()) jumps_.pop_back();
  }

 private:
  /// Who of all that stand on the way failed.
  DoorFailure of_hop(std::size_t hop, DoorFailure failure) const {
    if (hop + 1 < settings_.hops.size()) failure.what = "the jump host " + failure.what;
    return failure;
  }

  tl::expected<Descriptor, DoorFailure> jump(std::unique_ptr<SshSession> session,
                                             const SshHop& next) {
    if (auto opened = session->forward_to(next.host, next.port); !opened)
      return tl::unexpected(opened.error());
    std::array<int, 2> ends{-1, -1};
    ensure(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0,
           "a pair of sockets can be made");
    jumps_.push_back(
        std::make_unique<Jump>(std::move(session), Descriptor(ends[0]), settings_.keepalive));
    return Descriptor(ends[1]);
  }

  const DoorSettings settings_;
  const std::string command_;
  std::vector<std::unique_ptr<Jump>> jumps_;
  bool was_let_in_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_ssh_transport(const DoorSettings& settings) {
  return std::make_unique<SshTransport>(settings);
}

}  // namespace understudy::targets
