// P10: the inline wire at work, with frames data, a filter, two faults in its table that meet no
// frame of the stream, and captures. Arguments: FRAMES-FILE INTERFACE INTERFACE; until killed.
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "targets/wire/relay.h"

int main(int argc, char** argv) {
  using namespace understudy;
  using namespace understudy::targets;
  if (argc != 4) return 2;
  std::string folder = "/dev/shm/understudy-inline-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 3;
  RelaySettings settings;
  settings.wire.link = "wire";
  settings.wire.ends = {{"A", {}}, {"B", {}}};
  settings.wire.layer = FrameLayer::Ethernet;
  settings.wire.payload_at = 16;
  settings.wire.folder = folder;
  settings.interfaces = {argv[2], argv[3]};
  settings.start = monotonic_now();
  auto words = load_frames_file(argv[1]);
  auto filter = make_frame_filter("ether proto 0x88b5", "inline_bench");
  if (!words || !filter) return 3;
  settings.wire.frames = std::move(*words);
  settings.wire.filter = std::move(*filter);
  auto relay = Relay::start(std::move(settings), [](const WireNote& note) {
    if (!note.text.empty()) std::fprintf(stderr, "%s\n", note.text.c_str());
  });
  if (!relay) {
    std::fprintf(stderr, "%s\n", to_line(relay.error()).c_str());
    return 3;
  }
  Fault drop;
  drop.kind = Fault::Kind::Drop;
  drop.type = "checkpoint-bulk";
  (*relay)->install(drop);
  Fault delay;
  delay.kind = Fault::Kind::Delay;
  delay.from = 1;
  delay.by = Duration(1000);
  (*relay)->install(delay);
  std::filesystem::remove_all(folder);  // the files live as long as they are written
  for (;;) pause();
}
