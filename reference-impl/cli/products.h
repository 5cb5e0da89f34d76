// The products that the reference implements, by name: a profile and the command line for it. Both
// hosts (targets/simulated.cc, reference-impl/daemon) take a product from here and know no other
// way; a new product is one more row.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/chassis/profile.h"
#include "reference-impl/cli/shell_options.h"
#include "reference-impl/module.h"

namespace understudy::reference {

struct Product {
  std::string_view name;  ///< "exos-11.3": of the profile, its suite and its testbeds
  Profile (*make_profile)(const Timing&) = nullptr;
  std::unique_ptr<Shell> (*make_shell)(const ShellOptions&) = nullptr;
};

std::span<const Product> products();
/// Nothing for a name that no product has.
const Product* find_product(std::string_view name);
std::vector<std::string> product_names();

}  // namespace understudy::reference
