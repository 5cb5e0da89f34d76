#include "targets/console/screen.h"

#include <algorithm>
#include <bit>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace understudy::targets {

namespace {

constexpr std::size_t kept_tail = 4 << 10;  // of a line that is spilled in pieces

bool is_special(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return (value < 0x20 && value != '\t') || value >= 0x7f;
}

bool is_blank_text(std::string_view text) {
  return text.find_first_not_of(' ') == std::string_view::npos;
}

/// The length of the valid UTF-8 sequence at the beginning of `text`, 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xc0U) == 0x80U; };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first < 0xf0) {
    const bool is_overlong = first == 0xe0 && at(1) < 0xa0;
    const bool is_surrogate = first == 0xed && at(1) >= 0xa0;
    return follows(1) && follows(2) && !is_overlong && !is_surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first < 0xf5) {
    const bool is_outside = (first == 0xf0 && at(1) < 0x90) || (first == 0xf4 && at(1) >= 0x90);
    return follows(1) && follows(2) && follows(3) && !is_outside ? 4 : 0;
  }
  return 0;
}

inline const char* scan(const char* begin, const char* end) {
#if defined(__SSE2__)
  const __m128i space = _mm_set1_epi8(0x20);
  const __m128i tab = _mm_set1_epi8('\t');
  const __m128i del = _mm_set1_epi8(0x7f);
  for (; end - begin >= 16; begin += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(begin));
    // Signed comparison: bytes with the high bit count as below the space.
    const __m128i low = _mm_andnot_si128(_mm_cmpeq_epi8(bytes, tab), _mm_cmplt_epi8(bytes, space));
    const int mask = _mm_movemask_epi8(_mm_or_si128(low, _mm_cmpeq_epi8(bytes, del)));
    if (mask != 0) return begin + std::countr_zero(static_cast<unsigned>(mask));
  }
#endif
  return std::find_if(begin, end, is_special);
}

}  // namespace

const char* find_special(const char* begin, const char* end) {
  return scan(begin, end);
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      valid += '?';
      text.remove_prefix(1);
    } else {
      valid += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return valid;
}

void Screen::feed(std::string_view bytes, std::uint64_t position, ScreenListener& listener) {
  const char* const begin = bytes.data();
  const char* const end = begin + bytes.size();
  const char* at = begin;
  while (at < end) {
    const std::uint64_t here = position + static_cast<std::uint64_t>(at - begin);
    if (cells_.empty() && !is_rest_) row_byte_ = here;
    if (state_ != State::Ground) {
      escape(*at++, listener);
      continue;
    }
    const char* special = scan(at, end);
    if (special < end && is_plain() && special - at < static_cast<std::ptrdiff_t>(row_limit)) {
      const char* line_feed = special;
      while (line_feed < end && *line_feed == '\r') ++line_feed;
      if (line_feed < end && *line_feed == '\n') {
        listener.on_line({.text = {at, special}, .floor = 0, .byte = here, .is_rest = false});
        at = line_feed + 1;
        continue;
      }
    }
    if (special > at) write({at, special}, listener);
    at = special;
    if (at == end) break;
    if (static_cast<unsigned char>(*at) >= 0x80) {
      has_high_bytes_ = true;
      write({at, 1}, listener);
    } else {
      control(*at, listener);
    }
    ++at;
  }
}

std::string_view Screen::tail() const {
  if (state_ != State::Ground || column_ < cells_.size()) return {};
  return std::string_view(cells_).substr(floor_);
}

void Screen::consume_pager(std::size_t begin) {
  consume();
  pager_begin_ = begin;
  erasure_ = Erasure::Asked;
}

void Screen::clear() {
  cells_.clear();
  column_ = 0;
  floor_ = 0;
  is_rest_ = false;
  has_high_bytes_ = false;
  erasure_ = Erasure::None;
}

