// Defects of the command synchronize.
#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {

std::vector<Defect> synchronize_defects() {
  return {
      {.id = "synchronize-copies-the-primary-image-only",
       .sentence = "synchronize copies the primary image and leaves the secondary one.",
       .clauses = {"synchronize-copies-both-images"},
       .origin = "M41",
       .interpose = after([](Moment& moment) {
         if (!moment.seconds()) return;
         change_writes(moment, [](WriteFlash& write) {
           if (write.name.starts_with(image_file(false))) write.name = lost_write;
         });
       })},
      {.id = "synchronize-copies-no-image",
       .sentence = "synchronize copies configurations and no image.",
       .clauses = {"synchronize-copies-both-images"},
       .origin = "M41",
       .replace = [](Profile& p) { remove_rule(p, Content::SoftwareImage, When::OnSynchronize); }},
      {.id = "synchronize-copies-one-configuration",
       .sentence = "Of the master's configurations the backup's flash gets the selected one only.",
       .clauses = {"synchronize-levels-the-flash", "selected-configuration-is-for-the-next-boot"},
       .origin = "M42",
       .interpose = after([](Moment& moment) {
         if (!moment.seconds()) return;
         change_writes(moment, [selected = moment.node().selected_file](WriteFlash& write) {
           const bool is_configuration = write.name.find(".cfg") != std::string::npos;
           if (is_configuration && !write.name.starts_with(selected)) write.name = lost_write;
         });
       })},
      {.id = "flash-is-never-levelled",
       .sentence =
           "No saved configuration reaches the backup: not at its start, by save, by copying.",
       .clauses = {"synchronize-levels-the-flash", "save-reaches-the-backup-flash",
                   "saved-config-is-copied-to-the-backup"},
       .origin = "",
       .replace =
           [](Profile& p) {
             for (const When when : {When::OnSynchronize, When::AtStart, When::OnSave}) {
               remove_rule(p, Content::SavedConfiguration, when);
             }
           }},
      {.id = "synchronize-reboots-once",
       .sentence = "synchronize ends without the second reboot of the backup.",
       .clauses = {"synchronize-reboots-the-backup-twice"},
       .origin = "M43",
       .interpose = before([](Moment& moment, Input& input) {
         const auto order = incoming(input, FrameType::Command);
         Node& node = moment.node();
         const bool has_copied = node.receiving.received > 0 && !node.receiving.is_complete;
         if (order && moment.seconds() && has_copied) node.order_taken = order->sequence;
         return true;
       })},
      {.id = "synchronize-goes-on-after-no",
       .sentence = "Answered n, synchronize saves and goes on.",
       .clauses = {"synchronize-asks-about-unsaved-changes"},
       .origin = "M44",
       .interpose = wrapped({.typed =
                                 [](Notes& notes, std::string& bytes) {
                                   if (std::exchange(notes["asked"], 0) == 1)
                                     replace_all(bytes, "n", "y");
                                 },
                             .printed =
                                 [](Notes& notes, std::string& bytes) {
                                   const bool asks =
                                       bytes.find(
                                           "configuration changes to primary.cfg? (y or n)") !=
                                       std::string::npos;
                                   if (asks) notes["asked"] = 1;
                                 }})},
      {.id = "synchronize-does-not-ask",
       .sentence = "synchronize saves unsaved changes without a question.",
       .clauses = {"synchronize-asks-about-unsaved-changes"},
       .origin = "",
       .interpose = typed([](Notes&, std::string& bytes) {
         replace_all(bytes, "synchronize\r", "disable cli prompting\rsynchronize\r");
       })},
      {.id = "synchronize-waits-for-ever",
       .sentence = "synchronize waits for a backup that does not come back.",
       .clauses = {"synchronize-fails-without-the-backup"},
       .origin = "M45, published 13",
       .replace = [](Profile& p) { p.timing.synchronize_limit = std::chrono::hours(24); }},
      {.id = "synchronize-gives-up-early",
       .sentence = "synchronize waits a second for its backup.",
       .clauses = {"synchronize-waits-for-the-backup"},
       .origin = "",
       .replace = [](Profile& p) { p.timing.synchronize_limit = std::chrono::seconds(1); }},
      {.id = "synchronize-says-done-without-the-backup",
       .sentence = "synchronize says done although the backup never came back.",
       .clauses = {"synchronize-fails-without-the-backup"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         Outputs& outputs = moment.machine.outputs;
         for (std::size_t i = moment.from; i < outputs.size(); ++i) {
           auto* reply = std::get_if<Reply>(&outputs[i]);
           if (reply && reply->refusal == Refusal::NoAnswer) *reply = {reply->id, std::nullopt, {}};
         }
       })},
      {.id = "synchronize-reboots-the-master",
       .sentence = "synchronize reboots the master instead of the backup.",
       .clauses = {"synchronize-reboots-the-backup-twice", "synchronize-levels-the-flash"},
       .origin = "M47",
       .interpose = before([](Moment& moment, Input& input) {
         if (ordered<Synchronize>(input)) {
           std::get<Ordered>(input).command = Reboot{moment.node().slot};
         }
         return true;
       })},
  };
}

}  // namespace understudy::reference::exos
