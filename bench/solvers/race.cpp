#include "race.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>

#include <chemnne/support/number_text.hpp>

namespace bench {
namespace {

void call(const SolverCase& one, Contender& contender) {
  contender.result = one.air.state;
  const double start = processor_seconds();
  const Solution solution = contender.advance(one.air, contender.result);
  contender.seconds = std::min(contender.seconds, processor_seconds() - start);
  contender.solution = solution;
}

Errors errors_of(const SolverCase& one, std::span<const double> result) {
  const std::size_t species = one.species(), cells = one.cells();
  const auto& chemistry = one.chemistry->mechanism;
  std::size_t ozone = 0;
  while (ozone < species && chemistry.species[ozone].name != "O3") ++ozone;
  Errors errors;
  std::vector<double> of_cell;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    double sum = 0;
    for (std::size_t i = 0; i < species; ++i) {
      const double value = result[cell * species + i], truth = one.truth[cell * species + i];
      const double error = std::log10(std::max(std::isfinite(value) ? value : 1e30, one.floor[i])) -
                           std::log10(std::max(truth, one.floor[i]));
      sum += error * error;
      errors.standardised += std::pow(error / one.deviation[i], 2);
    }
    errors.rmse += sum;
    of_cell.push_back(std::sqrt(sum / static_cast<double>(species)));
    if (ozone < species) {
      const double value = result[cell * species + ozone], truth = one.truth[cell * species + ozone];
      errors.ozone += std::pow((value - truth) / std::max(truth, one.floor[ozone]), 2);
    }
  }
  const double count = static_cast<double>(cells * species);
  errors.rmse = std::sqrt(errors.rmse / count);
  errors.standardised = std::sqrt(errors.standardised / count);
  errors.ozone = std::sqrt(errors.ozone / static_cast<double>(cells));
  std::sort(of_cell.begin(), of_cell.end());
  errors.median = of_cell[of_cell.size() / 2];
  errors.worst = of_cell.back();
  return errors;
}

}  // namespace

void race(const SolverCase& one, std::vector<Contender>& contenders, double seconds) {
  const double start = processor_seconds();
  for (int turn = 0; turn < 3 || processor_seconds() - start < seconds; ++turn)
    for (Contender& contender : contenders) {
      const double turn_start = processor_seconds();
      do call(one, contender);
      while (processor_seconds() - turn_start < 0.02);
    }
}

void report(const SolverCase& one, const std::vector<Contender>& contenders, Json::Array& rows) {
  const auto cells = static_cast<double>(one.cells());
  std::printf("  %-20s %-6s %7s %11s %10s %9s %9s %9s %9s %9s %6s\n", "solver", "number", "rtol", "us a cell",
              "of CVODE", "rmse", "std. rmse", "median", "worst", "O3 rms", "failed");
  for (const Contender& contender : contenders) {
    const Errors errors = errors_of(one, contender.result);
    const double microseconds = 1e6 * contender.seconds / cells;
    std::printf("  %-20s %-6s %7.0e %11.2f %10s %9.1e %9.1e %9.1e %9.1e %9.1e %6zu\n",
                contender.solver.c_str(), contender.number.c_str(), contender.tolerance, microseconds,
                ("1/" + fixed_text(contenders.front().seconds / contender.seconds, 1)).c_str(), errors.rmse,
                errors.standardised, errors.median, errors.worst, errors.ozone, contender.solution.failed);
    Json row = Json::object();
    row["mechanism"] = one.name;
    row["species"] = static_cast<double>(one.species());
    row["solver"] = contender.solver;
    row["number"] = contender.number;
    row["tolerance"] = contender.tolerance;
    row["microseconds_per_cell"] = microseconds;
    row["rmse_decades"] = errors.rmse;
    row["median"] = errors.median;
    row["worst"] = errors.worst;
    row["o3_relative_rms"] = errors.ozone;
    row["failed"] = static_cast<double>(contender.solution.failed);
    row["rmse_standardised"] = errors.standardised;
    row["part_of_cvode"] = contender.seconds / contenders.front().seconds;
    rows.push_back(std::move(row));
  }
  std::fflush(stdout);
}

}  // namespace bench
