#include "reference-impl/cli/products.h"

#include <algorithm>

#include "reference-impl/chassis/exos_11_3.h"
#include "reference-impl/chassis/procurve_8212zl.h"
#include "reference-impl/chassis/xcm8800.h"
#include "reference-impl/cli/exos.h"
#include "reference-impl/cli/procurve.h"

namespace understudy::reference {
namespace {

constexpr Product all[] = {{"exos-11.3", exos_11_3, make_exos_shell},
                           {"xcm8800", xcm8800, make_xcm8800_shell},
                           {"procurve-8212zl", procurve_8212zl, make_procurve_shell}};

}  // namespace

std::span<const Product> products() {
  return all;
}

const Product* find_product(std::string_view name) {
  const auto found = std::ranges::find(all, name, &Product::name);
  return found == std::end(all) ? nullptr : found;
}

std::vector<std::string> product_names() {
  std::vector<std::string> names;
  for (const Product& product : all) names.emplace_back(product.name);
  return names;
}

}  // namespace understudy::reference
