// Everything that a console printed, byte for byte, and when what was sent: FOLDER/NODE.console and
// FOLDER/NODE.console.jsonl, written as it comes so that a killed run keeps it. Without a folder
// only the end of the output is remembered, for messages. Secrets are masked byte for byte, so that
// places stay what they are.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "harness/target.h"
#include "targets/masked_file.h"

namespace understudy::targets {

class Transcript {
 public:
  Transcript(const std::string& folder, const std::string& node, Mask mask = Mask());

  void received(std::string_view bytes, Time at);
  void sent(std::string_view bytes, Time at);
  void sent_break(Time at);

  const std::string& name() const { return name_; }  ///< "MSM-A.console"
  std::uint64_t size() const { return size_; }
  /// The last lines of what was printed, on one line, at most 200 characters.
  std::string last_words() const;
  /// Names of the files in the folder.
  std::vector<std::string> files() const;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, Close>;

  std::string name_;
  Mask mask_;
  MaskedFile bytes_;
  File times_;
  std::uint64_t size_ = 0;
  std::string tail_;
};

}  // namespace understudy::targets
