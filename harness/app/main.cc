// The program `understudy`: reads the command line and hands over. No work is done here.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "harness/app/commands.h"
#include "targets/process.h"

namespace understudy::app {
namespace {

/// An empty --out would write to the root of the file system.
const CLI::Validator not_empty(
    [](std::string& text) { return text.empty() ? std::string("needs a folder") : std::string(); },
    "FOLDER");

const CLI::Validator whole_number(
    [](std::string& text) {
      const bool is_one =
          !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
      return is_one ? std::string() : text + " is no whole number from 0";
    },
    "NUMBER");

/// Adds a sub-command whose callback keeps the exit status.
CLI::App* add(CLI::App& program, const std::string& name, const std::string& what,
              const std::string& example) {
  CLI::App* command = program.add_subcommand(name, what);
  command->footer("Example:\n  understudy " + example);
  return command;
}

void add_cases(CLI::App& command, std::vector<std::string>& patterns, const std::string& help) {
  command.add_option("--case", patterns, help)->allow_extra_args(false);
}

void add_run(CLI::App& program, int& status) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* run = add(program, "run", "Runs suites against a testbed, judges, writes the report.",
                      "run exos-11.3 --testbed exos-11.3-processes --jobs 4 --out out/nightly");
  run->add_option("suite", options->suites, "suites, by name or path")->required();
  run->add_option("-t,--testbed", options->testbed, "testbed, by name or path")->required();
  add_cases(*run, options->case_patterns, "only cases whose name matches; again for more");
  run->add_option("-j,--jobs", options->jobs, "testbeds side by side")->check(CLI::Range(1, 256));
  run->add_option("--seed", options->seed, "fixes every choice of the run")->check(whole_number);
  run->add_option("-o,--out", options->out, "where histories and the report go")->check(not_empty);
  run->add_option("--defect", options->defect,
                  "a deliberate defect of the reference implementation (see qualify)");
  run->add_option("--defects", options->defects_file,
                  "a YAML file of defects as data, of which --defect names one");
  run->add_flag("--attended", options->is_attended,
                "you are at the terminal and do what only hands can do");
  run->add_flag("--hold", options->holds,
                "after the first failure: leave the device as it is, stop, say how to reach it");
  run->add_flag("--strict", options->strict, "a SHOULD that fails is a failure");
  run->add_flag(
      "--canaries", options->sings,
      "first one case that must pass and one that must fail: is the bench to be trusted?");
  run->add_option("--require", options->require_level,
                  "MUST: a MUST that no case covered is status 2")
      ->check(CLI::IsMember({"MUST"}));
  run->add_flag("--json", options->json, "report.json on standard output");
  run->callback([options, &status] { status = run_command(*options); });
}

void add_qualify(CLI::App& program, int& status) {
  auto options = std::make_shared<QualifyCommandOptions>();
  CLI::App* qualify =
      add(program, "qualify", "Every deliberate defect against every case: the kill matrix.",
          "qualify exos-11.3 --out out/qualify");
  qualify->add_option("suite", options->suite, "suite, by name or path")->required();
  qualify->add_option("-t,--testbed", options->testbed, "a simulated one; default SUITE-simulated");
  add_cases(*qualify, options->case_patterns, "only cases whose name matches; again for more");
  qualify->add_option("--defect", options->defect_pattern,
                      "only defects whose id, or origin (M10), matches this pattern");
  qualify->add_option("--defects", options->defects_file,
                      "a file of defects as data, instead of the reference's own");
  qualify->add_flag("--own", options->only_its_clauses,
                    "each defect against the cases that check its clauses only");
  qualify->add_flag("--list", options->only_lists, "tell the defects and run nothing");
  qualify->add_option("-j,--jobs", options->jobs, "runs side by side")->check(CLI::Range(1, 256));
  qualify->add_option("-o,--out", options->out, "where the matrix goes")->check(not_empty);
  qualify->add_flag("--json", options->json, "the matrix as JSON on standard output");
  qualify->callback([options, &status] { status = qualify_command(*options); });
}

void add_audit(CLI::App& program, int& status) {
  auto options = std::make_shared<AuditCommandOptions>();
  CLI::App* audit =
      add(program, "audit", "When was synchronisation claimed, and since when is it true?",
          "audit exos-11.3 --defect insync-before-the-bulk-ends --resolution 1ms");
  audit->add_option("suite", options->suite, "suite, by name or path")->required();
  audit->add_option(
      "-t,--testbed", options->testbed,
      "a simulated one, whose runs repeat themselves exactly; default SUITE-simulated");
  add_cases(*audit, options->case_patterns, "cases with a pause before the audit (audit-*)");
  audit->add_option("--defect", options->defect, "a deliberate defect of the simulated testbed");
  audit->add_option("--resolution", options->resolution, "how close the bounds come");
  audit->add_option("--seed", options->seed, "the runs' seed")->check(whole_number);
  audit->add_option("-o,--out", options->out, "where a page with the time lines goes")
      ->type_name("FOLDER");
  audit->add_flag("--json", options->json, "the bounds as JSON");
  audit->callback([options, &status] { status = audit_command(*options); });
}

void add_reading(CLI::App& program, int& status) {
  auto list_options = std::make_shared<ListOptions>();
  CLI::App* list = add(program, "list", "What a suite holds: clauses by page, and their cases.",
                       "list exos-11.3 --testbed exos-11.3-processes");
  list->add_option("suite", list_options->suites, "suites, by name or path")->required();
  list->add_option("-t,--testbed", list_options->testbed, "say what cannot run there, and why");
  list->add_flag("--attended", list_options->is_attended,
                 "as if you were at the terminal and did what only hands can do");
  list->add_flag("--json", list_options->json, "an object with clauses and cases");
  list->callback([list_options, &status] { status = list_command(*list_options); });

  auto plan_options = std::make_shared<PlanOptions>();
  CLI::App* plan = add(program, "plan", "What a case would do on a testbed, step by step.",
                       "plan exos-11.3 --testbed exos-11.3-processes --case master-hangs");
  plan->add_option("suite", plan_options->suite, "suite, by name or path")->required();
  plan->add_option("-t,--testbed", plan_options->testbed, "testbed, by name or path")->required();
  add_cases(*plan, plan_options->case_patterns, "only cases whose name matches; again for more");
  plan->add_option("--seed", plan_options->seed, "the run's seed")->check(whole_number);
  plan->add_flag("--dry", plan_options->dry,
                 "every byte that would be sent, every command of outlets and hands");
  plan->add_flag("--attended", plan_options->is_attended,
                 "as if you were at the terminal and did what only hands can do");
  plan->add_flag("--json", plan_options->json, "the plans as JSON");
  plan->callback([plan_options, &status] { status = plan_command(*plan_options); });

  auto words_json = std::make_shared<std::pair<bool, bool>>();
  CLI::App* words = add(program, "words", "The vocabulary of the suite language.", "words | less");
  words->add_flag("--json", words_json->first, "as JSON");
  words->add_flag("--schema", words_json->second, "the JSON Schema for editors");
  words->callback(
      [words_json, &status] { status = words_command(words_json->first, words_json->second); });

  auto paths = std::make_shared<std::pair<std::vector<std::string>, bool>>();
  CLI::App* check = add(program, "check", "Is this suite, testbed or dialect sound?",
                        "check suites/exos-11.3 my-lab.yaml");
  check->add_option("path", paths->first, "suite folders, suite files, testbeds, dialects")
      ->required();
  check->add_flag("--json", paths->second, "the errors as JSON");
  check->callback([paths, &status] { status = check_command(paths->first, paths->second); });

  auto parse_options = std::make_shared<ParseOptions>();
  CLI::App* parse = add(program, "parse", "A TextFSM template over a file: rows.",
                        "parse --template show_node.textfsm answer.txt --json");
  parse->add_option("-T,--template", parse_options->template_path, "TextFSM template")->required();
  parse->add_option("file", parse_options->input_path, "the text to read")->required();
  parse->add_flag("--json", parse_options->json, "what TextFSM's ParseTextToDicts returns");
  parse->callback([parse_options, &status] { status = parse_command(*parse_options); });
}

void add_stored(CLI::App& program, int& status) {
  auto judge_options = std::make_shared<JudgeOptions>();
  CLI::App* judge =
      add(program, "judge", "Judges a stored run again; needs no device.", "judge out/nightly");
  judge->add_option("folder", judge_options->folder, "the run's folder, or one case's")->required();
  judge->add_flag("--strict", judge_options->strict, "a SHOULD that fails is a failure");
  judge->add_flag("--json", judge_options->json, "the verdicts as JSON on standard output");
  CLI::Option* reread = judge->add_flag(
      "--reread", judge_options->rereads,
      "read the kept bytes of the consoles again, by the dialect as it is now: what changes?");
  judge->add_option("--dialect", judge_options->dialect, "read by this one, by name or path")
      ->needs(reread);
  judge
      ->add_flag("--write", judge_options->writes,
                 "keep what was found as reread.json in each case's folder")
      ->needs(reread);
  judge->callback([judge_options, &status] { status = judge_command(*judge_options); });

  auto report_options = std::make_shared<FolderOptions>();
  CLI::App* report =
      add(program, "report", "HTML, JUnit and JSON of a stored run, again.", "report out/nightly");
  report->add_option("folder", report_options->folder, "the run's folder")->required();
  report->callback([report_options, &status] { status = report_command(*report_options); });

  auto out = std::make_shared<std::string>("out");
  CLI::App* heal =
      add(program, "heal", "Undoes what a dead run left behind.", "heal --out out/nightly");
  heal->add_option("-o,--out", *out, "where the run wrote")->check(not_empty);
  auto is_attended = std::make_shared<bool>(false);
  heal->add_flag("--attended", *is_attended,
                 "somebody at this terminal does what only hands can do");
  heal->callback([out, is_attended, &status] { status = heal_command(*out, *is_attended); });
}

void add_device(CLI::App& program, int& status) {
  auto probe_options = std::make_shared<ProbeOptions>();
  CLI::App* probe = add(program, "probe", "Is this testbed honest, does its dialect fit?",
                        "probe --testbed my-lab.yaml");
  probe->add_option("-t,--testbed", probe_options->testbed, "testbed, by name or path")->required();
  probe->add_option("-o,--out", probe_options->out, "folder for transcripts")->check(not_empty);
  probe->add_flag("--json", probe_options->json, "the findings as JSON");
  probe->callback([probe_options, &status] { status = probe_command(*probe_options); });

  auto record_options = std::make_shared<RecordOptions>();
  CLI::App* record = add(program, "record", "Opens a node's console to you and keeps the session.",
                         "record --testbed my-lab.yaml --node MSM-A --out session");
  record->add_option("-t,--testbed", record_options->testbed, "testbed, by name or path")
      ->required();
  record->add_option("-n,--node", record_options->node, "the node")->required();
  record->add_option("-o,--out", record_options->out, "folder for the session")->check(not_empty);
  record->callback([record_options, &status] { status = record_command(*record_options); });

  auto session = std::make_shared<std::string>();
  CLI::App* replay =
      add(program, "replay", "Plays a recorded session back, as a device that is not there.",
          "replay session/MSM-A.session.jsonl");
  replay->add_option("session", *session, "what `record` kept: NODE.session.jsonl")->required();
  replay->callback([session, &status] { status = replay_command(*session); });

  auto start = std::make_shared<std::pair<std::string, std::string>>();
  CLI::App* begin = add(program, "new", "A commented start of a testbed, a dialect or a suite.",
                        "new dialect my-switch");
  begin->add_option("kind", start->first, "testbed, dialect or suite")
      ->required()
      ->check(CLI::IsMember({"testbed", "dialect", "suite"}));
  begin->add_option("name", start->second, "its name; the files are where it is looked for")
      ->required();
  begin->callback([start, &status] { status = new_command(start->first, start->second); });
}

/// `--case --out x` forgot the case; it does not ask for one called --out.
void refuse_options_as_values(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    if (option->get_positional() || option->get_items_expected_min() == 0) continue;
    option->check(CLI::Validator(
        [&command](std::string& text) {
          const bool is_option = command.get_option_no_throw(text) != nullptr;
          return is_option ? "its value is missing: " + text + " is an option" : std::string();
        },
        ""));
  }
}

