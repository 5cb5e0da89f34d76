// Defects of software images, and of what show switch tells of boots.
#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {

std::vector<Defect> image_defects() {
  return {
      {.id = "an-image-lands-in-the-other-partition",
       .sentence = "An image is installed in the partition that was not named.",
       .clauses = {"an-installed-image-is-in-its-partition"},
       .origin = "",
       .interpose = before([](Moment&, Input& input) {
         if (InstallImage* image = ordered<InstallImage>(input)) {
           image->partition =
               image->partition == Partition::Primary ? Partition::Secondary : Partition::Primary;
         }
         return true;
       })},
      {.id = "an-installed-image-is-not-selected",
       .sentence = "An image that was installed waits until somebody selects it.",
       .clauses = {"an-installed-image-is-selected"},
       .origin = "",
       .interpose = wrapped({.before =
                                 [](Moment& moment, Input& input) {
                                   const auto was = moment.node().selected_image;
                                   moment.notes["installs"] = ordered<InstallImage>(input) ? 1 : 0;
                                   moment.notes["selected"] = static_cast<std::int64_t>(was);
                                   return true;
                                 },
                             .after =
                                 [](Moment& moment) {
                                   if (moment.notes["installs"] != 1) return;
                                   moment.node().selected_image =
                                       static_cast<Partition>(moment.notes["selected"]);
                                   write_memory(moment.machine);
                                 }})},
      {.id = "the-other-msms-images-are-ours",
       .sentence = "show switch tells an MSM's own images in the column of the other one as well.",
       .clauses = {"images-are-shown-of-each-msm"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         if (node.peer.is_heard) node.peer.said.images = node.images;
       })},
      {.id = "what-was-selected-is-called-booted",
       .sentence =
           "show switch tells the selected configuration as booted although it was damaged.",
       .clauses = {"what-is-booted-is-in-use"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         if (node.booted_file.empty()) node.booted_file = node.selected_file;
       })},
      {.id = "boots-are-not-counted",
       .sentence = "The boot count stays as it is.",
       .clauses = {"boot-count-rises"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.node().boot_count > 1) moment.node().boot_count = 1;
       })},
  };
}

}  // namespace understudy::reference::exos
