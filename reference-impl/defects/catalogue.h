// The parts of the catalogues, by product, one file each.
#pragma once

#include <span>
#include <vector>

#include "reference-impl/defects/defect.h"

namespace understudy::reference::exos {

std::vector<Defect> election_defects();
std::vector<Defect> failover_defects();
std::vector<Defect> configuration_defects();
std::vector<Defect> checkpoint_defects();
std::vector<Defect> synchronize_defects();
std::vector<Defect> order_defects();
std::vector<Defect> hitless_defects();
std::vector<Defect> console_defects();
std::vector<Defect> notification_defects();
std::vector<Defect> image_defects();

std::vector<Unobservable> unobservable();

}  // namespace understudy::reference::exos

namespace understudy::reference::xcm8800 {

/// `shared`: those of exos-11.3, whose engine and command line this product's are.
std::vector<Defect> defects(std::span<const Defect> shared);

std::vector<Unobservable> unobservable();

}  // namespace understudy::reference::xcm8800

namespace understudy::reference::procurve {

std::vector<Defect> boot_defects();
std::vector<Defect> failover_defects();
std::vector<Defect> file_defects();
std::vector<Defect> order_defects();
std::vector<Defect> mib_defects();

std::vector<Unobservable> unobservable();

}  // namespace understudy::reference::procurve
