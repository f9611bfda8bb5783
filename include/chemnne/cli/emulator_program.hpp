#pragma once
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

#include <chemnne/cli/evaluate_command.hpp>
#include <chemnne/cli/generate_command.hpp>
#include <chemnne/cli/info_command.hpp>
#include <chemnne/cli/run_command.hpp>
#include <chemnne/cli/train_command.hpp>
#include <chemnne/cli/world.hpp>

namespace chemnne {

/// The program of one emulator: configuration C compiled for the embedded mechanism. Returns the exit status:
/// 0 done, 2 bad input.
template <class C>
int emulator_main(int argument_count, char** arguments, const EmbeddedMechanism& embedded) {
  CLI::App program(
      "Emulator of the chemical mechanism '" + std::string(embedded.name) + "' (" +
      std::to_string(C::inputs) + " species in, " + std::to_string(C::outputs) +
      " out).\nThe way of work: generate data sets, train on them, evaluate on held-out data, run.");
  program.set_version_flag("--version", std::string(version));
  program.require_subcommand(1);
  std::string command_line;
  for (int i = 0; i < argument_count; ++i) command_line += (i > 0 ? " " : "") + std::string(arguments[i]);
  GenerateCommand generate(program, embedded);
  TrainCommand<C> train(program);
  EvaluateCommand<C> evaluate(program, embedded, command_line);
  RunCommand<C> run(program);
  InfoCommand<C> info(program, embedded);
  // After the subcommands, which would inherit it.
  program.footer(
      "SUBCOMMAND --help tells its options. Exit status: 0 done, 2 bad input (the message says where and "
      "why).");
  try {
    program.parse(argument_count, arguments);
    return 0;
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    World::give_up(error.what(), 2);
    return 2;
  }
}

}  // namespace chemnne
