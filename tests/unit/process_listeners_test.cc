// Ports that a bench listens on: real datagrams on the loopback.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>

#include "targets/keeper/channel.h"
#include "tests/unit/process_fixture.h"

namespace understudy::targets {
namespace {

using testing::HasSubstr;
using Kind = BenchEvent::Kind;

constexpr std::uint32_t loopback = 0x7f000001;

class ListeningBench : public ProcessBenchTest {
 protected:
  ListeningBench() {
    add_node("A", {"echo"});
    settings_.listeners = {{"traps", {loopback, 0}, "", "lab.yaml:9"},
                           {"syslog", {loopback, 0}, "", "lab.yaml:10"}};
  }

  static sockaddr_in place(std::uint16_t port) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(loopback);
    place.sin_port = htons(port);
    return place;
  }

  std::uint16_t port_of(const std::string& listener) const {
    return static_cast<std::uint16_t>(std::stoi(bench_->values().at(listener + ".port")));
  }

  void send(const std::string& listener, const std::string& bytes) {
    const sockaddr_in to = place(port_of(listener));
    EXPECT_EQ(sendto(sender_.get(), bytes.data(), bytes.size(), 0,
                     reinterpret_cast<const sockaddr*>(&to), sizeof to),
              static_cast<ssize_t>(bytes.size()));
  }

  const Descriptor sender_{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

TEST_F(ListeningBench, ADatagramIsAnEventOfTheInstantAtWhichItCame) {
  open();
  const Time before = bench_->now();
  send("traps", "hello");
  const Time sent = bench_->now();  // read only later
  const BenchEvent event = wait_for(0, Kind::Datagram);
  EXPECT_EQ(event.text, "hello");
  EXPECT_EQ(event.listener, "traps");
  EXPECT_EQ(event.sender.ip, loopback);
  EXPECT_GE(event.at, before);
  EXPECT_LE(event.at, sent);
}

TEST_F(ListeningBench, EachListenerHearsItsOwnPortAlone) {
  open();
  EXPECT_NE(port_of("traps"), port_of("syslog"));
  send("syslog", "<1>a");
  EXPECT_EQ(wait_for(0, Kind::Datagram).listener, "syslog");
}

TEST_F(ListeningBench, TwoBenchesHavePortsOfTheirOwn) {
  open();
  const auto other = make_process_bench(settings_);
  ASSERT_TRUE(other.has_value());
  ASSERT_TRUE((*other)->start().has_value());
  EXPECT_NE((*other)->values().at("traps.port"), bench_->values().at("traps.port"));
}

TEST_F(ListeningBench, APortThatIsTakenIsOneLineAndNothingStarts) {
  const Descriptor taken{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address = place(0);
  ASSERT_EQ(bind(taken.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  socklen_t length = sizeof address;
  getsockname(taken.get(), reinterpret_cast<sockaddr*>(&address), &length);
  settings_.listeners[1].address.port = ntohs(address.sin_port);
  const auto opened = try_to_open();
  ASSERT_FALSE(opened.has_value());
  EXPECT_THAT(to_line(opened.error()),
              HasSubstr("lab.yaml:10: syslog cannot listen on 127.0.0.1:"));
  EXPECT_THAT(to_line(opened.error()), HasSubstr("another program listens there"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "A.state"));
}

TEST_F(ListeningBench, TheSwitchIsToldWhereItReachesUs) {
  settings_.listeners[0].reached = "10.0.0.5";
  settings_.nodes[0].environment = {{"RECEIVER", "${traps}"}, {"OWN", "${A.address}"}};
  open();
  EXPECT_EQ(bench_->values().at("traps"), "10.0.0.5:" + std::to_string(port_of("traps")));
  EXPECT_THAT(bench_->values().at("A.address"), testing::StartsWith("127."));
}

TEST_F(ListeningBench, GoesOnWhenEveryConsoleIsDead) {
  open();
  EXPECT_TRUE(apply("lose", {{"node", "chassis"}}).took_effect);
  wait_for(0, Kind::NodeEnded);
  send("traps", "still here");
  EXPECT_EQ(wait_for(0, Kind::Datagram).text, "still here");
}

TEST_F(ListeningBench, WhatTheKernelLostOfAFloodIsSaidWithItsNumber) {
  open();
  constexpr int sent = 50'000;
  const std::string bytes(1'000, 'x');
  for (int i = 0; i < sent; ++i) send("traps", bytes);
  const BenchEvent stall = [&] {
    send("traps", "the next one");  // tells what was lost before it
    return wait_for(0, Kind::Stall);
  }();
  EXPECT_THAT(stall.text, HasSubstr("traps: "));
  EXPECT_THAT(stall.text, HasSubstr("datagrams came faster than they were read and are lost"));
  std::size_t taken = 0;
  for (const BenchEvent& event : events_) taken += event.kind == Kind::Datagram ? 1 : 0;
  EXPECT_LE(taken + std::stoul(stall.text.substr(7)), sent + 1u);
}

}  // namespace
}  // namespace understudy::targets
