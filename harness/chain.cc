#include "harness/chain.h"

#include <sodium.h>

#include <fstream>

#include "harness/error.h"

namespace understudy {
namespace {

std::string in_hexadecimal(const std::array<unsigned char, 32>& bytes) {
  std::array<char, 65> text{};
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  return text.data();
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Chain::Chain() {
  ensure(sodium_init() >= 0, "libsodium starts");
}

void Chain::add(std::string_view line) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, head_.size());
  crypto_generichash_update(&state, head_.data(), head_.size());
  crypto_generichash_update(&state, bytes_of(line), line.size());
  crypto_generichash_final(&state, head_.data(), head_.size());
  ++length_;
}

std::string Chain::head() const {
  return in_hexadecimal(head_);
}

std::string seal_of(std::string_view text) {
  ensure(sodium_init() >= 0, "libsodium starts");
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), bytes_of(text), text.size(), nullptr, 0);
  return in_hexadecimal(hash);
}

std::optional<std::string> seal_of_file(const std::string& path) {
  ensure(sodium_init() >= 0, "libsodium starts");
  std::ifstream file(path, std::ios::binary);
  std::array<unsigned char, 32> hash{};
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, hash.size());
  std::array<char, 65536> chunk;
  while (file.read(chunk.data(), chunk.size()) || file.gcount() > 0) {
    const std::string_view bytes(chunk.data(), static_cast<std::size_t>(file.gcount()));
    crypto_generichash_update(&state, bytes_of(bytes), bytes.size());
  }
  if (!file.eof()) return std::nullopt;
  crypto_generichash_final(&state, hash.data(), hash.size());
  return in_hexadecimal(hash);
}

}  // namespace understudy
