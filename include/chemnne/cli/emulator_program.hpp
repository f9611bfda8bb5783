#pragma once
#include <algorithm>
#include <exception>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

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

/// The program of one emulator: its models, of which the first is the emulator and the others are to compare
/// with, for the embedded mechanism. Returns the exit status: 0 done, 2 bad input.
inline int emulator_main(int argument_count, char** arguments, const ModelList& models,
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
  if (embedded.present()) generate.emplace(program, embedded);
  TrainCommand train(program, models, embedded);
  CalibrateCommand calibrate(program, models);
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
    finish_standard_output();
    return 0;
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    World::give_up(error.what(), 2);
    return 2;
  }
}

}  // namespace chemnne
