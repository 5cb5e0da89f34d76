// The commented files that `understudy new` begins with, from harness/app/starts. @NAME@ stands for
// the name that the user gives.
#pragma once

namespace understudy::app {

extern const char* const start_of_dialect;
extern const char* const start_of_template;
extern const char* const start_of_testbed;
extern const char* const start_of_clauses;
extern const char* const start_of_cases;

}  // namespace understudy::app
