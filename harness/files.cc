#include "harness/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace understudy {
namespace {

std::string reason() {
  return std::strerror(errno);
}

void flush_folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const int file =
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

/// Where it fails, opening the file tells why.
void make_folder_of(const std::string& path) {
  std::error_code told_later;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), told_later);
}

enum class Until { Kept, OnDisk };

Result<void> write_and_rename(const std::string& path, const std::string& text, Until until) {
  make_folder_of(path);
  const std::string neighbour = path + ".new";
  const int file = ::open(neighbour.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return fail(path, "cannot be written: " + reason());
  const bool is_written = write_all(file, text) && (until == Until::Kept || ::fsync(file) == 0);
  const std::string why = is_written ? "" : reason();
  ::close(file);
  if (!is_written) return fail(path, "cannot be written: " + why);
  if (::rename(neighbour.c_str(), path.c_str()) != 0) {
    return fail(path, "cannot be written: " + reason());
  }
  if (until == Until::OnDisk) flush_folder_of(path);
  return {};
}

}  // namespace

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<void> write_whole(const std::string& path, const std::string& text) {
  return write_and_rename(path, text, Until::Kept);
}

Result<void> write_durably(const std::string& path, const std::string& text) {
  return write_and_rename(path, text, Until::OnDisk);
}

Result<std::string> read_text(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(path, "cannot be read: " + reason());
  std::string text;
  std::array<char, 65536> chunk;
  ssize_t size = 0;
  while ((size = ::read(file, chunk.data(), chunk.size())) != 0) {
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) break;
    text.append(chunk.data(), static_cast<std::size_t>(size));
  }
  const std::string why = size < 0 ? reason() : "";
  ::close(file);
  if (size < 0) return fail(path, "cannot be read: " + why);
  return text;
}

}  // namespace understudy
