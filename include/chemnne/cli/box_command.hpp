#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/cli/box_conditions.hpp>
#include <chemnne/cli/box_state.hpp>
#include <chemnne/cli/cell_table.hpp>
#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/data/box_solver.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/progress.hpp>

namespace chemnne {

/// `box`: integrates one box with any mechanism.
class BoxCommand {
 public:
  explicit BoxCommand(CLI::App& program)
      : command_(program.add_subcommand("box", "Integrates one box of air with the mechanism.")),
        mechanism_(*command_),
        start_(*command_) {
    add_number(*command_, "--hours", hours_, "length of the run")->required()->check(above_zero());
    command_->add_option("--output", output_, "time series to write (.csv or .nc), molecules cm-3")
        ->required();
    add_number(*command_, "--interval", interval_, "seconds between rows of the output")
        ->check(above_zero())
        ->capture_default_str();
    add_number(*command_, "--update", update_,
               "seconds for which changing conditions are held, at their value in the middle")
        ->check(above_zero())
        ->capture_default_str();
    command_->add_option("--solver", solver_, "Rodas4, or SUNDIALS CVODE")
        ->check(CLI::IsMember(solver_kinds))
        ->capture_default_str();
    add_number(*command_, "--rtol", options_.relative_tolerance, "relative tolerance of the solver")
        ->check(above_zero())
        ->capture_default_str();
    add_number(*command_, "--atol", options_.absolute_tolerance, "absolute tolerance [molecules cm-3]")
        ->check(above_zero())
        ->capture_default_str();
    command_->add_option("--species", species_, "write only these, with commas between")->delimiter(',');
    command_->footer(
        "With --latitude the sun moves: cosine_zenith follows from latitude, --date and --time, and with it "
        "the MCM's J. J and PHOTO parameters that are given stay as given.");
    command_->callback([this] { run(); });
  }

 private:
  void run() {
    Mechanism mechanism = mechanism_.read();
    const BoxState start = start_.read(mechanism);
    integrate(mechanism, start.conditions, start.state);
  }

  void integrate(const Mechanism& mechanism, const BoxConditions& conditions,
                 const std::vector<double>& all) {
    ChemicalSystem system(mechanism);
    const auto variable = static_cast<std::ptrdiff_t>(mechanism.variable_species);
    system.set_fixed(std::vector<double>(all.begin() + variable, all.end()));
    std::vector<double> state(all.begin(), all.begin() + variable);
    BoxSolver solver(mechanism, system, solver_kind(solver_), options_);
    const std::vector<std::size_t> written = indices(mechanism);
    CellTable table = header(mechanism, written);
    const double end = 3600 * hours_;
    append(0, conditions, state, written, table);
    Progress progress("box model, hours", hours_);
    double time = 0;
    for (std::size_t row = 1; time < end; ++row) {
      const double next = std::min(end, static_cast<double>(row) * interval_);
      advance(system, solver, conditions, time, next, state);
      progress.advance((next - time) / 3600);
      time = next;
      append(time, conditions, state, written, table);
    }
    std::vector<std::string> units(table.name.size(), "molecules cm-3");
    units[0] = "s";
    units[1] = "1";
    write_cells(output_, table, units, "time");
    std::printf("%s: %zu species at %zu times, mechanism %s\n", output_.c_str(), written.size(),
                table.cells(), mechanism.name.c_str());
  }

  /// In pieces of constant conditions where they change; the first error of the solver ends the run.
  void advance(ChemicalSystem& system, BoxSolver& solver, const BoxConditions& conditions, double from,
               double to, std::vector<double>& state) const {
    const double pieces =
        conditions.is_constant() ? 1 : std::max(1.0, std::ceil((to - from) / update_ - 1e-9));
    const double length = (to - from) / pieces;
    for (double piece = 0; piece < pieces; ++piece) {
      const double start = from + piece * length;
      conditions.apply(system, start + 0.5 * length);
      const SolverStatus status = solver.integrate(state, length);
      if (!status)
        throw Error("box at " + number_text(start + status.time_reached) + " s", "a solver that goes on",
                    status.reason);
    }
  }

  std::vector<std::size_t> indices(const Mechanism& mechanism) const {
    std::vector<std::size_t> result;
    for (const std::string& name : species_) {
      result.push_back(mechanism.index_of(name));
      if (result.back() >= mechanism.variable_species)
        throw Error("--species", "variable species", "'" + name + "', which is fixed");
    }
    if (species_.empty())
      for (std::size_t i = 0; i < mechanism.variable_species; ++i) result.push_back(i);
    return result;
  }

  static CellTable header(const Mechanism& mechanism, const std::vector<std::size_t>& written) {
    CellTable table;
    table.name = {"time", "cosine_zenith"};
    for (const std::size_t i : written) table.name.push_back(mechanism.species[i].name);
    table.column.resize(table.name.size());
    return table;
  }

  static void append(double time, const BoxConditions& conditions, const std::vector<double>& state,
                     const std::vector<std::size_t>& written, CellTable& table) {
    table.column[0].push_back(time);
    table.column[1].push_back(conditions.cosine_zenith(time));
    for (std::size_t k = 0; k < written.size(); ++k) table.column[k + 2].push_back(state[written[k]]);
  }

  CLI::App* command_;
  MechanismFile mechanism_;
  BoxStateOptions start_;
  std::string output_, solver_ = "cvode";
  std::vector<std::string> species_;
  double hours_ = 1;
  double interval_ = 600;
  double update_ = 300;
  ReferenceOptions options_{.relative_tolerance = 1e-6, .absolute_tolerance = 1e-3};
};

}  // namespace chemnne
