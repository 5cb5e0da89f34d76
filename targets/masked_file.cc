#include "targets/masked_file.h"

#include <utility>

namespace understudy::targets {

MaskedFile::MaskedFile(const std::string& path, Mask mask) : mask_(std::move(mask)) {
  if (!path.empty()) file_.reset(std::fopen(path.c_str(), "abe"));
}

MaskedFile::~MaskedFile() {
  keep(held_);
}

std::string MaskedFile::write(std::string_view bytes) {
  held_ = mask_.applied_to(held_.append(bytes));
  std::string decided = held_.substr(0, held_.size() - mask_.undecided(held_));
  held_.erase(0, decided.size());
  keep(decided);
  return decided;
}

void MaskedFile::keep(std::string_view bytes) {
  if (!file_ || bytes.empty()) return;
  std::fwrite(bytes.data(), 1, bytes.size(), file_.get());
  std::fflush(file_.get());
}

}  // namespace understudy::targets
