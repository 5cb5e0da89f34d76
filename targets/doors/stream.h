// What transports that stand on one descriptor share: a TCP connection made without blocking, and
// reads and writes of a descriptor that does not block. Used inside this folder only.
#pragma once

#include <string>

#include "targets/doors/transport.h"

namespace understudy::targets {

/// A connected socket that does not block and notices a peer that is gone within `patience`.
tl::expected<Descriptor, DoorFailure> connect_to(const std::string& host, const std::string& port,
                                                 const Stop& stop, Duration limit,
                                                 Duration patience);

/// What may help against an error of the system; empty where nothing is known.
std::string hint_for(int error);

/// Appends what is there; false at the end or after an error, which `why` then tells.
bool read_from(int descriptor, std::string& to, std::string& why);

/// Writes what fits and removes it from `from`.
void write_to(int descriptor, std::string& from);

}  // namespace understudy::targets
