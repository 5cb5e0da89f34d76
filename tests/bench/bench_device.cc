// bench_device: a switch's console that answers the same each time, for the rows P1 to P4; the
// engine, the floor and the peers all talk to it on a pty. It echoes, ends lines with CRLF, pages
// by 23 lines unless told not to, and plants prompt signs inside of lines.
//   show bulk KIB    so much of a forwarding table
//   show null        nothing       show line    one line       disable clipaging    no pages
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view prompt = "X440G2-48t.1 # ";
constexpr std::string_view pager = "Press <SPACE> to continue or <Q> to quit:";
constexpr std::string_view wiped = "\r                                         \r";
constexpr std::size_t buffer_size = 65536;
constexpr unsigned page_lines = 23;

class Console {
 public:
  Console() {
    output_.reserve(buffer_size);
    termios settings{};
    if (tcgetattr(STDIN_FILENO, &settings) != 0) return;
    cfmakeraw(&settings);
    tcsetattr(STDIN_FILENO, TCSANOW, &settings);
  }

  void put(std::string_view text) {
    if (output_.size() + text.size() > buffer_size) flush();
    output_ += text;
  }

  void flush() {
    for (std::size_t sent = 0; sent < output_.size();) {
      const ssize_t wrote = write(STDOUT_FILENO, output_.data() + sent, output_.size() - sent);
      if (wrote <= 0) std::exit(0);
      sent += static_cast<std::size_t>(wrote);
    }
    output_.clear();
  }

  char key() {
    if (at_ == held_) {
      flush();
      const ssize_t got = read(STDIN_FILENO, input_, sizeof input_);
      if (got <= 0) std::exit(0);
      at_ = 0;
      held_ = static_cast<std::size_t>(got);
    }
    return input_[at_++];
  }

  std::string line() {
    std::string typed;
    for (char one = key(); one != '\r' && one != '\n'; one = key()) {
      put({&one, 1});
      typed += one;
    }
    put("\r\n");
    return typed;
  }

 private:
  std::string output_;
  char input_[4096];
  std::size_t at_ = 0;
  std::size_t held_ = 0;
};

std::string_view table_line(char (&line)[128], unsigned i) {
  const int length = std::snprintf(
      line, sizeof line, "00:04:96:%02x:%02x:%02x  Vlan%04u(%04u)  %04u d m #%c  %u:%02u\r\n",
      i >> 16 & 255, i >> 8 & 255, i & 255, i % 4094, i % 4094, i % 300, i % 7 != 0 ? ' ' : '>',
      i % 8 + 1, i % 48 + 1);
  return {line, static_cast<std::size_t>(length)};
}

void show_table(Console& console, std::size_t size, bool has_pages) {
  char line[128];
  std::size_t sent = 0;
  for (unsigned i = 0; sent < size; ++i) {
    const std::string_view text = table_line(line, i);
    console.put(text);
    sent += text.size();
    if (!has_pages || (i + 1) % page_lines != 0) continue;
    console.put(pager);
    const char answer = console.key();
    console.put(wiped);
    if (answer == 'q') return;
  }
}

}  // namespace

int main() {
  Console console;
  bool has_pages = true;
  console.put("\r\nA console for measuring\r\n\r\n");
  for (;;) {
    console.put(prompt);
    const std::string typed = console.line();
    if (typed.starts_with("show bulk ")) {
      show_table(console, std::strtoull(typed.c_str() + 10, nullptr, 10) * 1024, has_pages);
    } else if (typed == "show line") {
      console.put("SysName:          X440G2-48t\r\n");
    } else if (typed == "disable clipaging") {
      has_pages = false;
    } else if (typed == "exit") {
      return 0;
    }
  }
}
