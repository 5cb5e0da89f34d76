// A file that grows while a run goes on and holds no secret: stars stand in their places, byte for
// byte. The end of what was written waits while it may be the beginning of one.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "targets/secrets.h"

namespace understudy::targets {

class MaskedFile {
 public:
  /// Without a path nothing is kept. What stands in the file already stays in front.
  MaskedFile(const std::string& path, Mask mask);
  MaskedFile(MaskedFile&&) = default;
  MaskedFile& operator=(MaskedFile&&) = default;
  ~MaskedFile();

  /// Returns what is decided now, as it was written.
  std::string write(std::string_view bytes);

  /// What waits still.
  const std::string& held() const { return held_; }
  bool is_open() const { return file_ != nullptr; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void keep(std::string_view bytes);

  std::unique_ptr<std::FILE, Close> file_;
  Mask mask_;
  std::string held_;
};

}  // namespace understudy::targets
