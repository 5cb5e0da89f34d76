#include "reference-impl/chassis/checksum.h"

#include <boost/crc.hpp>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace understudy::reference {

std::uint32_t crc32c_by_table(std::initializer_list<std::string_view> pieces) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum;
  for (const std::string_view piece : pieces) sum.process_bytes(piece.data(), piece.size());
  return sum.checksum();
}

#if defined(__x86_64__)
namespace {

__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_instruction(
    std::initializer_list<std::string_view> pieces) {
  std::uint64_t sum = 0xFFFFFFFF;
  for (const std::string_view piece : pieces) {
    const char* at = piece.data();
    std::size_t left = piece.size();
    for (; left >= 8; left -= 8, at += 8) {
      std::uint64_t word;
      std::memcpy(&word, at, sizeof word);
      sum = _mm_crc32_u64(sum, word);
    }
    if (left >= 4) {
      std::uint32_t word;
      std::memcpy(&word, at, sizeof word);
      sum = _mm_crc32_u32(static_cast<std::uint32_t>(sum), word);
      left -= 4;
      at += 4;
    }
    for (; left > 0; --left, ++at) {
      sum = _mm_crc32_u8(static_cast<std::uint32_t>(sum), static_cast<unsigned char>(*at));
    }
  }
  return static_cast<std::uint32_t>(sum) ^ 0xFFFFFFFF;
}

const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;

}  // namespace

std::uint32_t crc32c(std::initializer_list<std::string_view> pieces) {
  return has_instruction ? crc32c_by_instruction(pieces) : crc32c_by_table(pieces);
}
#else
std::uint32_t crc32c(std::initializer_list<std::string_view> pieces) {
  return crc32c_by_table(pieces);
}
#endif

}  // namespace understudy::reference
