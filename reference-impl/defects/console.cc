// Defects of the command line: questions, answers, words.
#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {
namespace {

/// Takes the tens away from the number in the prompt that ends what is printed.
void lower_prompt(std::string& bytes) {
  if (!bytes.ends_with(" # ")) return;
  const std::size_t end = bytes.size() - 3;
  const std::size_t begin = bytes.find_last_not_of("0123456789", end - 1) + 1;
  if (begin > 0 && bytes[begin - 1] == '.' && end - begin > 1) bytes.erase(begin, end - 1 - begin);
}

constexpr const char* question_of_reboot = "<cr> - cancel command)";
constexpr const char* question_of_save = "Do you want to save configuration to ";

/// Changes the key that answers a question.
auto answering(std::string question, std::string key, std::string by) {
  return wrapped({.typed =
                      [key, by](Notes& notes, std::string& bytes) {
                        if (std::exchange(notes["asked"], 0) != 1) return;
                        if (bytes == key || bytes == key + "\r") bytes = by;
                      },
                  .printed =
                      [question](Notes& notes, std::string& bytes) {
                        if (bytes.find(question) != std::string::npos) notes["asked"] = 1;
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
       .interpose = answering(question_of_reboot, "\r", "n")},
      {.id = "a-save-answered-no-saves",
       .sentence = "n at the question of save saves.",
       .clauses = {"a-save-answered-no-saves-nothing"},
       .origin = "",
       .interpose = answering(question_of_save, "n", "y")},
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
      {.id = "the-number-in-the-prompt-starts-again",
       .sentence = "Behind 9 the number in the prompt is 0 again.",
       .clauses = {"the-number-in-the-prompt-never-falls"},
       .origin = "M52",
       .interpose = printed([](Notes&, std::string& bytes) { lower_prompt(bytes); })},
      {.id = "checkpointing-is-shown-as-off",
       .sentence = "show checkpoint-data tells every process as not checkpointed.",
       .clauses = {"checkpointing-is-on-and-ok"},
       .origin = "",
       .interpose =
           printed([](Notes&, std::string& bytes) { replace_all(bytes, "% ON ", "% OFF"); })},
      {.id = "checkpointing-is-shown-as-broken",
       .sentence = "show checkpoint-data tells an error of every process.",
       .clauses = {"checkpointing-is-on-and-ok"},
       .origin = "",
       .interpose = printed([](Notes&, std::string& bytes) {
         replace_all(bytes, "% ON  OK ", "% ON  ERR");
         replace_all(bytes, "% OFF OK ", "% OFF ERR");
       })},
      {.id = "yes-does-not-save",
       .sentence = "Answered y, reboot reboots and saves nothing.",
       .clauses = {"reboot-does-what-it-was-answered"},
       .origin = "",
       .interpose = answering(question_of_reboot, "y", "n")},
      {.id = "no-saves",
       .sentence = "Answered n, reboot saves and reboots.",
       .clauses = {"reboot-does-what-it-was-answered"},
       .origin = "",
       .interpose = answering(question_of_reboot, "n", "y")},
  };
}

}  // namespace understudy::reference::exos
