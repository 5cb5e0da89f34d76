// The host of a module as a process, without the process: what hands do before flash has been read.
#include "reference-impl/daemon/host.h"

#include <gtest/gtest.h>

#include <boost/asio/ip/udp.hpp>

#include "fresh_folder.h"
#include "reference-impl/chassis/exos_11_3.h"
#include "reference-impl/daemon/control.h"

namespace understudy::reference {
namespace {

using Words = std::vector<std::string>;

using namespace std::chrono_literals;

/// Notes what the module is given, but for time and frames.
class Notes final : public Interposer {
 public:
  explicit Notes(std::vector<std::string>& seen) : seen_(seen) {}
  std::unique_ptr<Interposer> clone() const override { return std::make_unique<Notes>(seen_); }
  std::string canonical_bytes() const override { return {}; }
  bool before(const Profile&, Node&, Diary&, Input& input, Outputs&) override {
    if (std::holds_alternative<PowerOn>(input)) seen_.emplace_back("power-on");
    if (std::holds_alternative<ProcessEnded>(input)) seen_.emplace_back("end");
    if (std::holds_alternative<ImageInstalled>(input)) seen_.emplace_back("install");
    return true;
  }
  void after(const Profile&, Node&, Diary&, Outputs&, std::size_t) override {}
  void typed(std::string&) override {}
  void printed(std::string&) override {}

 private:
  std::vector<std::string>& seen_;
};

class DaemonHost : public ::testing::Test {
 protected:
  DaemonHost()
      : host_(io_,
              Module(std::make_shared<Profile>(exos_11_3({})), 0, nullptr,
                     std::make_unique<Notes>(seen_)),
              *FlashFolder::open(folder_.path()), backplane(), 1,
              HostEnds{[](ConsoleId, std::string_view) {}, [](ConsoleId) {},
                       [](const std::string&) {}}) {}
  Backplane backplane() {
    boost::asio::ip::udp::socket socket(io_, {boost::asio::ip::address_v4::loopback(), 0});
    return {socket.release(), {}};
  }
  std::string by_hand(const Words& words) {
    return carry_out_by_hand(host_, words, [](bool) {});
  }
  void until_it_runs() {
    while (std::ranges::find(seen_, "power-on") == seen_.end()) io_.run_one();
  }

  const testing::FreshFolder folder_;  // goes after the host, whose second thread writes into it
  boost::asio::io_context io_;
  std::vector<std::string> seen_;
  Host host_;
};

TEST_F(DaemonHost, WhatHandsDoWhileFlashIsReadIsDoneOnceItWasRead) {
  host_.power_on();
  EXPECT_EQ(by_hand({"end", "vrrp"}), "ok");
  EXPECT_EQ(by_hand({"install", "primary", "11.3.1.4"}), "ok");
  EXPECT_EQ(seen_, std::vector<std::string>{});
  until_it_runs();
  EXPECT_EQ(seen_, (std::vector<std::string>{"power-on", "end", "install"}));
}

TEST_F(DaemonHost, WhatNeedsAModuleWithPowerIsRefusedWithoutIt) {
  for (const Words& words :
       {Words{"end", "vrrp"}, Words{"install", "primary", "11.3.1.4"}, Words{"fill", "fdb", "3"}}) {
    EXPECT_EQ(by_hand(words), "error: the module has no power") << words[0];
  }
  host_.power_on();
  EXPECT_EQ(by_hand({"remove"}), "ok");
  EXPECT_EQ(by_hand({"end", "vrrp"}), "error: the module has no power");
}

}  // namespace
}  // namespace understudy::reference
