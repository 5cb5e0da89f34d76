// Fills a Mustache template from JSON: objects, arrays, text and booleans. Values are escaped for
// HTML by the library ({{name}}); {{{name}}} takes markup that we made ourselves.
#pragma once

#include <string>

#include "harness/target.h"

namespace understudy::reports {

std::string filled(const char* mustache, const Json& values);

/// The templates and the style sheet, embedded when the tree is built (embed.cmake).
extern const char* const page_template;
extern const char* const index_template;
extern const char* const clauses_template;
extern const char* const case_template;
extern const char* const qualification_template;
extern const char* const audits_template;
extern const char* const style_sheet;
extern const char* const page_script;

/// A whole page: `depth` folders below the report's folder. Warnings stand above all else.
std::string whole_page(const std::string& title, const std::string& body, int depth,
                       const std::vector<std::string>& warnings = {});

/// `files` (name and text) and what their pages need, in `folder`, which is made where it is
/// missing.
Result<void> write_files(const std::string& folder,
                         std::vector<std::pair<std::string, std::string>> files);

/// "PASS" -> "pass", a class of the style sheet.
std::string css_class(const std::string& outcome);

}  // namespace understudy::reports
