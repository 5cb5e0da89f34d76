#include "reference-impl/defects/catalogue.h"

#include <algorithm>
#include <initializer_list>

namespace understudy::reference {
namespace {

struct Catalogue {
  std::string_view profile;
  std::vector<Defect> defects;
  std::vector<Unobservable> unobservable;
};

std::vector<Defect> joined(std::initializer_list<std::vector<Defect>> parts) {
  std::vector<Defect> defects;
  for (const auto& part : parts) defects.insert(defects.end(), part.begin(), part.end());
  return defects;
}

std::vector<Defect> exos_defects() {
  return joined({exos::election_defects(), exos::failover_defects(), exos::configuration_defects(),
                 exos::checkpoint_defects(), exos::synchronize_defects(), exos::order_defects(),
                 exos::hitless_defects(), exos::console_defects(), exos::notification_defects(),
                 exos::image_defects()});
}

const std::vector<Catalogue>& catalogues() {
  static const std::vector<Catalogue> all = {
      {"exos-11.3", exos_defects(), exos::unobservable()},
      {"xcm8800", xcm8800::defects(exos_defects()), xcm8800::unobservable()},
      {"procurve-8212zl",
       joined({procurve::boot_defects(), procurve::failover_defects(), procurve::file_defects(),
               procurve::order_defects(), procurve::mib_defects()}),
       procurve::unobservable()}};
  return all;
}

const Catalogue& catalogue_of(std::string_view profile) {
  static const Catalogue none;
  const auto found = std::ranges::find(catalogues(), profile, &Catalogue::profile);
  return found == catalogues().end() ? none : *found;
}

}  // namespace

std::span<const Defect> defects_of(std::string_view profile) {
  return catalogue_of(profile).defects;
}

std::span<const Unobservable> unobservable_of(std::string_view profile) {
  return catalogue_of(profile).unobservable;
}

const Defect* find_defect(std::string_view profile, std::string_view id) {
  const auto all = defects_of(profile);
  const auto found = std::ranges::find(all, id, &Defect::id);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace understudy::reference
