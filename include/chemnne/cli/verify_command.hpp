#pragma once
#include <cstddef>
#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/data/check_states.hpp>
#include <chemnne/data/mechanism_check.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// `verify`: rate constants, RO2, tendencies and solutions against a file.
class VerifyCommand {
 public:
  explicit VerifyCommand(CLI::App& program)
      : command_(
            program.add_subcommand("verify",
                                   "Compares rate constants, RO2 sum, tendencies and the reference solution "
                                   "with those that a file of states has from another program.")),
        mechanism_(*command_) {
    command_
        ->add_option("--states", states_,
                     "NetCDF file in the layout of ARCA's arca_hyde_check.nc; environment values may be "
                     "parameters of the mechanism and, by <label>, rate constants; fixed_name(fixed) and "
                     "fixed_concentration(case, fixed) hold species by state")
        ->required()
        ->check(CLI::ExistingFile);
    add_number(*command_, "--rtol", tolerance_,
               "largest relative difference that is accepted, of each of the four kinds")
        ->check(above_zero())
        ->capture_default_str();
    command_->add_option("--solver", solver_, "what solves ours: Rodas4, or SUNDIALS CVODE")
        ->check(CLI::IsMember(solver_kinds))
        ->capture_default_str();
    add_number(*command_, "--solver-rtol", options_.relative_tolerance, "relative tolerance of our solution")
        ->check(above_zero())
        ->capture_default_str();
    add_number(*command_, "--solver-atol", options_.absolute_tolerance, "absolute tolerance [molecules cm-3]")
        ->check(above_zero())
        ->capture_default_str();
    add_number(*command_, "--floor", floor_,
               "smallest number density that a difference of solutions is related to [molecules cm-3]")
        ->check(above_zero())
        ->capture_default_str();
    command_->add_option("--report", report_,
                         "CSV to write: the largest relative difference of each species' solution");
    command_->footer(
        "Tendencies are compared in units of the larger of production and loss: a net value near zero has no "
        "digits of its own. Exit status: 0 all within --rtol, 1 a larger difference, 2 bad input.");
    command_->callback([this] { run(); });
  }

  /// 0, or 1 after a difference above the tolerance.
  int status() const { return status_; }

 private:
  void run() {
    const CheckStates states = read_check_states(states_);
    MechanismCheck check(mechanism_.read({.collect_unresolved = !states.rate_names().empty()}), states,
                         solver_kind(solver_), options_, floor_);
    check.run();
    std::printf("%s against %s: %zu states, %zu species, %zu reactions\n", mechanism_.path().c_str(),
                states_.c_str(), states.cases(), states.species(), states.reactions);
    std::printf("largest relative differences:\n");
    print("rate constant", check.rate_constant);
    print("RO2 sum", check.peroxy_radical_sum);
    print("tendency", check.tendency);
    print("solution", check.solution);
    if (!report_.empty()) write_report(states, check);
    std::printf("%s within %s\n", status_ == 0 ? "all" : "NOT", number_text(tolerance_, 6).c_str());
  }

  void write_report(const CheckStates& states, const MechanismCheck& check) const {
    std::string text = "species,largest_relative_difference,where\n";
    for (std::size_t k = 0; k < states.species(); ++k)
      text += states.species_name[k] + ',' + number_text(check.of_species[k].value, 3) + ',' +
              check.of_species[k].where + '\n';
    write_file_atomically(report_, text);
  }

  void print(const char* what, const LargestDifference& difference) {
    const bool is_good = difference.value <= tolerance_;
    if (!is_good) status_ = 1;
    std::printf("  %-14s %-12s %s%s\n", what, number_text(difference.value, 3).c_str(),
                difference.where.c_str(), is_good ? "" : "   ABOVE the tolerance");
  }

  CLI::App* command_;
  MechanismFile mechanism_;
  std::string states_, report_, solver_ = "cvode";
  double tolerance_ = 1e-5;
  double floor_ = 10;
  ReferenceOptions options_{.relative_tolerance = 1e-9, .absolute_tolerance = 1e-6};
  int status_ = 0;
};

}  // namespace chemnne
