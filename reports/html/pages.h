// The HTML pages of a report: index, clause matrix, one page a plan. They open from disk without a
// server. Text comes from Mustache templates beside this file (escaped by the library).
#pragma once

#include <string>

#include "reports/report.h"

namespace understudy::reports {

/// Histories are read here, and here alone: what was claimed in each becomes part of the report.
Result<void> write_pages(Report& report, const std::string& folder);

std::string index_page(const Report& report);
std::string clauses_page(const Report& report);

/// `root` is the report's folder, from which history and transcripts are read. The plan's claims
/// are those of its result.
std::string case_page(const Report& report, std::size_t plan, const History& history,
                      const std::string& root);

/// "cases/SUITE/PLAN.html" below the report's folder; the testbed's name stands before it if there
/// are several.
std::string case_path(const Report& report, std::size_t plan);

}  // namespace understudy::reports
