// Defects of the command line: questions, answers, words.
#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {
namespace {

/// Changes the key that answers the three-way question of reboot.
auto answering(std::string key, std::string by) {
  return wrapped({.typed =
                      [key, by](Notes& notes, std::string& bytes) {
                        if (std::exchange(notes["asked"], 0) != 1) return;
                        if (bytes == key || bytes == key + "\r") bytes = by;
                      },
                  .printed =
                      [](Notes& notes, std::string& bytes) {
                        if (bytes.find("<cr> - cancel command)") != std::string::npos) {
                          notes["asked"] = 1;
                        }
                      }});
}

}  // namespace

std::vector<Defect> console_defects() {
  return {
      {.id = "states-in-lower-case",
       .sentence = "show node prints states with one capital letter.",
       .clauses = {"node-states-are-the-published-ones"},
       .origin = "M49",
       .interpose = printed([](Notes&, std::string& bytes) {
         if (bytes.find("SwHealth") == std::string::npos) return;
         replace_all(bytes, "MASTER", "Master");
         replace_all(bytes, "BACKUP", "Backup");
       })},
      {.id = "reboot-does-not-ask",
       .sentence = "reboot saves unsaved changes without a question.",
       .clauses = {"reboot-asks-before-losing-changes"},
       .origin = "M50",
       .interpose = typed([](Notes&, std::string& bytes) {
         replace_all(bytes, "reboot\r", "disable cli prompting\rreboot\r");
       })},
      {.id = "enter-reboots",
       .sentence = "Enter at the question of reboot reboots without save.",
       .clauses = {"reboot-can-be-cancelled"},
       .origin = "M51",
       .interpose = answering("\r", "n")},
      {.id = "restart-process-does-not-ask",
       .sentence = "restart process never asks about unsaved changes.",
       .clauses = {"restart-process-asks"},
       .origin = "",
       .interpose = typed([](Notes&, std::string& bytes) {
         replace_all(bytes, "restart process", "disable cli prompting\rrestart process");
       })},
      {.id = "restart-process-does-nothing",
       .sentence = "restart process says nothing and restarts nothing.",
       .clauses = {"restart-process-restarts-it"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         if (!ordered<RestartProcess>(input)) return true;
         moment.machine.emit(Reply{std::get<Ordered>(input).id, std::nullopt, {}});
         return false;
       })},
      {.id = "yes-does-not-save",
       .sentence = "Answered y, reboot reboots and saves nothing.",
       .clauses = {"reboot-does-what-it-was-answered"},
       .origin = "",
       .interpose = answering("y", "n")},
      {.id = "no-saves",
       .sentence = "Answered n, reboot saves and reboots.",
       .clauses = {"reboot-does-what-it-was-answered"},
       .origin = "",
       .interpose = answering("n", "y")},
  };
}

}  // namespace understudy::reference::exos
