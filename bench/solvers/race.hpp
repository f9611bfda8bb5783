#pragma once
#include <string>
#include <vector>

#include "contender.hpp"

#include <chemnne/io/json.hpp>

namespace bench {

/// Errors of one contender against the truth of a case.
struct Errors {
  double rmse = 0;               ///< over cells and species, decades of max(c, floor)
  double standardised = 0;       ///< the same of decades in standard deviations of the truth
  double median = 0, worst = 0;  ///< of cells, each the root mean square over its species, decades
  double ozone = 0;              ///< root mean square over cells, relative to max(truth, floor)
};

/// Contenders take turns until `seconds` have passed, at least three times each; quick ones make several
/// calls a turn. Each keeps its best time and its last result.
void race(const SolverCase& one, std::vector<Contender>& contenders, double seconds);

/// In the order of contenders; the first is what times are compared with. Prints a table, adds rows to
/// `rows`.
void report(const SolverCase& one, const std::vector<Contender>& contenders, Json::Array& rows);

/// Prints what share of the peak a step of Rodas3 reaches and where its time goes.
void report_parts(const SolverCase& one, const std::vector<Contender>& contenders,
                  const std::vector<NamedParts>& parts);

/// The cells and what becomes of them as plain numbers, in the form of bench/tools/export_solver_cells.cpp,
/// for bench/solvers_micm.py.
void export_cells(const SolverCase& one, const std::string& path);

/// Ten days of hours fed back under a moving sun, 60 boxes, against CVODE at 1e-8.
void ten_days(const SolverCase& one, std::vector<Contender>& contenders, Json::Array& rows);

}  // namespace bench
