#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/scenario.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/solver/lane_chemistry.hpp>

namespace bench {

using namespace chemnne;

/// Cells as a host has them, one after another.
struct AirCells {
  std::vector<Environment> environment;
  std::vector<double> input;  ///< [cell][inputs of the rates], RateProgram
  std::vector<double> state;  ///< [cell][species], molecules cm-3
};

/// A mechanism with the ranges of its air.
struct Chemistry {
  Mechanism mechanism;
  ScenarioRanges ranges;
  std::shared_ptr<const LaneChemistry<float>> floats;
  std::shared_ptr<const LaneChemistry<double>> doubles;

  std::size_t species() const { return mechanism.variable_species; }
  std::size_t inputs() const { return doubles->rate_program().inputs(); }
  /// Adds what rates follow of a cell's environment.
  void append_input(const Environment& environment, std::vector<double>& input) const;
};

/// The work: cells that no one has seen, and what becomes of them in an hour.
struct SolverCase {
  std::string name;
  std::shared_ptr<const Chemistry> chemistry;
  AirCells air;
  std::vector<double> truth;                 ///< as `air.state`, after an hour
  std::vector<double> floor, deviation;      ///< [species]
  std::vector<Conditions> conditions;        ///< of those windows from which cells are, their first hour
  std::vector<std::vector<double>> windows;  ///< states of these, undisturbed

  std::size_t cells() const { return air.environment.size(); }
  std::size_t species() const { return chemistry->species(); }
};

/// Where a case comes from, and how much of it.
struct CaseSource {
  std::string name, mechanism_file;
  std::string ranges;  ///< text
  std::size_t scenarios, windows;
  bool truth_by_cvode;
};

/// The cases of which the files are there; a line about each that is not.
std::vector<CaseSource> case_sources();

/// Draws windows of scenarios (seed of its own, a quarter with plumes), each as it is and once more with
/// every species disturbed by up to a factor of 3, and solves them: CVODE at 1e-10, or Rodas4 at 1e-9 with
/// two cells checked by CVODE. Errors: those of the library.
SolverCase make_case(const CaseSource& source);

/// Writes mechanisms' initial conditions as ranges: from a third to three times each.
std::string ranges_of_saprc(const std::string& mechanism_file);
std::string ranges_of_ts1(const std::string& mechanism_file, const std::string& initial_conditions);
std::string ranges_of_mcm();
/// GEOS-Chem's: continental air with halogens and particles, and numbers for its 275 parameters.
std::string ranges_of_fullchem(const std::string& mechanism_file);

inline constexpr double hour = 3600;

}  // namespace bench
