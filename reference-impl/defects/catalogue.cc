#include "reference-impl/defects/catalogue.h"

#include <algorithm>
#include <iterator>

namespace understudy::reference {
namespace {

const std::vector<Defect>& exos_defects() {
  static const std::vector<Defect> all = [] {
    std::vector<Defect> defects;
    for (auto part :
         {exos::election_defects(), exos::failover_defects(), exos::configuration_defects(),
          exos::checkpoint_defects(), exos::synchronize_defects(), exos::order_defects(),
          exos::console_defects()}) {
      std::move(part.begin(), part.end(), std::back_inserter(defects));
    }
    return defects;
  }();
  return all;
}

}  // namespace

std::span<const Defect> defects_of(std::string_view profile) {
  return profile == "exos-11.3" ? std::span<const Defect>(exos_defects())
                                : std::span<const Defect>();
}

std::span<const Unobservable> unobservable_of(std::string_view profile) {
  static const std::vector<Unobservable> exos = exos::unobservable();
  return profile == "exos-11.3" ? std::span<const Unobservable>(exos)
                                : std::span<const Unobservable>();
}

const Defect* find_defect(std::string_view profile, std::string_view id) {
  const auto all = defects_of(profile);
  const auto found = std::ranges::find(all, id, &Defect::id);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace understudy::reference
