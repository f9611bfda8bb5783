#pragma once
#include <cstdio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/cell_table.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/cli/trained_model.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// `run`: states in, states after a step out.
class RunCommand {
 public:
  RunCommand(CLI::App& program, const ModelList& models) : models_(models), seconds_(models.front().horizon) {
    CLI::App* const command = program.add_subcommand(
        "run", "Advances the states of cells in a CSV or NetCDF file by one or more steps.");
    command->add_option("--model", model_, "weights of the emulator")->required()->check(CLI::ExistingFile);
    command
        ->add_option("--input", input_,
                     "cells: CSV with a header, or NetCDF with a variable a name over dimension 'cell'")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--output", output_, "the same columns with the new states (.csv or .nc)")
        ->required();
    add_number(*command, "--seconds", seconds_,
               "length of a step, above 0 and up to the horizon of the emulator")
        ->check(above_zero(models.front().horizon))
        ->capture_default_str();
    add_number(*command, "--steps", steps_, "steps, the end of each fed back into the next")
        ->check(above_zero())
        ->capture_default_str();
    command->footer(
        "Columns: every input species [molecules cm-3] and every condition, by the names that 'info' lists; "
        "order does not matter.");
    command->callback([this] { run(); });
  }

 private:
  void run() {
    require_place_for_file(output_);
    const std::unique_ptr<TrainedModel> model = load_model(models_, model_);
    const EmulatorDescription& description = model->description();
    const std::size_t outputs = description.outputs.size();
    if (outputs < description.inputs.size())
      throw Error(
          model_, "every input among the outputs, so that the state can be advanced",
          std::to_string(outputs) + " outputs of " + std::to_string(description.inputs.size()) + " inputs");
    const StepFunction advance = model->step(default_threads());
    std::vector<std::string> names = description.outputs, units(names.size(), "molecules cm-3");
    names.insert(names.end(), description.conditions.begin(), description.conditions.end());
    units.insert(units.end(), description.condition_units.begin(), description.condition_units.end());

    CellTable table = detail::is_netcdf(input_) ? read_cells_netcdf(input_, columns_of(description))
                                                : read_cells_csv(input_, NotFinite::kept);
    const std::size_t cells = table.cells();
    std::vector<double> state, conditions;
    for (const std::string& name : description.inputs) append(state, table.at(name, input_));
    for (const std::string& name : description.conditions) append(conditions, table.at(name, input_));
    state.resize(cells * outputs);  // column-major: the outputs beyond the inputs stand behind

    StepStatus last;
    for (std::size_t step = 0; step < steps_; ++step)
      last = advance(Columns<const double>::item_major(state.data(), cells),
                     Columns<const double>::item_major(conditions.data(), cells), seconds_,
                     Columns<double>::item_major(state.data(), cells), {});
    for (std::size_t i = 0; i < outputs; ++i) {
      const auto first = state.begin() + static_cast<std::ptrdiff_t>(i * cells);
      table.set(description.outputs[i], {first, first + static_cast<std::ptrdiff_t>(cells)});
    }
    units = units_of(table.name, names, units);
    write_cells(output_, table, units);
    std::fprintf(stderr,
                 "%zu cells, %zu step(s) of %s s: in the last one %zu outside the training ranges, %zu left "
                 "unchanged (not finite)\n",
                 cells, steps_, number_text(seconds_, 6).c_str(), last.outside_training, last.left_unchanged);
  }

  static std::vector<std::string> columns_of(const EmulatorDescription& description) {
    std::vector<std::string> names = description.inputs;
    names.insert(names.end(), description.conditions.begin(), description.conditions.end());
    return names;
  }

  static void append(std::vector<double>& to, const std::vector<double>& from) {
    to.insert(to.end(), from.begin(), from.end());
  }

  static std::vector<std::string> units_of(const std::vector<std::string>& columns,
                                           const std::vector<std::string>& names,
                                           const std::vector<std::string>& units) {
    std::vector<std::string> result;
    for (const std::string& column : columns) {
      const auto place = std::find(names.begin(), names.end(), column);
      result.push_back(place == names.end() ? "unknown"
                                            : units[static_cast<std::size_t>(place - names.begin())]);
    }
    return result;
  }

  const ModelList& models_;
  std::string model_, input_, output_;
  double seconds_;
  std::size_t steps_ = 1;
};

}  // namespace chemnne
