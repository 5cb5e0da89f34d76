#include "reports/html/template.h"

#include <kainjow/mustache.hpp>

#include "harness/files.h"

namespace understudy::reports {
namespace {

kainjow::mustache::data data_of(const Json& json) {
  using kainjow::mustache::data;
  if (json.is_object()) {
    data object{data::type::object};
    for (const auto& [key, value] : json.items()) object.set(key, data_of(value));
    return object;
  }
  if (json.is_array()) {
    data list{data::type::list};
    for (const Json& value : json) list.push_back(data_of(value));
    return list;
  }
  if (json.is_boolean()) return data{json.get<bool>()};
  // An empty text is false, so that a section around it is left out.
  if (json.is_string() && json.get_ref<const std::string&>().empty()) return data{false};
  if (json.is_string()) return data{json.get<std::string>()};
  if (json.is_null()) return data{false};
  return data{json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace

std::string filled(const char* mustache, const Json& values) {
  kainjow::mustache::mustache page{std::string(mustache)};
  ensure(page.is_valid(), "the report's templates are valid Mustache");
  return page.render(data_of(values));
}

std::string whole_page(const std::string& title, const std::string& body, int depth,
                       const std::vector<std::string>& warnings) {
  std::string root;
  for (int i = 0; i < depth; ++i) root += "../";
  return filled(page_template,
                {{"title", title}, {"root", root}, {"body", body}, {"warnings", warnings}});
}

Result<void> write_files(const std::string& folder,
                         std::vector<std::pair<std::string, std::string>> files) {
  files.emplace_back("style.css", style_sheet);
  files.emplace_back("script.js", page_script);
  for (const auto& [name, text] : files)
    if (auto written = write_whole(folder + "/" + name, text); !written) return written;
  return {};
}

std::string css_class(const std::string& outcome) {
  std::string name;
  for (const char c : outcome) {
    name += c == ' ' ? '-' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return name;
}

}  // namespace understudy::reports