void Screen::write(std::string_view text, ScreenListener& listener) {
  if (erasure_ == Erasure::Returned && !is_blank_text(text)) erasure_ = Erasure::None;
  if (column_ < floor_) floor_ = column_;
  if (column_ > cells_.size()) cells_.append(column_ - cells_.size(), ' ');
  while (!text.empty()) {
    const std::size_t over = cells_.size() - column_;
    const std::size_t count =
        std::min(text.size(), over > 0 ? over : row_limit - std::min(row_limit, cells_.size()));
    if (over > 0) {
      cells_.replace(column_, count, text.substr(0, count));
    } else {
      cells_.append(text.substr(0, count));
    }
    column_ += count;
    text.remove_prefix(count);
    if (cells_.size() >= row_limit) spill(listener);
  }
}

void Screen::spill(ScreenListener& listener) {
  std::size_t count = cells_.size() - kept_tail;
  while (count > kept_tail && (static_cast<unsigned char>(cells_[count]) & 0xc0U) == 0x80U) --count;
  const auto piece = std::string_view(cells_).substr(0, count);
  listener.on_piece(has_high_bytes_ ? valid_utf8(piece) : std::string(piece));
  cells_.erase(0, count);
  column_ -= std::min(column_, count);
  floor_ -= std::min(floor_, count);
  erasure_ = Erasure::None;
  is_rest_ = true;
}

void Screen::control(char byte, ScreenListener& listener) {
  switch (byte) {
    case '\n':
      new_line(listener);
      break;
    case '\r':
      drop_trailing_blanks();
      return_over_pager();
      floor_ = std::min(floor_, cells_.size());
      column_ = 0;
      break;
    case '\b':
      move_left_to(column_ - std::min<std::size_t>(column_, 1));
      break;
    case '\x1b':
      state_ = State::Escape;
      parameters_.clear();
      break;
    default:  // NUL, BEL, DEL and the rest show nothing; other values never come here
      break;
  }
}

/// A carriage return on a pager's line: it begins the erasure, is in the middle of it, or ends it.
void Screen::return_over_pager() {
  if (erasure_ == Erasure::Asked) {
    const std::size_t end = std::min(floor_, cells_.size());
    const bool has_more = !is_blank_text(std::string_view(cells_).substr(end));
    if (has_more) {  // output followed it on its line
      cells_.erase(pager_begin_, end - pager_begin_);
      floor_ = pager_begin_;
    } else {
      cells_.resize(std::min(cells_.size(), pager_begin_));
    }
    erasure_ = has_more ? Erasure::None : Erasure::Returned;
  } else if (erasure_ == Erasure::Returned && cells_.size() > pager_begin_ &&
             is_blank_text(std::string_view(cells_).substr(pager_begin_))) {
    cells_.resize(pager_begin_);
    erasure_ = Erasure::None;
  }
}

void Screen::drop_trailing_blanks() {
  if (column_ == 0 || column_ >= cells_.size()) return;
  if (is_blank_text(std::string_view(cells_).substr(column_))) cells_.resize(column_);
}

void Screen::move_left_to(std::size_t column) {
  drop_trailing_blanks();
  column_ = column;
  if (column_ < cells_.size() && is_blank_text(std::string_view(cells_).substr(column_))) {
    cells_.resize(column_);
  }
  if (erasure_ != Erasure::None && cells_.size() <= pager_begin_) erasure_ = Erasure::None;
  floor_ = std::min(floor_, cells_.size());
}

void Screen::new_line(ScreenListener& listener) {
  drop_trailing_blanks();
  bool is_pager_only = false;
  if (erasure_ != Erasure::None) {
    // Never erased: the pager's text goes, and with it the line that held nothing else.
    const std::size_t end =
        erasure_ == Erasure::Asked ? std::min(floor_, cells_.size()) : pager_begin_;
    if (is_blank_text(std::string_view(cells_).substr(end))) {
      cells_.resize(pager_begin_);
    } else {
      cells_.erase(pager_begin_, end - pager_begin_);
    }
    floor_ = 0;
    is_pager_only = cells_.empty();
  }
  if (!is_pager_only) {
    const std::string valid = has_high_bytes_ ? valid_utf8(cells_) : std::string();
    listener.on_line({.text = has_high_bytes_ ? std::string_view(valid) : std::string_view(cells_),
                      .floor = std::min(floor_, has_high_bytes_ ? valid.size() : cells_.size()),
                      .byte = row_byte_,
                      .is_rest = is_rest_});
  }
  clear();
}

}  // namespace understudy::targets
