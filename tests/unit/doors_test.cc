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
  EXPECT_THAT(failed.hint, HasSubstr("nothing listens there"));
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

TEST(SerialDoor, SaysAtOnceThatItIsNoTerminal) {
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Serial;
  settings.device = "/etc/passwd";
  DoorVisitor visitor(settings);
  const auto failed = visitor.await(Door::Event::Kind::Failed);
  EXPECT_TRUE(failed.is_final);
  EXPECT_EQ(failed.hint, "it must be a terminal");
}

TEST(SerialDoor, SaysAtOnceThatTheLineCannotBeSo) {
  const TemporaryLink place;
  Pty line(place.path());
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Serial;
  settings.device = place.path();
  settings.serial = SerialWords{.speed = 12345};
  DoorVisitor visitor(settings);
  const auto failed = visitor.await(Door::Event::Kind::Failed);
  EXPECT_TRUE(failed.is_final);
  EXPECT_EQ(failed.hint, "the line cannot have these settings");
}

TEST(SerialDoor, WaitsForADeviceThatIsNotThereYet) {
  const TemporaryLink place;
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Serial;
  settings.device = place.path();
  DoorVisitor visitor(settings);
  const auto failed = visitor.await(Door::Event::Kind::Failed);
  EXPECT_FALSE(failed.is_final);
  EXPECT_THAT(failed.hint, HasSubstr("there is no such device now"));
  Pty line(place.path());
  visitor.await_open();
}

TEST(SerialDoor, SendsABreakAtTheFirstOpeningOnly) {
  const TemporaryLink place;
  Pty first(place.path());
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Serial;
  settings.device = place.path();
  settings.breaks = true;
  DoorVisitor visitor(settings);
  EXPECT_TRUE(visitor.await(Door::Event::Kind::Opened).sent_break);
  first.pull();
  Pty second(place.path());
  EXPECT_FALSE(visitor.await(Door::Event::Kind::Opened).sent_break);
}

// ---------------------------------------------------------------- telnet and RFC 2217

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

const std::string asked = bytes({255, 251, 0, 255, 253, 0, 255, 253, 3});
const std::string asked_for_line = asked + bytes({255, 251, 44});
const std::string does_lines = bytes({255, 253, 44});
const std::string confirms_line =
    bytes({255, 250, 44, 101, 0, 0, 0x25, 0x80, 255, 240, 255, 250, 44, 102, 8, 255, 240}) +
    bytes({255, 250, 44, 103, 1, 255, 240, 255, 250, 44, 104, 1, 255, 240}) +
    bytes({255, 250, 44, 105, 1, 255, 240});
constexpr std::size_t line_settings =
    38;  // bytes that ask for speed, bits, parity, stop bits, flow

DoorSettings telnet_to(const Listener& server) {
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Telnet;
  settings.host = "127.0.0.1";
  settings.port = server.port();
  return settings;
}

TEST(TelnetDoor, FailsWhereTheServerSaysNothingOfLines) {
  Listener server;
  DoorSettings settings = telnet_to(server);
  settings.serial = SerialWords{};
  settings.connect_limit = std::chrono::milliseconds(100);
  DoorVisitor visitor(settings);
  Descriptor session = server.accept();
  put(session, "login: ");
  const auto failed = visitor.await(Door::Event::Kind::Failed);
  EXPECT_THAT(failed.text, HasSubstr("the terminal server does not speak RFC 2217"));
  EXPECT_THAT(failed.hint, HasSubstr("without `line`"));
  EXPECT_FALSE(failed.is_final) << "it may hang today";
}