int understudy_main(int argc, char** argv) {
  int status = 0;
  if (targets::run_hidden_command(argc, argv, status)) return status;
  CLI::App program{"A fault-injection conformance harness for redundant switches.", "understudy"};
  program.set_version_flag("--version", std::string("understudy ") + version);
  program.require_subcommand(1);
  add_run(program, status);
  add_qualify(program, status);
  add_audit(program, status);
  add_reading(program, status);
  add_stored(program, status);
  add_device(program, status);
  std::string help = "understudy --help";
  std::vector<std::string> names;
  const std::function<bool(CLI::App*)> every = [](CLI::App*) { return true; };
  for (CLI::App* command : program.get_subcommands(every)) {
    names.push_back(command->get_name());
    refuse_options_as_values(*command);
  }
  if (argc > 1 && argv[1][0] != '-') {
    const std::string word = argv[1];
    if (std::find(names.begin(), names.end(), word) == names.end()) {
      return could_not_start({"", "there is no command `" + word + "`", did_you_mean(word, names)});
    }
    help = "understudy " + word + " --help";
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);
    std::fprintf(stderr, "understudy: %s (%s)\n", error.what(), help.c_str());
    return 3;
  }
  return status;
}

}  // namespace
}  // namespace understudy::app

int main(int argc, char** argv) {
  return understudy::app::understudy_main(argc, argv);
}
