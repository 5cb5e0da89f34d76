#include "reference-impl/daemon/flash_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <vector>

namespace understudy::reference {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_suffix = ".tmp";

bool is_plain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
}

// Any name is a file name: other bytes, and a dot in front, become %XX.
std::string encode(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (is_plain(c) && !(text.empty() && c == '.')) {
      text += c;
    } else {
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return text;
}

std::string decode(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      name += static_cast<char>(value);
      i += 2;
    } else {
      name += text[i];
    }
  }
  return name;
}

std::string read_file(const fs::path& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

tl::unexpected<std::string> failed(std::string_view what, const fs::path& path) {
  return tl::unexpected(fmt::format("{} {}: {}", what, path.string(), std::strerror(errno)));
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_regular_file(error)) paths.push_back(entry.path());
  }
  return paths;
}

}  // namespace

tl::expected<FlashFolder, std::string> FlashFolder::open(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return tl::unexpected(fmt::format("cannot make {}: {}", folder.string(), error.message()));
  }
  if (!fs::is_directory(folder, error)) {
    return tl::unexpected(fmt::format("{} is not a folder", folder.string()));
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return failed("cannot write to", folder);
  return FlashFolder(folder);
}

fs::path FlashFolder::path_of(std::string_view name) const {
  return folder_ / encode(name);
}

FlashFiles FlashFolder::read() const {
  FlashFiles files;
  for (const fs::path& path : files_in(folder_)) {
    const std::string name = path.filename().string();
    if (name.ends_with(temporary_suffix)) {
      std::error_code ignored;
      fs::remove(path, ignored);
    } else {
      files.emplace(decode(name), read_file(path));
    }
  }
  return files;
}

tl::expected<void, std::string> FlashFolder::write(std::string_view name,
                                                   std::string_view content) const {
  const fs::path path = path_of(name);
  fs::path temporary = path;
  temporary += temporary_suffix;
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return failed("cannot write", temporary);
  const bool is_written = write_all(file, content);
  ::close(file);
  if (!is_written) return failed("cannot write", temporary);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return failed("cannot rename", temporary);
  return {};
}

std::size_t FlashFolder::damage(std::string_view file, FlashDamage damage) const {
  std::size_t count = 0;
  for (const fs::path& path : files_in(folder_)) {
    const std::string name = decode(path.filename().string());
    if (name.substr(0, name.rfind('.')) != file) continue;
    std::string content = damaged(read_file(path), damage);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    ++count;
  }
  return count;
}

}  // namespace understudy::reference
