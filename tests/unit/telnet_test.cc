// Telnet and RFC 2217 by the bytes exchanged: a pty has no parity, no break and no modem lines.
#include "targets/doors/telnet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace understudy::targets {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

constexpr int iac = 255, will = 251, wont = 252, doo = 253, dont = 254, sb = 250, se = 240;
constexpr int binary = 0, echo = 1, sga = 3, com_port = 44;

std::string taken(Telnet& telnet) {
  return std::exchange(telnet.output(), {});
}

std::string heard(Telnet& telnet, const std::string& sent) {
  std::string plain;
  telnet.received(sent, plain);
  return plain;
}

TEST(Telnet, AsksForEightBitsAndCharacterMode) {
  Telnet telnet({});
  const std::string sent = taken(telnet);
  EXPECT_THAT(sent, HasSubstr(bytes({iac, will, binary})));
  EXPECT_THAT(sent, HasSubstr(bytes({iac, doo, binary})));
  EXPECT_THAT(sent, HasSubstr(bytes({iac, doo, sga})));
  EXPECT_THAT(sent, Not(HasSubstr(bytes({iac, will, com_port}))));
}

TEST(Telnet, RefusesWhatItDoesNotKnowAndLetsTheServerEcho) {
  Telnet telnet({});
  taken(telnet);
  heard(telnet, bytes({iac, will, echo}));
  EXPECT_EQ(taken(telnet), bytes({iac, doo, echo}));
  heard(telnet, bytes({iac, doo, 24, iac, will, 31}));
  EXPECT_EQ(taken(telnet), bytes({iac, wont, 24, iac, dont, 31}));
}

TEST(Telnet, TakesNegotiationOutOfTheTextWhereverItIsCut) {
  const std::string whole = "ab" + bytes({iac, will, echo}) + "c" + bytes({iac, iac}) + "d\r" +
                            bytes({0}) + "\ne" + bytes({iac, sb, 24, 1, iac, se}) + "f";
  const std::string text =
      "abc\xff"
      "d\r\nef";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    Telnet telnet({});
    const std::string first = heard(telnet, whole.substr(0, cut));
    EXPECT_EQ(first + heard(telnet, whole.substr(cut)), text) << cut;
  }
}

TEST(Telnet, SendsAReturnAsTheAgreementIs) {
  Telnet telnet({});
  taken(telnet);
  telnet.typed("a\r");
  EXPECT_EQ(taken(telnet), "a\r" + bytes({0}));
  heard(telnet, bytes({iac, doo, binary}));
  taken(telnet);
  telnet.typed("a\r\xff");
  EXPECT_EQ(taken(telnet), "a\r" + bytes({iac, iac}));
}

TEST(Telnet, ReadsNothingBehindAFailureWhereverItIsCut) {
  const std::string refusal = bytes({iac, dont, com_port});
  const std::string not_compressed = bytes({iac, sb, 86, iac, se}) + "no zlib";
  for (const std::string& breaks : {refusal, not_compressed}) {
    const std::string whole = "ab" + breaks + "cd" + bytes({iac, doo, 24});
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
      Telnet telnet(SerialWords{});
      taken(telnet);
      const std::string first = heard(telnet, whole.substr(0, cut));
      EXPECT_EQ(first + heard(telnet, whole.substr(cut)), "ab") << cut;
      EXPECT_EQ(taken(telnet), "") << cut;
      EXPECT_NE(telnet.failure(), "") << cut;
    }
  }
}

TEST(Rfc2217, TellsSpeedBitsParityStopBitsAndFlowControl) {
  Telnet telnet(SerialWords{.speed = 115200,
                            .bits = 7,
                            .stop_bits = 2,
                            .parity = SerialWords::Parity::Even,
                            .flow = SerialWords::Flow::Hardware});
  EXPECT_THAT(taken(telnet), HasSubstr(bytes({iac, will, com_port})));
  heard(telnet, bytes({iac, doo, com_port}));
  EXPECT_EQ(taken(telnet), bytes({iac, sb, com_port, 1, 0, 1,   0xc2, 0, iac, se,  // speed
                                  iac, sb, com_port, 2, 7, iac, se,                // bits
                                  iac, sb, com_port, 3, 3, iac, se,                // parity
                                  iac, sb, com_port, 4, 2, iac, se,                // stop bits
                                  iac, sb, com_port, 5, 3, iac, se}));             // flow control
}

TEST(Rfc2217, BeginsABreakAndEndsIt) {
  Telnet telnet(SerialWords{.speed = 9600});
  heard(telnet, bytes({iac, doo, com_port}));
  taken(telnet);
  telnet.start_break();
  EXPECT_EQ(taken(telnet), bytes({iac, sb, com_port, 5, 5, iac, se}));
  telnet.end_break();
  EXPECT_EQ(taken(telnet), bytes({iac, sb, com_port, 5, 6, iac, se}));
  Telnet plain({});
  taken(plain);
  plain.start_break();
  plain.end_break();
  EXPECT_EQ(taken(plain), bytes({iac, 243}));
}

std::string confirmed(int command, int value) {
  return bytes({iac, sb, com_port, 100 + command, value, iac, se});
}

std::string speed_confirmed(int high, int low) {
  return bytes({iac, sb, com_port, 101, 0, 0, high, low, iac, se});
}

const SerialWords odd_line{
    .speed = 9600, .parity = SerialWords::Parity::Odd, .flow = SerialWords::Flow::Hardware};

TEST(Rfc2217, IsAgreedOnWhenEachSettingIsConfirmed) {
  Telnet telnet(odd_line);
  EXPECT_FALSE(telnet.is_agreed());
  heard(telnet, bytes({iac, doo, com_port}));
  EXPECT_TRUE(telnet.is_agreed());
  heard(telnet, speed_confirmed(0x25, 0x80) + confirmed(2, 8) + confirmed(3, 2) + confirmed(4, 1));
  heard(telnet, confirmed(5, 5) + confirmed(7, 1) + bytes({iac, sb, com_port, 106, iac, se}));
  EXPECT_FALSE(telnet.is_confirmed()) << "flow control is missed";
  heard(telnet, confirmed(5, 3));
  EXPECT_TRUE(telnet.is_confirmed());
  EXPECT_EQ(telnet.failure(), "");
}

TEST(Rfc2217, FailsWhereTheLineHasAnotherSettingThanItWasTold) {
  const std::pair<std::string, const char*> others[] = {{speed_confirmed(0x4b, 0), "speed 9600"},
                                                        {confirmed(2, 7), "bits 8"},
                                                        {confirmed(3, 1), "parity odd"},
                                                        {confirmed(4, 2), "stop-bits 1"},
                                                        {confirmed(5, 1), "flow hardware"}};
  for (const auto& [answer, words] : others) {
    Telnet telnet(odd_line);
    heard(telnet, bytes({iac, doo, com_port}) + answer);
    EXPECT_EQ(telnet.failure(), std::string("the terminal server's line did not take ") + words);
    Telnet indifferent({});
    heard(indifferent, answer);
    EXPECT_EQ(indifferent.failure(), "");
  }
}

TEST(Rfc2217, IsMissedWhereTheServerDoesNotSpeakIt) {
  Telnet telnet(SerialWords{.speed = 9600});
  heard(telnet, bytes({iac, dont, com_port}));
  EXPECT_THAT(telnet.failure(), HasSubstr("RFC 2217"));
  Telnet indifferent({});
  heard(indifferent, bytes({iac, dont, com_port}));
  EXPECT_EQ(indifferent.failure(), "");
}

}  // namespace
}  // namespace understudy::targets
