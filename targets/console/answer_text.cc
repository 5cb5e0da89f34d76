#include "targets/console/answer_text.h"

#include <algorithm>

namespace understudy::targets {

void AnswerText::restart(std::size_t keep) {
  text_.clear();
  keep_ = keep;
  dropped_ = 0;
  floor_ = 0;
}

void AnswerText::make_room(std::string_view& piece) {
  // The kept beginning is filled to the brim first.
  if (text_.size() < keep_) {
    const std::size_t missing = std::min(keep_ - text_.size(), piece.size());
    text_.append(piece.substr(0, missing));
    piece.remove_prefix(missing);
  }
  const std::size_t rolling = text_.size() - keep_;
  const std::size_t gone = rolling - std::min(rolling, tail_bytes);
  text_.erase(keep_, gone);
  dropped_ += gone;
  if (piece.size() > tail_bytes) {
    const std::size_t all = text_.size() - keep_ + piece.size() - tail_bytes;
    text_.resize(keep_);
    piece.remove_prefix(piece.size() - tail_bytes);
    dropped_ += all;
  }
}

std::string_view AnswerText::tail() const {
  const std::uint64_t end = dropped_ + text_.size();
  const std::uint64_t wanted = std::min<std::uint64_t>(end - floor_, tail_bytes);
  // What was dropped is never within the last tail_bytes.
  return std::string_view(text_).substr(text_.size() -
                                        std::min<std::uint64_t>(wanted, text_.size()));
}

std::string_view AnswerText::since(std::uint64_t place) const {
  const std::uint64_t count = dropped_ + text_.size() - place;
  if (count > text_.size()) return {};
  return std::string_view(text_).substr(text_.size() - count);
}

void AnswerText::cut_at(std::uint64_t place) {
  const std::uint64_t end = dropped_ + text_.size();
  if (place >= end) return;
  const std::uint64_t count = end - place;
  if (dropped_ > 0 && count > text_.size() - std::min(keep_, text_.size())) return;
  text_.resize(text_.size() - count);
  floor_ = std::min(floor_, place);
}

std::string AnswerText::take() {
  if (is_cut()) {
    std::size_t end = std::min(keep_, text_.size());
    while (end > 0 && end < text_.size() &&
           (static_cast<unsigned char>(text_[end]) & 0xc0U) == 0x80U) {
      --end;
    }
    text_.resize(end);
  }
  std::string text = std::move(text_);
  restart(0);
  return text;
}

}  // namespace understudy::targets
