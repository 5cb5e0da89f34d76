// One run at a time writes to a folder: each holds a lock on it, which the system takes away with
// the process however it ends. Nothing is left in the folder. Where the file system has no locks
// the folder is not guarded.
#pragma once

#include <string>
#include <utility>

#include "harness/error.h"

namespace understudy {

class FolderLock {
 public:
  /// Makes the folder where it is not there. An error: another process holds it.
  static Result<FolderLock> take(const std::string& folder);

  FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}

  int file_ = -1;
};

}  // namespace understudy
