// Doors: sessions that end and are opened again, lines that vanish, and the bytes of telnet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "targets/doors/door.h"
#include "tests/unit/doors_fixture.h"

namespace understudy::targets {
namespace {

using testing::HasSubstr;

TEST(TcpDoor, IsOpenedAgainWhenTheOtherSideCloses) {
  Listener server;
  DoorSettings settings;
  settings.host = "127.0.0.1";
  settings.port = server.port();
  DoorVisitor visitor(settings);
  Descriptor first = server.accept();
  visitor.await_open();
  put(first, "login: ");
  EXPECT_EQ(visitor.await_text("login: "), "login: ");
  visitor.type("admin\r");
  EXPECT_EQ(get(first, 6), "admin\r");

  first.reset();
  EXPECT_EQ(visitor.await(Door::Event::Kind::Ended).text, "the other side closed the session");
  Descriptor second = server.accept();
  visitor.await_open();
  put(second, "again");
  EXPECT_EQ(visitor.await_text("again"), "again");
}

TEST(TcpDoor, TellsOnceWhyItCannotBeOpenedAndGoesOnTrying) {
  std::string port;
  {
    Listener gone;
    port = gone.port();
  }
  DoorSettings settings;
  settings.host = "127.0.0.1";
  settings.port = port;
  DoorVisitor visitor(settings);
  const auto failed = visitor.await(Door::Event::Kind::Failed);
  EXPECT_THAT(failed.text, HasSubstr("Connection refused"));
  EXPECT_FALSE(failed.is_final);
  Listener server(port);
  Descriptor session = server.accept();
  visitor.await_open();
  EXPECT_EQ(visitor.failures(), 1);
}

TEST(TcpDoor, LosesNothingOfALongAnswerThatNobodyReadsYet) {
  Listener server;
  DoorSettings settings;
  settings.host = "127.0.0.1";
  settings.port = server.port();
  DoorVisitor visitor(settings);
  Descriptor session = server.accept();
  visitor.await_open();
  const std::string answer = long_answer(8 << 20);
  std::thread writer([&] {
    put(session, answer);
    session.reset();
  });
  EXPECT_EQ(visitor.await_end(), answer);
  writer.join();
}

TEST(SerialDoor, ComesBackWhenTheLineDoes) {
  const TemporaryLink place;
  Pty first(place.path());
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Serial;
  settings.device = place.path();
  DoorVisitor visitor(settings);
  visitor.await_open();
  put(first.master(), "BootROM 1.0\r\n");
  EXPECT_EQ(visitor.await_text("1.0\r\n"), "BootROM 1.0\r\n");
  visitor.type("\r");
  EXPECT_EQ(get(first.master(), 1), "\r");

  first.pull();
  EXPECT_THAT(visitor.await(Door::Event::Kind::Ended).text, HasSubstr("vanished"));
  Pty second(place.path());
  visitor.await_open();
  put(second.master(), "back");
  EXPECT_EQ(visitor.await_text("back"), "back");
}

TEST(SerialDoor, SetsTheSpeedThatWasAskedFor) {
  const TemporaryLink place;
  Pty line(place.path());
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Serial;
  settings.device = place.path();
  settings.serial = SerialWords{.speed = 57600, .bits = 8, .flow = SerialWords::Flow::Software};
  DoorVisitor visitor(settings);
  visitor.await_open();
  const termios words = line.words();
  EXPECT_EQ(cfgetospeed(&words), static_cast<speed_t>(B57600));
  EXPECT_NE(words.c_iflag & IXON, 0U);
  EXPECT_EQ(words.c_lflag & (ICANON | ECHO), 0U);
}

TEST(CommandDoor, IsRunAgainWhenItEndsAndEndsWithItsDoor) {
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Command;
  settings.command = {"sh", "-c", "echo pid $$.; read line; echo got $line"};
  DoorVisitor visitor(settings);
  visitor.await_open();
  const std::string first = visitor.await_text(".");
  visitor.type("one\n");
  visitor.await_text("got one\n");
  EXPECT_EQ(visitor.await(Door::Event::Kind::Ended).text, "sh ended");
  visitor.await_open();
  const std::string second = visitor.await_text(".");
  EXPECT_NE(first, second);
  visitor.close();
  EXPECT_TRUE(is_gone(second));
}

TEST(CommandDoor, ManyAreOpenedAtOnceAndNoneWaitsForAnother) {
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Command;
  settings.command = {"cat"};
  for (int round = 0; round < 40; ++round) {
    std::vector<std::unique_ptr<DoorVisitor>> visitors(24);
    for (auto& visitor : visitors) visitor = std::make_unique<DoorVisitor>(settings);
    for (auto& visitor : visitors) {
      visitor->await_open();
      visitor->type("here\n");
      EXPECT_EQ(visitor->await_text("here\n"), "here\n");
    }
  }
}

TEST(CommandDoor, SaysAtOnceThatThereIsNoSuchProgram) {
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Command;
  settings.command = {"no-such-program-here"};
  DoorVisitor visitor(settings);
  const auto failed = visitor.await(Door::Event::Kind::Failed);
  EXPECT_TRUE(failed.is_final);
  EXPECT_THAT(failed.text, HasSubstr("no-such-program-here"));
}

}  // namespace
}  // namespace understudy::targets
