// Software images: downloading, installing. No file is fetched from anywhere: the name of an image
// stands for one that the server has, and says which version it is.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_operator.h"

namespace understudy::reference {
namespace {

constexpr std::string_view suffix = ".xos";

// "11.3.1.5" of bd8800-11.3.1.5.xos; empty for a name that does not end so.
std::string version_in(std::string_view file) {
  if (!file.ends_with(suffix)) return {};
  file.remove_suffix(suffix.size());
  const std::size_t begin = file.find_last_not_of("0123456789.") + 1;
  const std::string_view version = file.substr(begin);
  const bool has_four_parts = std::ranges::count(version, '.') == 3 &&
                              version.find("..") == std::string_view::npos &&
                              !version.starts_with('.') && !version.ends_with('.');
  return has_four_parts ? std::string(version) : std::string();
}

Response no_image(std::string_view file) {
  return {.text = fmt::format("Error: {} is no software image.\n", file)};
}

}  // namespace

Response ExosOperator::download_image(const Call& call) {
  settings_.images.insert(call.argument("image_file"));
  Response response;
  if (static_cast<Exos>(call.id) == Exos::DownloadThenInstall) response = install_image(call);
  response.text = "Downloading image ........................ done!\n" + response.text;
  return response;
}

Response ExosOperator::ask_to_install(const Call& call, Session& session) {
  const std::string file = call.argument("image_file");
  if (const auto refused = refusal_of(InstallImage{})) return *refused;
  if (version_in(file).empty()) return no_image(file);
  return confirm({"Do you want to install image after downloading? (y - yes, n - no, <cr> - "
                  "cancel) ",
                  {{'y', "Yes", call_of(Exos::DownloadThenInstall, call)},
                   {'n', "No", call_of(Exos::DownloadNow, call)},
                   {'\r', "", call_of(Exos::Nothing)}}},
                 session);
}

// Without a partition: the one that does not run.
Response ExosOperator::install_image(const Call& call) {
  const std::string file = call.argument("image_file");
  if (const auto refused = refusal_of(InstallImage{})) return *refused;
  if (!settings_.images.contains(file)) return refuse(Refusal::UnknownObject, file);
  Partition partition =
      view().node.booted_image == Partition::Primary ? Partition::Secondary : Partition::Primary;
  if (call.has("primary")) partition = Partition::Primary;
  if (call.has("secondary")) partition = Partition::Secondary;
  return order(InstallImage{partition, version_in(file)}, call_of(Exos::InstallImage, call));
}

}  // namespace understudy::reference
