// What the files of the process bench share about receipts. Used inside this folder only.
#pragma once

#include <string>

#include "harness/target.h"

namespace understudy::targets {

/// We could not do it; `words` says why.
inline Receipt bench_broken(std::string words, Time at) {
  Receipt receipt;
  receipt.outcome = Receipt::Outcome::BenchBroken;
  receipt.words = std::move(words);
  receipt.ordered = receipt.done = at;
  return receipt;
}

}  // namespace understudy::targets
