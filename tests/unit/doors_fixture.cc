#include "tests/unit/doors_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>

#include "targets/wire/relay.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr Duration patience = 10s;

bool is_ready(int descriptor, short events, Time limit) {
  pollfd polled{descriptor, events, 0};
  const auto left = std::max<std::int64_t>((limit - monotonic_now()) / 1ms, 0);
  return poll(&polled, 1, static_cast<int>(left)) > 0;
}

}  // namespace

void put(const Descriptor& to, const std::string& bytes) {
  const Time limit = monotonic_now() + patience;
  for (std::size_t at = 0; at < bytes.size() && is_ready(to.get(), POLLOUT, limit);) {
    const auto count = write(to.get(), bytes.data() + at, bytes.size() - at);
    if (count > 0) at += static_cast<std::size_t>(count);
  }
}

std::string get(const Descriptor& from, std::size_t length) {
  const Time limit = monotonic_now() + patience;
  std::string text;
  std::array<char, 4096> buffer;
  while (text.size() < length && is_ready(from.get(), POLLIN, limit)) {
    const auto count =
        read(from.get(), buffer.data(), std::min(buffer.size(), length - text.size()));
    if (count <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

std::string long_answer(std::size_t length) {
  std::string text;
  for (int line = 0; text.size() < length; ++line) text += "line " + std::to_string(line) + "\r\n";
  return text;
}

bool is_gone(const std::string& pid_line) {
  const int pid = std::atoi(pid_line.substr(pid_line.find(' ') + 1).c_str());
  return pid > 0 && kill(pid, 0) != 0 && errno == ESRCH;
}

Listener::Listener(const std::string& port)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int yes = 1;
  setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  place.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  EXPECT_EQ(bind(socket_.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);
  EXPECT_EQ(listen(socket_.get(), 8), 0);
}

std::string Listener::port() const {
  sockaddr_in place{};
  socklen_t size = sizeof place;
  getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&place), &size);
  return std::to_string(ntohs(place.sin_port));
}

Descriptor Listener::accept() {
  if (!is_ready(socket_.get(), POLLIN, monotonic_now() + patience)) return {};
  return Descriptor(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

TemporaryLink::TemporaryLink() {
  std::string folder = std::filesystem::temp_directory_path() / "understudy-line-XXXXXX";
  EXPECT_NE(mkdtemp(folder.data()), nullptr);
  folder_ = folder;
}

TemporaryLink::~TemporaryLink() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Pty::Pty(const std::string& link) : link_(link) {
  int master = -1;
  int slave = -1;
  std::array<char, 128> name{};
  EXPECT_EQ(openpty(&master, &slave, name.data(), nullptr, nullptr), 0);
  master_ = Descriptor(master);
  std::filesystem::create_symlink(name.data(), link_);
  ::close(slave);
}

termios Pty::words() const {
  termios words{};
  tcgetattr(master_.get(), &words);
  return words;
}

void Pty::pull() {
  std::filesystem::remove(link_);
  master_.reset();
}

DoorVisitor::DoorVisitor(const DoorSettings& settings)
    : door_(std::make_unique<Door>(make_transport(settings), settings.keepalive)) {}

Door::Event DoorVisitor::await(Door::Event::Kind kind) {
  const Time limit = monotonic_now() + patience;
  for (;;) {
    for (auto event = events_.begin(); event != events_.end(); ++event) {
      if (event->kind != kind) continue;
      Door::Event found = std::move(*event);
      events_.erase(events_.begin(), event + 1);
      return found;
    }
    if (!is_ready(door_->pollable(), POLLIN, limit)) break;
    for (Door::Event& event : door_->take_events()) {
      if (event.kind == Door::Event::Kind::Failed) ++failures_;
      events_.push_back(std::move(event));
    }
  }
  ADD_FAILURE() << "the door did not tell it in time";
  return {};
}

void DoorVisitor::await_open() {
  bytes_ = await(Door::Event::Kind::Opened).bytes;
}

std::string DoorVisitor::await_text(const std::string& text) {
  std::string heard;
  while (!heard.ends_with(text)) {
    const std::string more = get(bytes_, 1);
    if (more.empty()) break;
    heard += more;
  }
  return heard;
}

std::string DoorVisitor::await_end() {
  return get(bytes_, std::string::npos);
}

}  // namespace understudy::targets
