// CRC-32C (Castagnoli, as in iSCSI and ext4), for frames between modules and for flash files. It
// finds every single changed byte. By the processor's own instruction where it has one, since two
// checksums a heartbeat are a good part of what a simulated world costs; by Boost's table
// everywhere else.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace understudy::reference {

/// Of the pieces as if they were one.
std::uint32_t crc32c(std::initializer_list<std::string_view> pieces);

/// The same without the instruction.
std::uint32_t crc32c_by_table(std::initializer_list<std::string_view> pieces);

}  // namespace understudy::reference
