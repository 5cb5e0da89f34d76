// Datagrams that anybody may send to a testbed's listeners: read, told as facts, kept.
//
// Input: a byte for the listener, then the datagram.
#include "harness/error.h"
#include "targets/listeners/listening.h"
#include "targets/listeners/notification.h"
#include "targets/listeners/syslog_message.h"

namespace understudy::targets {
namespace {

bool is_plain(const std::string& text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) return false;
  return true;
}

Listening& listening() {
  static Listening one = [] {
    ListeningSettings settings;
    settings.dialect =
        *load_dialect_folder(std::string(UNDERSTUDY_SOURCE_DIR) + "/targets/dialects/exos");
    settings.nodes = {"MSM-A", "MSM-B"};
    settings.places = {{"traps", {}, ""}, {"syslog", {}, ""}};
    return std::move(*Listening::create(std::move(settings)));
  }();
  return one;
}

void feed(const std::string& listener, const std::string& bytes) {
  const auto heard = listening().hear({listener, {0x7f000001, 162}, {}, bytes});
  for (const Observation& fact : heard.facts) {
    ensure(fact.subject == "MSM-A" || fact.subject == "MSM-B", "a fact is about a node");
    ensure(is_plain(fact.value), "a value is plain text");
  }
  for (const Incident& incident : heard.incidents)
    ensure(is_plain(incident.words), "an incident is one line of plain text");
  ensure(heard.incidents.empty() || heard.incidents.size() <= 8,
         "a datagram is a few lines at most");
}

}  // namespace
}  // namespace understudy::targets

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace understudy::targets;
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  if (const auto trap = read_notification(bytes))
    understudy::ensure(!trap->oid.empty(), "a trap says which it is");
  if (const auto message = read_syslog(bytes))
    understudy::ensure(is_plain(message->text), "the text of a message is plain");
  feed((data[0] & 1) != 0 ? "syslog" : "traps", bytes);
  return 0;
}
