#include "reference-impl/daemon/consoles.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <string>
#include <utility>

namespace understudy::reference {

namespace asio = boost::asio;
using boost::system::error_code;

/// One console's bytes in and out.
struct Consoles::Channel : std::enable_shared_from_this<Consoles::Channel> {
  virtual ~Channel() = default;
  virtual void read() = 0;
  virtual void print(std::string_view text) = 0;
  virtual void close() = 0;
};

namespace {

constexpr std::size_t longest_backlog = 16u << 20;

// Text that waits to be written to `stream`; drops what is over the limit.
template <typename Stream>
class Backlog {
 public:
  explicit Backlog(Stream& stream) : stream_(stream) {}

  template <typename Owner>
  void add(std::string_view text, std::shared_ptr<Owner> owner) {
    if (waiting_.size() + text.size() <= longest_backlog) waiting_ += text;
    if (!is_writing_) write(std::move(owner));
  }

 private:
  template <typename Owner>
  void write(std::shared_ptr<Owner> owner) {
    if (waiting_.empty()) return;
    is_writing_ = true;
    going_ = std::exchange(waiting_, {});
    asio::async_write(stream_, asio::buffer(going_),
                      [this, owner](const error_code& error, std::size_t) {
                        is_writing_ = false;
                        if (!error) write(owner);
                      });
  }

  Stream& stream_;
  std::string waiting_, going_;
  bool is_writing_ = false;
};

bool can_be_polled(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return false;
  return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || ::isatty(descriptor) != 0;
}

}  // namespace

struct Consoles::StandardChannel : Channel {
  StandardChannel(asio::io_context& io, const ConsoleEnds& ends)
      : io_(io), ends_(ends), in_(io), out_(io), backlog_(out_) {
    flags_ = {::fcntl(0, F_GETFL), ::fcntl(1, F_GETFL)};
    if (::isatty(0) != 0) set_raw();
    if (can_be_polled(0)) in_.assign(::dup(0));
    if (can_be_polled(1)) out_.assign(::dup(1));
  }

  ~StandardChannel() override {
    ::fcntl(0, F_SETFL, flags_[0]);
    ::fcntl(1, F_SETFL, flags_[1]);
    if (terminal_) ::tcsetattr(0, TCSANOW, &*terminal_);
  }

  void set_raw() {
    termios now{};
    if (::tcgetattr(0, &now) != 0) return;
    terminal_ = now;
    ::cfmakeraw(&now);
    ::tcsetattr(0, TCSANOW, &now);
  }

  // A file or /dev/null cannot be waited for: its end is there at once.
  void read() override {
    if (!in_.is_open()) {
      asio::post(io_, [this, self = shared_from_this()] { read_file(); });
      return;
    }
    in_.async_read_some(asio::buffer(bytes_),
                        [this, self = shared_from_this()](const error_code& error, std::size_t n) {
                          if (error == asio::error::operation_aborted) return;
                          if (error) return ends_.ended();
                          ends_.feed(0, {bytes_.data(), n});
                          read();
                        });
  }

  void read_file() {
    const ssize_t n = ::read(0, bytes_.data(), bytes_.size());
    if (n <= 0) return ends_.ended();
    ends_.feed(0, {bytes_.data(), static_cast<std::size_t>(n)});
    read();
  }

  void print(std::string_view text) override {
    if (out_.is_open()) return backlog_.add(text, shared_from_this());
    while (!text.empty()) {
      const ssize_t n = ::write(1, text.data(), text.size());
      if (n <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  void close() override {
    error_code ignored;
    in_.close(ignored);
  }

  asio::io_context& io_;
  const ConsoleEnds& ends_;
  asio::posix::stream_descriptor in_, out_;
  Backlog<asio::posix::stream_descriptor> backlog_;
  std::array<char, 4096> bytes_{};
  std::array<int, 2> flags_{};
  std::optional<termios> terminal_;
};

struct Consoles::Connection : Channel {
  Connection(Consoles& consoles, ConsoleId id, asio::ip::tcp::socket socket)
      : consoles_(consoles), id_(id), socket_(std::move(socket)), backlog_(socket_) {
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  }

  void read() override {
    socket_.async_read_some(asio::buffer(bytes_), [this, self = shared_from_this()](
                                                      const error_code& error, std::size_t n) {
      if (is_closed_) return;
      if (error) return leave();
      consoles_.ends_.feed(id_, {bytes_.data(), n});
      if (!is_closed_) read();
    });
  }

  void leave() {
    close();
    consoles_.channels_.erase(id_);
    consoles_.ends_.closed(id_);
  }

  void print(std::string_view text) override {
    if (!is_closed_) backlog_.add(text, shared_from_this());
  }

  // What was printed last still goes out: the socket is closed once it is let go of.
  void close() override {
    is_closed_ = true;
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_receive, ignored);
  }

  Consoles& consoles_;
  ConsoleId id_;
  asio::ip::tcp::socket socket_;
  Backlog<asio::ip::tcp::socket> backlog_;
  std::array<char, 4096> bytes_{};
  bool is_closed_ = false;
};

Consoles::Consoles(asio::io_context& io, ConsoleEnds ends) : io_(io), ends_(std::move(ends)) {}

Consoles::~Consoles() = default;

void Consoles::use_stdio() {
  uses_stdio_ = true;
  auto channel = std::make_shared<StandardChannel>(io_, ends_);
  channels_[0] = channel;
  channel->read();
}

void Consoles::listen(asio::ip::tcp::acceptor acceptor) {
  acceptor_ = std::make_unique<asio::ip::tcp::acceptor>(std::move(acceptor));
  accept();
}

ConsoleId Consoles::free_id() const {
  ConsoleId id = uses_stdio_ ? 1 : 0;
  while (channels_.contains(id)) ++id;
  return id;
}

void Consoles::accept() {
  acceptor_->async_accept([this](const error_code& error, asio::ip::tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      const ConsoleId id = free_id();
      const auto connection = std::make_shared<Connection>(*this, id, std::move(socket));
      channels_[id] = connection;
      ends_.feed(id, {});
      if (!connection->is_closed_) connection->read();
    }
    accept();
  });
}

void Consoles::print(ConsoleId console, std::string_view text) {
  const auto found = channels_.find(console);
  if (found != channels_.end()) found->second->print(text);
}

void Consoles::hang_up(ConsoleId console) {
  const auto found = channels_.find(console);
  if (found == channels_.end() || console == 0) return;
  found->second->close();
  channels_.erase(found);
}

void Consoles::hang_up_sessions() {
  while (channels_.upper_bound(0) != channels_.end()) hang_up(channels_.upper_bound(0)->first);
}

}  // namespace understudy::reference
