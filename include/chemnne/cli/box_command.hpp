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
#include <chemnne/cli/box_output.hpp>
#include <chemnne/cli/box_state.hpp>
#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/cli/repeated_run.hpp>
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
        forcing_(*command_),
        output_(*command_) {
    hours_option_ = add_number(*command_, "--hours", hours_,
                               "length of the run; without it from TSTART to TEND of the mechanism's file")
                        ->check(above_zero());
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
    CLI::Option* const until =
        add_number(
            *command_, "--repeat-until", repeat_until_,
            "repeats the run, such as a day, from where it ended until no species that is written differs "
            "by more than this from the run before at the same time, relative to its highest value; the "
            "last run is written")
            ->check(above_zero());
    add_number(*command_, "--repeat-most", repeat_most_, "runs after which repeating ends, steady or not")
        ->check(above_zero())
        ->needs(until)
        ->capture_default_str();
    command_->footer(
        "With --latitude the sun moves: cosine_zenith follows from latitude, --date and --time, and with it "
        "the MCM's J. J and PHOTO parameters that are given stay as given. TEMP, TSTART, TEND and DT of a "
        "KPP file's F90_INIT count where no option says otherwise.");
    command_->callback([this] { run(); });
  }

 private:
  void run() {
    Mechanism mechanism = mechanism_.read({.collect_unresolved = start_.prescribes_rates()});
    set_length(mechanism.run_settings);
    const BoxForcing forcing = forcing_.read(mechanism, start_.units());
    BoxState start = start_.read(mechanism, forcing, forcing_.between());
    std::vector<std::string> constrained;
    for (const BoxForcing::Entry& one : forcing.constrained) constrained.push_back(one.name);
    output_.prepare(mechanism, start.state, constrained);
    integrate(mechanism, start, forcing);
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

  void integrate(const Mechanism& mechanism, const BoxState& start, const BoxForcing& forcing) {
    const BoxConditions& conditions = start.conditions;
    const std::vector<double>& all = start.state;
    ChemicalSystem system(mechanism);
    const auto variable = static_cast<std::ptrdiff_t>(mechanism.variable_species);
    system.set_fixed(std::vector<double>(all.begin() + variable, all.end()));
    conditions.apply(system, 0);
    std::vector<double> state(all.begin(), all.begin() + variable);
    BoxSolver solver(mechanism, system, solver_kind(solver_), options_, conditions.course());
    std::vector<BoxEvent> events = start.events;
    for (const BoxEvent& event : forcing.box_events(mechanism, conditions)) events.push_back(event);
    BoxRun run(solver, conditions.jumps(), std::move(events));
    output_.begin(mechanism, system, start_.time_units(mechanism));
    RepeatedRun runs(repeat_until_, repeat_until_ > 0 ? repeat_most_ : 1,
                     options_.absolute_tolerance / options_.relative_tolerance);
    const double all_hours = hours_ * static_cast<double>(runs.most());
    Progress progress("box model, hours", all_hours);
    while (!runs.is_done()) {
      output_.begin_run();
      const double before = hours_ * static_cast<double>(runs.runs());
      run.run(state, 0, rows(), [&](double time, std::span<const double> c) {
        conditions.apply(system, time);
        output_.record(time, conditions.cosine_zenith(time), system, c);
        progress.reach(before + time / 3600);
      });
      runs.add(output_.species());
    }
    progress.reach(all_hours);
    progress.finish();
    output_.write();
    if (repeat_until_ > 0)
      std::printf("%s after %zu runs of %s h: largest change from the run before %s (%s)\n",
                  runs.is_steady() ? "steady" : "NOT steady", runs.runs(), number_text(hours_, 6).c_str(),
                  number_text(runs.change(), 3).c_str(), runs.species().c_str());
  }

  /// Times after the start, each interval and the end.
  std::vector<double> rows() const {
    const double end = 3600 * hours_;
    std::vector<double> times;
    do times.push_back(std::min(end, static_cast<double>(times.size() + 1) * interval_));
    while (times.back() < end);
    return times;
  }

  CLI::App* command_;
  MechanismFile mechanism_;
  BoxStateOptions start_;
  BoxForcingOptions forcing_;
  BoxOutput output_;
  std::string solver_ = "cvode";
  CLI::Option* hours_option_;
  CLI::Option* interval_option_;
  double hours_ = 0;
  double interval_ = 600;
  double repeat_until_ = 0;
  std::size_t repeat_most_ = 100;
  ReferenceOptions options_{.relative_tolerance = 1e-6, .absolute_tolerance = 1e-3};
};

}  // namespace chemnne
