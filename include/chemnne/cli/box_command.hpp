#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/cli/box_conditions.hpp>
#include <chemnne/cli/box_forcing.hpp>
#include <chemnne/cli/box_state.hpp>
#include <chemnne/cli/cell_table.hpp>
#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/data/box_run.hpp>
#include <chemnne/data/box_solver.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/progress.hpp>

namespace chemnne {

/// `box`: integrates one box with any mechanism.
class BoxCommand {
 public:
  explicit BoxCommand(CLI::App& program)
      : command_(program.add_subcommand("box", "Integrates one box of air with the mechanism.")),
        mechanism_(*command_),
        start_(*command_),
        forcing_(*command_) {
    hours_option_ = add_number(*command_, "--hours", hours_,
                               "length of the run; without it from TSTART to TEND of the mechanism's file")
                        ->check(above_zero());
    command_->add_option("--output", output_, "time series to write (.csv or .nc), molecules cm-3")
        ->required();
    interval_option_ = add_number(*command_, "--interval", interval_,
                                  "seconds between rows of the output; without it DT of the mechanism's file")
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
        "the MCM's J. J and PHOTO parameters that are given stay as given. TEMP, TSTART, TEND and DT of a "
        "KPP "
        "file's F90_INIT count where no option says otherwise.");
    command_->callback([this] { run(); });
  }

 private:
  void run() {
    Mechanism mechanism = mechanism_.read();
    set_length(mechanism.run_settings);
    const BoxForcing forcing = forcing_.read(mechanism, start_.units());
    const BoxState start = start_.read(mechanism, forcing, forcing_.between());
    integrate(mechanism, start.conditions, forcing, start.state);
  }

  /// Where the options say nothing, what the mechanism's file says. Errors: Error when neither does.
  void set_length(const RunSettings& usual) {
    if (interval_option_->count() == 0 && usual.step.value_or(0) > 0) interval_ = *usual.step;
    if (hours_option_->count() > 0) return;
    hours_ = (usual.end.value_or(0) - usual.start.value_or(0)) / 3600;
    if (!(hours_ > 0))
      throw Error("--hours", "the length of the run", "none, and none in the mechanism's file");
    std::fprintf(stderr, "of the mechanism's file: %s h\n", number_text(hours_, 6).c_str());
  }

  void integrate(const Mechanism& mechanism, const BoxConditions& conditions, const BoxForcing& forcing,
                 const std::vector<double>& all) {
    ChemicalSystem system(mechanism);
    const auto variable = static_cast<std::ptrdiff_t>(mechanism.variable_species);
    system.set_fixed(std::vector<double>(all.begin() + variable, all.end()));
    conditions.apply(system, 0);
    std::vector<double> state(all.begin(), all.begin() + variable);
    BoxSolver solver(mechanism, system, solver_kind(solver_), options_, conditions.course());
    BoxRun run(solver, conditions.jumps(), forcing.box_events(mechanism, conditions));
    const std::vector<std::size_t> written = indices(mechanism, forcing);
    CellTable table = header(mechanism, written);
    Progress progress("box model, hours", hours_);
    double before = 0;
    run.run(state, 0, rows(), [&](double time, std::span<const double> c) {
      conditions.apply(system, time);
      append(time, system, conditions, c, written, table);
      progress.advance((time - before) / 3600);
      before = time;
    });
    std::vector<std::string> units(table.name.size(), "molecules cm-3");
    units[0] = "s";
    units[1] = "1";
    write_cells(output_, table, units, "time");
    std::printf("%s: %zu species at %zu times, mechanism %s\n", output_.c_str(), written.size(),
                table.cells(), mechanism.name.c_str());
  }

  /// Times after the start, each interval and the end.
  std::vector<double> rows() const {
    const double end = 3600 * hours_;
    std::vector<double> times;
    do times.push_back(std::min(end, static_cast<double>(times.size() + 1) * interval_));
    while (times.back() < end);
    return times;
  }

  /// Species that are written: those asked for, or all that vary and those that follow a course.
  std::vector<std::size_t> indices(const Mechanism& mechanism, const BoxForcing& forcing) const {
    std::vector<std::size_t> result;
    for (const std::string& name : species_) result.push_back(mechanism.index_of(name));
    if (!species_.empty()) return result;
    for (std::size_t i = 0; i < mechanism.variable_species; ++i) result.push_back(i);
    for (const BoxForcing::Entry& one : forcing.constrained) result.push_back(mechanism.index_of(one.name));
    return result;
  }

  static CellTable header(const Mechanism& mechanism, const std::vector<std::size_t>& written) {
    CellTable table;
    table.name = {"time", "cosine_zenith"};
    for (const std::size_t i : written) table.name.push_back(mechanism.species[i].name);
    table.column.resize(table.name.size());
    return table;
  }

  static void append(double time, const ChemicalSystem& system, const BoxConditions& conditions,
                     std::span<const double> state, const std::vector<std::size_t>& written,
                     CellTable& table) {
    table.column[0].push_back(time);
    table.column[1].push_back(conditions.cosine_zenith(time));
    for (std::size_t k = 0; k < written.size(); ++k)
      table.column[k + 2].push_back(written[k] < state.size() ? state[written[k]]
                                                              : system.fixed()[written[k] - state.size()]);
  }

  CLI::App* command_;
  MechanismFile mechanism_;
  BoxStateOptions start_;
  BoxForcingOptions forcing_;
  std::string output_, solver_ = "cvode";
  std::vector<std::string> species_;
  CLI::Option* hours_option_;
  CLI::Option* interval_option_;
  double hours_ = 0;
  double interval_ = 600;
  ReferenceOptions options_{.relative_tolerance = 1e-6, .absolute_tolerance = 1e-3};
};

}  // namespace chemnne
