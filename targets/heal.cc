// What a run took of its devices and did not put back, put back without it: the same device, the
// same dialect, the record that the run left on the disk.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "harness/files.h"
#include "targets/device/custody.h"
#include "targets/testbed.h"

namespace understudy::targets {

namespace {

namespace files = std::filesystem;

/// A journal beside the mark belongs to a keeper that is at work.
bool is_at_work(const files::path& mark) {
  std::error_code error;
  for (const auto& entry : files::directory_iterator(mark.parent_path(), error))
    if (entry.path().filename().string().starts_with("journal-")) return true;
  return false;
}

Result<CustodyRecord> read_mark(const files::path& mark) {
  const auto text = read_text(mark.string());
  if (!text) return tl::unexpected(text.error());
  return custody_record_from(Json::parse(*text, nullptr, false), mark.string());
}

struct Outcome {
  Recovery recovery;
  std::vector<std::string> different;  ///< what could not be put back
};

Result<Outcome> put_back_by(const files::path& mark) {
  auto record = read_mark(mark);
  if (!record) return tl::unexpected(record.error());
  auto parts = load_testbed_parts(record->testbed);
  if (!parts) return tl::unexpected(parts.error());
  parts->file.prepare.clear();  // it would make the device another one
  const files::path folder = mark.parent_path().parent_path() / "healed";
  std::error_code error;
  files::create_directories(folder, error);
  if (error) return fail(folder.string(), "cannot be made: " + error.message());
  auto target =
      open_parts(*parts, folder.string(), 1, std::make_shared<CustodyRecord>(std::move(*record)));
  if (!target) return tl::unexpected(target.error());
  Outcome outcome;
  outcome.different = (*target)->restore(NeverCancelled());
  outcome.recovery = (*target)->recovery();
  if (outcome.different.empty()) files::remove(mark, error);
  files::remove(mark.parent_path(), error);
  files::remove(custody_mark(folder.string()), error);  // the first mark is the one that counts
  files::remove(folder / ".understudy", error);
  return outcome;
}

}  // namespace

Healed heal_devices(const std::string& out) {
  Healed healed;
  for (const std::string& mark : custody_marks(out)) {
    if (is_at_work(mark)) {
      healed.lines.push_back(mark + ": its run is at work, left alone");
      continue;
    }
    const auto outcome = put_back_by(mark);
    if (!outcome) {
      healed.is_whole = false;
      healed.lines.push_back(fmt::format("{}: not put back: {}", mark, to_line(outcome.error())));
      continue;
    }
    const bool is_all = outcome->different.empty();
    healed.is_whole = healed.is_whole && is_all;
    for (const std::string& line : outcome->recovery.rungs)
      healed.lines.push_back("recovery: " + line);
    for (const std::string& line : outcome->recovery.remarks)
      healed.lines.push_back("left: " + line);
    for (const std::string& line : outcome->different) healed.lines.push_back(line);
    healed.lines.push_back(fmt::format(
        "{}: {}", mark, is_all ? "everything is as it was" : "not everything is as it was"));
  }
  return healed;
}

}  // namespace understudy::targets