TEST(TelnetDoor, FailsForGoodWhereTheServerHasNoLinesOrSetsAnotherParity) {
  const std::pair<std::string, const char*> answers[] = {
      {bytes({255, 254, 44}), "does not speak RFC 2217"},
      {does_lines + bytes({255, 250, 44, 103, 2, 255, 240}), "did not take parity none"}};
  for (const auto& [answer, words] : answers) {
    Listener server;
    DoorSettings settings = telnet_to(server);
    settings.serial = SerialWords{};
    DoorVisitor visitor(settings);
    Descriptor session = server.accept();
    put(session, answer);
    const auto failed = visitor.await(Door::Event::Kind::Failed);
    EXPECT_THAT(failed.text, HasSubstr(words));
    EXPECT_TRUE(failed.is_final);
  }
}

TEST(TelnetDoor, LosesNothingThatCameWhileTheLineWasAgreedOn) {
  Listener server;
  DoorSettings settings = telnet_to(server);
  settings.serial = SerialWords{};
  DoorVisitor visitor(settings);
  Descriptor session = server.accept();
  put(session, "log" + does_lines + "in" + confirms_line + ": ");
  visitor.await_open();
  EXPECT_EQ(visitor.await_text(": "), "login: ");
}

TEST(TelnetDoor, SendsABreakAtTheFirstOpeningOnly) {
  Listener server;
  DoorSettings settings = telnet_to(server);
  settings.breaks = true;
  DoorVisitor visitor(settings);
  Descriptor first = server.accept();
  EXPECT_TRUE(visitor.await(Door::Event::Kind::Opened).sent_break);
  const std::string with_break = asked + bytes({255, 243});
  EXPECT_EQ(get(first, with_break.size()), with_break);
  first.reset();
  Descriptor second = server.accept();
  const auto again = visitor.await(Door::Event::Kind::Opened);
  EXPECT_FALSE(again.sent_break);
  put(again.bytes, "x");
  EXPECT_EQ(get(second, asked.size() + 1), asked + "x");
}

TEST(TelnetDoor, HoldsABreakAndEndsItWithTheDoor) {
  Listener server;
  DoorSettings settings = telnet_to(server);
  settings.serial = SerialWords{};
  settings.breaks = true;
  settings.break_length = std::chrono::hours(1);
  DoorVisitor visitor(settings);
  Descriptor session = server.accept();
  EXPECT_EQ(get(session, asked_for_line.size()), asked_for_line);
  put(session, does_lines + confirms_line);
  get(session, line_settings);
  EXPECT_EQ(get(session, 7), bytes({255, 250, 44, 5, 5, 255, 240}));
  visitor.close();
  EXPECT_EQ(get(session, 100), bytes({255, 250, 44, 5, 6, 255, 240})) << "and then the end";
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
  EXPECT_EQ(visitor.await(Door::Event::Kind::Ended).text, "sh exited with status 0");
  visitor.await_open();
  const std::string second = visitor.await_text(".");
  EXPECT_NE(first, second);
  visitor.close();
  EXPECT_TRUE(is_gone(second));
}

TEST(CommandDoor, TellsHowItEndedAndItsLastComplaint) {
  const std::pair<const char*, const char*> programs[] = {
      {"echo trying ts >&2; echo cannot reach ts >&2; echo >&2; exit 3",
       "sh exited with status 3: cannot reach ts"},
      {"printf 'no end of line' >&2; exit 1", "sh exited with status 1: no end of line"},
      {"kill -TERM $$", "sh was killed by signal 15 (Terminated)"},
      {"head -c 2000 /dev/zero | tr '\\0' x >&2; exit 4", "sh exited with status 4"}};
  for (const auto& [program, words] : programs) {
    DoorSettings settings;
    settings.kind = DoorSettings::Kind::Command;
    settings.command = {"sh", "-c", program};
    EXPECT_EQ(DoorVisitor(settings).await(Door::Event::Kind::Ended).text, words);
  }
}

TEST(CommandDoor, IsNotHeldUpByItsComplaints) {
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Command;
  settings.command = {"sh", "-c", "head -c 300000 /dev/zero >&2; echo done; exec cat"};
  DoorVisitor visitor(settings);
  visitor.await_open();
  EXPECT_EQ(visitor.await_text("done\n"), "done\n");
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
