#include <fmt/format.h>

#include <charconv>

#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

/// "name=value\n" lines: what a module keeps beside its configurations.
std::string memory_text(const Profile& profile, const Node& node) {
  return fmt::format(
      "boots={}\nselected={}\nimage={}\nchassis={}\nled={}\nclock={}\nwarm={}\nonce={}\n"
      "shut={}\ndown={}\n",
      node.boot_count, node.selected_file, static_cast<int>(node.selected_image),
      node.memory.ever_booted ? profile.chassis : "", node.memory.led_last ? 1 : 0,
      node.memory.boot_clock, node.restarts_warm ? 1 : 0, node.next_image,
      node.is_shut_down ? 1 : 0, node.down_modules);
}

std::uint64_t number_in(const Configuration& memory, std::string_view key) {
  const std::string_view text = memory.value(key).value_or("0");
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::uint32_t write_file(Machine& machine, std::string_view name, std::string content,
                         std::uint64_t saved_at) {
  Flash& flash = machine.node.flash;
  if ((machine.node.failed_parts >> static_cast<unsigned>(Part::FlashSpace) & 1) != 0) {
    return kNoRoom;
  }
  std::uint32_t generation = 0;
  if (const StoredFile* stored = flash.find(name)) generation = stored->generation;
  for (const FlashWrite& write : flash.writing) {
    if (write.name == name) generation = write.file.generation;
  }
  FlashWrite write;
  write.ticket = ++flash.tickets;
  write.name = name;
  write.file.generation = generation + 1;
  write.file.saved_at = saved_at;
  write.file.content = CopyOnWrite<std::string>(std::move(content));
  machine.emit(
      WriteFlash{write.ticket, medium_name(name, generation + 1), medium_content(write.file)});
  flash.writing.push_back(std::move(write));
  return flash.tickets;
}

std::uint32_t write_memory(Machine& machine) {
  return write_file(machine, kMemoryFile, memory_text(machine.profile, machine.node),
                    clock_of(machine.diary));
}

void read_memory(Machine& machine) {
  Node& node = machine.node;
  node.selected_file = machine.profile.default_file;
  const StoredFile* stored = node.flash.find(kMemoryFile);
  if (!stored) return;
  const auto memory = parse_configuration(*stored->content);
  if (!memory) return;
  node.boot_count = static_cast<std::uint32_t>(number_in(*memory, "boots"));
  if (const auto file = memory->value("selected"); file && !file->empty()) {
    node.selected_file = *file;
  }
  node.selected_image =
      number_in(*memory, "image") == 1 ? Partition::Secondary : Partition::Primary;
  const std::string chassis(memory->value("chassis").value_or(""));
  node.memory.ever_booted = machine.profile.election.knows_its_chassis
                                ? chassis == machine.profile.chassis
                                : !chassis.empty();
  node.memory.led_last = number_in(*memory, "led") != 0;
  node.memory.boot_clock = number_in(*memory, "clock");
  node.restarts_warm = number_in(*memory, "warm") != 0;
  node.next_image = static_cast<std::uint8_t>(number_in(*memory, "once"));
  node.is_shut_down = number_in(*memory, "shut") != 0;
  node.down_modules = memory->value("down").value_or("");
}

void flash_write_done(Machine& machine, std::uint32_t ticket) {
  auto& writing = machine.node.flash.writing;
  for (auto write = writing.begin(); write != writing.end(); ++write) {
    if (write->ticket != ticket) continue;
    const bool is_image = write->name == image_file(true) || write->name == image_file(false);
    machine.node.flash.files[write->name] = std::move(write->file);
    writing.erase(write);
    if (is_image) note_images(machine);
    break;
  }
  second_wrote_flash(machine, ticket);
  if (machine.node.pending.kind == Pending::Kind::Saving && machine.node.pending.ticket == ticket) {
    machine.node.pending.ticket = 0;
    save_step(machine);
  }
}

void load_stored(Machine& machine) {
  Node& node = machine.node;
  node.active = {};
  node.is_dirty = false;
  const StoredFile* stored = node.flash.find(node.selected_file);
  const auto saved = stored ? parse_configuration(*stored->content) : std::nullopt;
  node.booted_file = saved ? node.selected_file : std::string();
  if (saved) {
    node.active = *saved;
  } else {
    for (const auto& [key, value] : machine.profile.factory) {
      node.active.apply({std::string(key), std::string(value)});
    }
  }
  active_changed(machine);
}

void note_images(Machine& machine) {
  Node& node = machine.node;
  const auto number = [&](Partition partition) {
    return image_number(image_version(machine.profile, node, partition));
  };
  node.images = {node.selected_image == Partition::Secondary,
                 node.booted_image == Partition::Secondary, number(Partition::Primary),
                 number(Partition::Secondary)};
}

bool has_mode(const Node& node, const ModeSetting& mode) {
  return !mode.key.empty() && node.active.value(mode.key) == mode.value;
}

void active_changed(Machine& machine) {
  machine.node.priority = static_cast<std::uint8_t>(
      configured_priority(machine.profile, machine.node, machine.node.slot));
}

}  // namespace understudy::reference
