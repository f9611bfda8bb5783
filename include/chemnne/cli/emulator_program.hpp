#pragma once
#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/adapt_command.hpp>
#include <chemnne/cli/calibrate_command.hpp>
#include <chemnne/cli/embed_command.hpp>
#include <chemnne/cli/evaluate_command.hpp>
#include <chemnne/cli/generate_command.hpp>
#include <chemnne/cli/info_command.hpp>
#include <chemnne/cli/interface_command.hpp>
#include <chemnne/cli/interpret_command.hpp>
#include <chemnne/cli/run_command.hpp>
#include <chemnne/cli/standard_output.hpp>
#include <chemnne/cli/train_command.hpp>
#include <chemnne/cli/world.hpp>

namespace chemnne {

namespace detail {
/// `emulator_main` without an end to errors of its commands.
inline int run_emulator_program(int argument_count, const char* const* arguments, const ModelList& models,
                                const EmbeddedMechanism& embedded) {
  CLI::App program(
      (embedded.present() ? "Emulator of the chemical mechanism '" + std::string(embedded.name) + "' ("
                          : std::string("Emulator of a chemical mechanism known by its data sets (")) +
      std::to_string(models.front().inputs) + " species in, " + std::to_string(models.front().outputs) +
      " out).\nThe way of work: generate data sets, train on them, evaluate on held-out data, run.");
  program.set_version_flag("--version", std::string(version));
  program.require_subcommand(1);
  std::string command_line;
  for (int i = 0; i < argument_count; ++i) command_line += (i > 0 ? " " : "") + std::string(arguments[i]);
  std::optional<GenerateCommand> generate;
  std::optional<AdaptCommand> adapt;
  if (embedded.present()) generate.emplace(program, embedded);
  TrainCommand train(program, models, embedded);
  CalibrateCommand calibrate(program, models);
  if (embedded.present())
    adapt.emplace(program, embedded, [&](const AdaptCommand::Arguments& of_stage) {
      std::vector<const char*> all{arguments[0]};
      for (const std::string& argument : of_stage) all.push_back(argument.c_str());
      if (run_emulator_program(static_cast<int>(all.size()), all.data(), models, embedded) != 0)
        throw Error("adapt", "a stage that ends well", "'" + of_stage[0] + "', which does not");
    });
  EvaluateCommand evaluate(program, models, embedded, command_line);
  InterpretCommand interpret(program, models, embedded, command_line);
  RunCommand run(program, models);
  InfoCommand info(program, models, embedded);
  EmbedCommand embed(program, models);
  InterfaceCommand interface(program, std::max(models.front().inputs, models.front().outputs), embedded);
  // After the subcommands, which would inherit it.
  program.footer(
      "SUBCOMMAND --help tells its options. Exit status: 0 done, 2 bad input (the message says where and "
      "why).");
  try {
    program.parse(argument_count, arguments);
    return 0;
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : 2;
  }
}
}  // namespace detail

/// The program of one emulator: its models, of which the first is the emulator and the others are to compare
/// with, for the embedded mechanism. Returns the exit status: 0 done, 2 bad input.
inline int emulator_main(int argument_count, char** arguments, const ModelList& models,
                         const EmbeddedMechanism& embedded) {
  try {
    const int status = detail::run_emulator_program(argument_count, arguments, models, embedded);
    if (status == 0) finish_standard_output();
    return status;
  } catch (const std::exception& error) {
    World::give_up(error.what(), 2);
    return 2;
  }
}

}  // namespace chemnne
