// Frames data: what a frame is, and what it says of its sender.
#include "targets/frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace understudy::targets {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

using Bytes = std::vector<std::uint8_t>;

constexpr const char* words_text = R"(
frames: tiny
types:
  heartbeat: {periodic: true, match: [{at: 0, hex: "48 42"}, {at: 2, hex: "10", mask: "f0"}]}
  bulk:      {match: [{at: 0, hex: "4842"}]}
fields:
  - {attribute: state, types: [heartbeat], at: 3, length: 1, values: {0: INIT, 0x01: MASTER}}
  - {attribute: sequence, types: [heartbeat, bulk], at: 4, length: 2, order: little}
  - {attribute: office, types: [heartbeat], at: 2, length: 1, mask: 0x0e}
  - {attribute: term, types: [bulk], at: 4, length: 2}
)";

FrameWords tiny() {
  return load_frames(words_text, "tiny.yaml").value();
}

std::string error_of(const std::string& text) {
  const auto words = load_frames(text, "bad.yaml");
  return words ? "no error" : to_line(words.error());
}

TEST(Frames, TheFirstTypeWhosePatternsAllFitIsTheType) {
  EXPECT_EQ(tiny().type_of(Bytes{0x48, 0x42, 0x1f, 0}), "heartbeat");
  EXPECT_EQ(tiny().type_of(Bytes{0x48, 0x42, 0x2f, 0}), "bulk");
}

TEST(Frames, WhatFitsNoPatternIsOther) {
  EXPECT_EQ(tiny().type_of(Bytes{0x48, 0x43, 0x10}), "other");
  EXPECT_EQ(tiny().type_of(Bytes{0x48}), "other");
  EXPECT_EQ(tiny().type_of(Bytes{}), "other");
}

TEST(Frames, FieldsTellAttributesOfTheSenderInEitherByteOrder) {
  EXPECT_THAT(tiny().attributes_of(Bytes{0x48, 0x42, 0x14, 1, 0x34, 0x12}),
              ElementsAre(Pair("state", "MASTER"), Pair("sequence", "4660"), Pair("office", "2")));
  EXPECT_THAT(tiny().attributes_of(Bytes{0x48, 0x42, 0, 1, 0x34, 0x12}),
              ElementsAre(Pair("sequence", "4660"), Pair("term", "13330")));
}

TEST(Frames, ANumberOutsideAClosedVocabularySaysNothing) {
  EXPECT_THAT(tiny().attributes_of(Bytes{0x48, 0x42, 0x10, 9, 0, 0}),
              ElementsAre(Pair("sequence", "0"), Pair("office", "0")));
}

TEST(Frames, AFrameTooShortForAFieldSaysNothingOfIt) {
  EXPECT_THAT(tiny().attributes_of(Bytes{0x48, 0x42, 0x10, 1, 7}),
              ElementsAre(Pair("state", "MASTER"), Pair("office", "0")));
}

TEST(Frames, PeriodicTypesAreKnown) {
  EXPECT_TRUE(tiny().is_periodic("heartbeat"));
  EXPECT_FALSE(tiny().is_periodic("bulk"));
  EXPECT_FALSE(tiny().is_periodic("other"));
}

TEST(Frames, MistakesInTheDataAreOneLineWithTheirPlace) {
  EXPECT_THAT(error_of("frames: x\ntypes:\n  a: {match: [{at: 0, hex: \"5\"}]}\n"),
              HasSubstr("bad.yaml:3: `5` is no row of bytes in hex"));
  EXPECT_THAT(error_of("frames: x\ntypes:\n  a: {match: [{at: x, hex: \"55\"}]}\n"),
              HasSubstr("`x` is no number"));
  EXPECT_THAT(error_of("frames: x\ntypes:\n  a: {match: [{at: 0, hex: \"5555\", mask: \"ff\"}]}\n"),
              HasSubstr("hex and mask differ in length"));
  EXPECT_THAT(error_of("frames: x\ntypes:\n  other: {match: [{at: 0, hex: \"55\"}]}\n"),
              HasSubstr("`other` is the name of what fits no pattern"));
  EXPECT_THAT(error_of("frames: x\ntypes:\n  beat: {match: [{at: 0, hex: \"55\"}]}\nfields:\n"
                       "  - {attribute: a, types: [beet], at: 0, length: 1}\n"),
              HasSubstr("did you mean `beat`"));
  EXPECT_THAT(error_of(""), HasSubstr("bad.yaml"));
}

TEST(Frames, OurOwnNodesFramesAreDescribed) {
  const auto words =
      load_frames_file(std::string(UNDERSTUDY_SOURCE_DIR) + "/targets/frames/understudy.yaml");
  ASSERT_TRUE(words.has_value()) << to_line(words.error());
  Bytes frame(64, 0);
  frame[0] = 'U';
  frame[1] = 'S';
  frame[2] = frame[3] = 1;
  frame[5] = 4;
  frame[24] = 50;
  EXPECT_EQ(words->type_of(frame), "heartbeat");
  EXPECT_THAT(words->attributes_of(frame),
              ElementsAre(Pair("state", "MASTER"), Pair("standby.receives", "nothing"),
                          Pair("priority", "50")));
  frame[3] = 5;
  EXPECT_EQ(words->type_of(frame), "checkpoint-bulk");
}

}  // namespace
}  // namespace understudy::targets
