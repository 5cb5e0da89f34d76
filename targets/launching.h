// One launch of a program at a time in this process.
#pragma once

#include <mutex>

namespace understudy::targets {

/// To be held while Boost.Process launches a program. It makes a pipe, over which the child tells
/// that it could not be executed, and marks it close-on-exec a moment later; a child that another
/// thread launches in this moment would hold the pipe's end, and the first launch would wait for
/// it as long as that child lives.
inline std::mutex launching;

}  // namespace understudy::targets
