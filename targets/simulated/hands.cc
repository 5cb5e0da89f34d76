#include "targets/simulated/hands.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "reference-impl/chassis/query.h"

namespace understudy::targets {
namespace {

namespace ref = understudy::reference;

constexpr std::array<const char*, 7> words{"break",       "repair",        "learn", "install",
                                           "end-process", "start-process", "damage"};

std::string text_argument(const Act& act, const char* name) {
  const auto found = act.arguments.find(name);
  if (found == act.arguments.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

Result<void> no_such(const Act& act, const std::string& what, const char* kind,
                     const std::vector<std::string>& known) {
  return fail(act.word, "`" + what + "` is no " + kind, did_you_mean(what, known));
}

Result<void> on_part(ref::Simulation& world, ref::Slot slot, const Act& act) {
  const std::string name = text_argument(act, "part");
  const bool is_broken = act.word == "break";
  if (name == "diagnostics") {
    world.set_diagnostic_fault(slot, is_broken);
    return {};
  }
  for (const auto& [word, slot_name] : ref::module_words(world.profile())) {
    if (word == name) {
      world.give(slot, ref::module_by_hand(world.profile(), slot_name, is_broken));
      return {};
    }
  }
  const auto part = ref::part_named(name);
  if (!part) {
    auto known = ref::part_words();
    known.emplace_back("diagnostics");
    for (const auto& [word, slot_name] : ref::module_words(world.profile())) known.push_back(word);
    return no_such(act, name, "part", known);
  }
  if (is_broken) {
    world.break_part(slot, *part);
  } else {
    world.repair_part(slot, *part);
  }
  return {};
}

Result<std::uint8_t> application_of(const ref::Simulation& world, const Act& act,
                                    const char* argument) {
  const std::string name = text_argument(act, argument);
  if (const auto application = ref::application_named(world.profile(), name)) return *application;
  std::vector<std::string> known;
  for (const auto& row : world.profile().replication.applications) known.emplace_back(row.name);
  return tl::unexpected(no_such(act, name, "process of this profile", known).error());
}

Result<void> learn(ref::Simulation& world, ref::Slot slot, const Act& act) {
  const auto application = application_of(world, act, "what");
  if (!application) return tl::unexpected(application.error());
  const std::string text = text_argument(act, "count");
  int count = 1;
  std::from_chars(text.data(), text.data() + text.size(), count);
  for (int index = 1; index <= count; ++index) {
    world.give(slot, ref::learned_entry(world.profile(), *application, index));
  }
  return {};
}

Result<void> install(ref::Simulation& world, ref::Slot slot, const Act& act) {
  const std::string image = text_argument(act, "image");
  const std::string version = text_argument(act, "version");
  if (image != "primary" && image != "secondary") {
    return no_such(act, image, "image", {"primary", "secondary"});
  }
  if (ref::image_number(version) == 0) {
    return fail(act.word, "`" + version + "` is no version", "such as 11.3.1.4");
  }
  const auto partition = image == "primary" ? ref::Partition::Primary : ref::Partition::Secondary;
  world.give(slot, ref::ImageInstalled{partition, version});
  return {};
}

Result<void> on_process(ref::Simulation& world, ref::Slot slot, const Act& act) {
  const auto application = application_of(world, act, "process");
  if (!application) return tl::unexpected(application.error());
  if (act.word == "end-process") {
    world.give(slot, ref::ProcessEnded{*application});
  } else {
    world.give(slot, ref::ProcessStarted{*application});
  }
  return {};
}

Result<void> damage(ref::Simulation& world, ref::Slot slot, const Act& act) {
  const std::string file = text_argument(act, "file");
  const std::string how = text_argument(act, "how");
  const auto damage = ref::flash_damage_named(how);
  if (!damage) return no_such(act, how, "damage", {"torn", "corrupt", "foreign"});
  if (world.damage(slot, file, *damage) == 0) {
    return fail(act.word, "no file `" + file + "` in flash");
  }
  return {};
}

}  // namespace

std::span<const char* const> hand_words() {
  return words;
}

Result<void> do_by_hand(ref::Simulation& world, ref::Slot slot, const Act& act) {
  if (act.word == "damage") return damage(world, slot, act);
  if (act.word == "break" || act.word == "repair") return on_part(world, slot, act);
  if (!world.is_powered(slot)) return fail(act.word, "the module has no power");
  if (act.word == "learn") return learn(world, slot, act);
  if (act.word == "install") return install(world, slot, act);
  return on_process(world, slot, act);
}

}  // namespace understudy::targets
