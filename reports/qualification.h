// The kill matrix as a page and its style sheet; the facts come as the JSON that
// explore::to_json(Qualification) makes.
#pragma once

#include <string>

#include "harness/target.h"

namespace understudy::reports {

std::string qualification_page(const Json& qualification);

/// The folder is made where it is missing. An error: it cannot be written to.
Result<void> check_writable(const std::string& folder);

/// qualification.html, qualification.json and what the page needs, in `folder`.
Result<void> write_qualification(const Json& qualification, const std::string& folder);

}  // namespace understudy::reports
