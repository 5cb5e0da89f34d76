// What comes to a testbed's listeners, told as facts: an SNMP notification or a syslog message is
// counted for the node that sent it, and what the dialect reads in it is told of the node that it
// is about. Needs no console, so it goes on when all of them are dead. Used by the device; one
// thread; time comes with the datagrams. What cannot be read is one incident and no fact.
// Everything is kept in LISTENER.pcap, with stars over secrets; of a flood the first 20,000
// datagrams are kept and told one by one, the rest is counted.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/target.h"
#include "targets/dialect.h"
#include "targets/secrets.h"
#include "targets/wire/capture.h"

namespace understudy::targets {

/// Where one listener hears.
struct ListeningPlace {
  std::string listener;     ///< "traps", "syslog"
  FrameAddress address{};   ///< its own
  std::string community{};  ///< of notifications; empty: any
};

struct ListeningSettings {
  std::shared_ptr<const Dialect> dialect;
  std::vector<std::string> nodes;
  std::vector<std::uint32_t> addresses;  ///< of each node, as FrameAddress::ip; 0: not known
  std::vector<ListeningPlace> places;
  std::string folder;  ///< receives the captures; empty: no files
  Mask mask{};
};

struct HeardDatagram {
  std::string listener;
  FrameAddress from{};
  Time at{};
  std::string bytes;
};

class Listening {
 public:
  static Result<Listening> create(ListeningSettings settings);

  struct Heard {
    std::vector<Observation> facts;
    std::vector<Incident> incidents;
  };
  Heard hear(const HeardDatagram& datagram);

  /// What is known of an attribute at `now`: a count of each node, the latest value where there is
  /// one.
  std::vector<Observation> told(const std::string& listener, const std::string& attribute,
                                Time now);

  /// Counts begin again for since_act().
  void act_begins() { at_act_ = counts_; }
  /// Of what is counted from an act; nothing of anything else.
  std::optional<Value> since_act(const std::string& listener, const std::string& node,
                                 const std::string& attribute) const;

  std::vector<std::string> files() const;

 private:
  struct Key {
    std::string listener;
    std::string node;
    std::string attribute;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Latest {
    Value value;
    std::string evidence;
  };
  /// What one listener has heard so far.
  struct Ear {
    std::unique_ptr<Capture> capture;
    std::uint64_t heard = 0;
    std::uint64_t unread = 0;
    Time told{};
  };
  /// A datagram that is being read.
  struct Reading {
    const HeardDatagram& datagram;
    std::string evidence;
    Time at{};
    bool is_told = true;
    Heard heard{};
  };

  explicit Listening(ListeningSettings settings) : settings_(std::move(settings)) {}

  const ListeningPlace* place_of(const std::string& listener) const;
  void begin_counts();
  void read_trap(Reading& reading);
  void read_syslog(Reading& reading);
  void count(Reading& reading, std::size_t node, const std::string& attribute);
  void learn(Reading& reading, std::size_t node, const OidRule& rule, const std::string& text);
  void unread(Reading& reading, const std::string& why);
  std::size_t sender_of(const Reading& reading) const;
  bool is_stranger(Reading& reading, std::size_t sender);
  Observation fact(const Key& key, Value value, Time at, std::string evidence) const;

  ListeningSettings settings_;
  std::map<std::string, Ear> ears_;
  std::map<Key, std::uint64_t> counts_;
  std::map<Key, std::uint64_t> at_act_;
  std::map<Key, Latest> latest_;
};

/// What a rule makes of a variable's value; nothing if it is none of the rule's words.
std::optional<Value> value_by(const OidRule& rule, const std::string& text);

/// The attributes that a listener of this name tells with this dialect.
std::vector<std::string> listened_attributes(const Dialect& dialect, const std::string& listener);

/// The closed lists among them.
std::vector<std::pair<std::string, std::vector<Value>>> listened_vocabularies(
    const Dialect& dialect, const std::string& listener);

}  // namespace understudy::targets
