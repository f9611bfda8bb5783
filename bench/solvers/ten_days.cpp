#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "race.hpp"

#include <chemnne/data/environment_model.hpp>

namespace bench {
namespace {

constexpr std::size_t boxes = 60, hours = 240;

/// What each box has felt and become.
class Boxes {
 public:
  explicit Boxes(const SolverCase& one)
      : chemistry_(one.chemistry.get()), model_(chemistry_->mechanism, chemistry_->ranges) {
    const std::size_t count = std::min(boxes, one.windows.size());
    for (std::size_t box = 0; box < count; ++box) {
      // From all scenarios.
      const std::size_t window = box * one.windows.size() / count;
      conditions_.push_back(one.conditions[window]);
      start_.insert(start_.end(), one.windows[window].begin(), one.windows[window].end());
    }
  }

  struct End {
    std::vector<double> state;
    double seconds = 0;
    std::size_t failed = 0;
  };

  End run(const Contender& contender) const {
    AirCells air{.environment = {}, .input = {}, .state = start_};
    End end{.state = start_};
    for (std::size_t now = 0; now < hours; ++now) {
      air.environment.clear();
      air.input.clear();
      for (const Conditions& conditions : conditions_) {
        air.environment.push_back(model_.at(conditions, static_cast<double>(now)));
        chemistry_->append_input(air.environment.back(), air.input);
      }
      const double start = processor_seconds();
      end.failed += contender.advance(air, end.state).failed;
      end.seconds += processor_seconds() - start;
      air.state = end.state;
    }
    return end;
  }

  std::size_t count() const { return conditions_.size(); }

 private:
  const Chemistry* chemistry_;
  EnvironmentModel model_;
  std::vector<Conditions> conditions_;
  std::vector<double> start_;
};

double at(std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

void ten_days(const SolverCase& one, std::vector<Contender>& contenders, Json::Array& rows) {
  const Boxes runs(one);
  const std::size_t species = one.species(), ozone = one.chemistry->mechanism.index_of("O3");
  const auto truth = std::find_if(contenders.begin(), contenders.end(), [](const Contender& c) {
    return c.solver == "CVODE" && c.tolerance == 1e-8;
  });
  const Boxes::End reference = runs.run(*truth);
  std::printf("  ten days fed back, %zu boxes under a moving sun, against CVODE at 1e-8 (%zu hours failed)\n",
              runs.count(), reference.failed);
  std::printf("  %-20s %-6s %7s %13s %12s %12s %9s %6s\n", "solver", "number", "rtol", "us an hour",
              "O3 median", "O3 95 %", "O3 rms", "failed");
  for (const Contender& contender : contenders) {
    if (&contender == &*truth || contender.solver.ends_with("tables")) continue;
    const Boxes::End end = runs.run(contender);
    std::vector<double> errors;
    double decades = 0, squares = 0;
    std::vector<double> of_cell;
    for (std::size_t box = 0; box < runs.count(); ++box) {
      const double* const got = &end.state[box * species];
      const double* const wanted = &reference.state[box * species];
      errors.push_back(std::abs(got[ozone] - wanted[ozone]) / std::max(wanted[ozone], one.floor[ozone]));
      squares += errors.back() * errors.back();
      double sum = 0;
      for (std::size_t i = 0; i < species; ++i)
        sum += std::pow(std::log10(std::max(got[i], one.floor[i]) / std::max(wanted[i], one.floor[i])), 2);
      decades += sum;
      of_cell.push_back(std::sqrt(sum / static_cast<double>(species)));
    }
    std::sort(errors.begin(), errors.end());
    std::sort(of_cell.begin(), of_cell.end());
    const auto count = static_cast<double>(runs.count());
    const double rms = std::sqrt(squares / count),
                 microseconds = 1e6 * end.seconds / count / static_cast<double>(hours);
    std::printf("  %-20s %-6s %7.0e %13.2f %12.1e %12.1e %9.1e %6zu\n", contender.solver.c_str(),
                contender.number.c_str(), contender.tolerance, microseconds, at(errors, 0.5),
                at(errors, 0.95), rms, end.failed);
    Json row = Json::object();
    row["mechanism"] = one.name;
    row["species"] = static_cast<double>(species);
    row["solver"] = contender.solver + ", ten days";
    row["number"] = contender.number;
    row["tolerance"] = contender.tolerance;
    row["microseconds_per_cell"] = microseconds;  // an hour
    row["rmse_decades"] = std::sqrt(decades / count / static_cast<double>(species));
    row["median"] = at(of_cell, 0.5);
    row["worst"] = of_cell.back();
    row["o3_relative_rms"] = rms;
    row["failed"] = static_cast<double>(end.failed);
    row["o3_relative_median"] = at(errors, 0.5);
    row["o3_relative_95"] = at(errors, 0.95);
    rows.push_back(std::move(row));
  }
  std::fflush(stdout);
}

}  // namespace bench
