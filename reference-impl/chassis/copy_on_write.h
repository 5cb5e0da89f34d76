// A value that is shared until it is changed. Copies of a node (and of a whole world) share their
// stores; the first change after a copy pays for it. Comparison is by value, with a short cut for
// shared ones. Not for use by two threads at once.
#pragma once

#include <memory>
#include <utility>

namespace understudy::reference {

template <typename T>
class CopyOnWrite {
 public:
  CopyOnWrite() = default;
  explicit CopyOnWrite(T value) : shared_(std::make_shared<T>(std::move(value))) {}

  const T& operator*() const { return shared_ ? *shared_ : nothing(); }
  const T* operator->() const { return &**this; }

  /// The value for changing; ours alone from here on.
  T& edit() {
    if (!shared_) {
      shared_ = std::make_shared<T>();
    } else if (shared_.use_count() > 1) {
      shared_ = std::make_shared<T>(*shared_);
    }
    return *shared_;
  }

  friend bool operator==(const CopyOnWrite& left, const CopyOnWrite& right) {
    return left.shared_ == right.shared_ || *left == *right;
  }

 private:
  static const T& nothing() {
    static const T empty{};
    return empty;
  }
  std::shared_ptr<T> shared_;
};

}  // namespace understudy::reference
