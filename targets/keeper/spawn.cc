#include "targets/keeper/spawn.h"

#include <fcntl.h>

#include <boost/asio/io_context.hpp>
#include <boost/process/v2.hpp>
#include <cerrno>
#include <cstring>

#include "targets/keeper/channel.h"
#include "targets/launching.h"

namespace understudy::targets {

namespace process = boost::process::v2;

Result<pid_t> spawn_part(const std::string& program, const std::string& part, int channel,
                         const std::string& errors) {
  const Descriptor error_file(
      open(errors.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (!error_file) {
    return fail(errors, std::string("cannot be written: ") + std::strerror(errno));
  }
  boost::asio::io_context context;
  boost::system::error_code error;
  process::default_process_launcher launcher;
  std::unique_lock alone(launching);
  auto child = launcher(context.get_executor(), error, program, std::vector<std::string>{part},
                        process::process_stdio{channel, nullptr, error_file.get()});
  alone.unlock();
  if (error) return fail(program, "cannot be started: " + error.message());
  const pid_t pid = child.id();
  child.detach();
  return pid;
}

}  // namespace understudy::targets
