// What audits found as a page: for each a time line with what was claimed, until when that is
// proven false and from when true. The facts come as the JSON that explore::to_json(Audit) makes.
#pragma once

#include <string>

#include "harness/target.h"

namespace understudy::reports {

/// `audits` is the list of them, in the order in which they were made.
std::string audits_page(const std::string& suite, const Json& audits);

/// audits.html, audits.json and what the page needs, in `folder`, which is made where it is
/// missing.
Result<void> write_audits(const std::string& suite, const Json& audits, const std::string& folder);

}  // namespace understudy::reports
