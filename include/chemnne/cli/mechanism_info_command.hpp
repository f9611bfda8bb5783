#pragma once
#include <complex>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/cli/box_state.hpp>
#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/cli/mechanism_summary.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/reference/spectrum.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// `info`: what is in a mechanism, and does it conserve its elements?
class MechanismInfoCommand {
 public:
  explicit MechanismInfoCommand(CLI::App& program)
      : command_(
            program.add_subcommand("info",
                                   "Counts species and reactions, lists the reactions that create or lose "
                                   "atoms and, at a state, tells how stiff the system is.")),
        mechanism_(*command_),
        start_(*command_) {
    command_->add_flag("--json", json_, "write JSON, for other programs");
    command_->add_flag("--list", list_,
                       "list every parameter and every reaction that is not balanced, not only the first 20");
    command_->add_flag(
        "--all-elements", all_elements_,
        "balance H and O too; most published mechanisms leave H2O and O2 out and do not close them");
    command_->add_flag(
        "--stiffness", stiffness_,
        "extreme eigenvalues of the Jacobian, at the mechanism's own initial values unless --initial "
        "gives others (which asks for this too)");
    add_number(*command_, "--spin-up", spin_up_,
               "seconds to integrate before, so that radicals are in balance")
        ->check(zero_or_more())
        ->capture_default_str();
    command_->callback([this] { run(); });
  }

 private:
  void run() const {
    const bool wants_spectrum = stiffness_ || start_.has_initial();
    Mechanism mechanism = mechanism_.read_quietly({.collect_unresolved = !wants_spectrum});
    const MechanismSummary summary(mechanism, all_elements_);
    Json json = summary.json();
    if (!json_) summary.print(list_ ? std::numeric_limits<std::size_t>::max() : 20);
    if (wants_spectrum) {
      const Spectrum found = spectrum_after_spin_up(mechanism);
      json["stiffness"] = to_json(found);
      if (!json_) print(found);
    }
    if (json_) std::printf("%s\n", json.dump().c_str());
  }

  Spectrum spectrum_after_spin_up(Mechanism& mechanism) const {
    const BoxState start = start_.read(mechanism);
    ChemicalSystem system(mechanism);
    const auto variable = static_cast<std::ptrdiff_t>(mechanism.variable_species);
    system.set_fixed(std::vector<double>(start.state.begin() + variable, start.state.end()));
    start.conditions.apply(system, 0);
    std::vector<double> state(start.state.begin(), start.state.begin() + variable);
    ReferenceSolver<ChemicalSystem> solver(system, {.relative_tolerance = 1e-6});
    if (spin_up_ > 0)
      if (const SolverStatus status = solver.integrate(state, spin_up_); !status)
        throw Error("spin-up", "a solver that goes on", status.reason);
    return spectrum(system, state);
  }

  static Json to_json(const Spectrum& spectrum) {
    Json result = Json::object();
    const auto add = [&](const char* name, std::complex<double> value) {
      result[name] = Json::Array{value.real(), value.imag()};
    };
    add("fastest", spectrum.fastest);
    add("slowest", spectrum.slowest);
    add("rightmost", spectrum.rightmost);
    result["stiffness_over_an_hour"] = spectrum.stiffness(3600);
    return result;
  }

  void print(const Spectrum& spectrum) const {
    const auto line = [](const char* name, std::complex<double> value) {
      const double imaginary = value.imag() + 0.0;  // -0 becomes 0
      std::printf("  %-22s %s %s%si s-1, time scale %s s\n", name, number_text(value.real(), 6).c_str(),
                  imaginary < 0 ? "" : "+", number_text(imaginary, 3).c_str(),
                  number_text(1 / std::abs(value), 3).c_str());
    };
    std::printf("eigenvalues of the Jacobian after a spin-up of %s s\n", number_text(spin_up_, 6).c_str());
    line("fastest", spectrum.fastest);
    line("slowest but zero", spectrum.slowest);
    line(spectrum.grows() ? "rightmost (grows)" : "rightmost", spectrum.rightmost);
    std::printf("  %-22s %s over an hour\n", "stiffness", number_text(spectrum.stiffness(3600), 3).c_str());
  }

  CLI::App* command_;
  MechanismFile mechanism_;
  BoxStateOptions start_;
  bool json_ = false, list_ = false, all_elements_ = false, stiffness_ = false;
  double spin_up_ = 600;
};

}  // namespace chemnne
