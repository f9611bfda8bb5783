#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/cli/figures.hpp>
#include <chemnne/training/evaluation_results.hpp>
#include <chemnne/training/rollout.hpp>

namespace chemnne {

/// RMSE at the end of each hour of the roll-out, emulator and persistence.
inline Figure draw_rollout_error(GnuplotFigures& figures, const EvaluationResults& results) {
  const RolloutResults& rollout = results.rollout;
  Figure figure{
      "rollout_error", "Hourly steps fed back into themselves",
      "Root mean square error over all species after each hour, from " + std::to_string(rollout.cases) +
          " starting states. The reference is a chain of its own, never corrected towards the emulator."};
  std::vector<double> hour(rollout.hours);
  std::iota(hour.begin(), hour.end(), 1.0);
  figures.write_data("rollout_error.dat",
                     detail::data_block({hour, rollout.rmse_standardised, rollout.persistence_rmse}));
  figure.drawn = figures.draw(
      figure.name, 1000, 520,
      "set logscale y\nset xlabel 'hours'\nset ylabel 'RMSE [standard deviations]'\nset key outside top "
      "center horizontal\n"
      "plot 'rollout_error.dat' using 1:2 with linespoints pointtype 7 linewidth 2 linecolor rgb '" +
          detail::colour(0) + "' title " + gnuplot_text(results.emulator.name) +
          ", '' using 1:3 with linespoints pointtype 6 linewidth 2 linecolor rgb '" + detail::colour(1) +
          "' title 'persistence (the start)'\n");
  return figure;
}

namespace detail {

/// The case whose squared error in log10, summed over hours and species, is the median.
inline std::size_t median_case(const RolloutResults& rollout, const std::vector<double>& floor) {
  const std::size_t width = rollout.prediction.size() / rollout.cases;
  std::vector<std::pair<double, std::size_t>> error;
  for (std::size_t i = 0; i < rollout.cases; ++i) {
    SquaredErrors errors(rollout.hours + 1, floor);
    errors.add(std::span(rollout.reference).subspan(i * width, width),
               std::span(rollout.prediction).subspan(i * width, width));
    error.emplace_back(std::accumulate(errors.sum.begin(), errors.sum.end(), 0.0), i);
  }
  std::sort(error.begin(), error.end());
  return error[error.size() / 2].second;
}

}  // namespace detail

/// The roll-out of median error: six species over its hours.
inline Figure draw_rollout_example(GnuplotFigures& figures, const EvaluationResults& results) {
  const RolloutResults& rollout = results.rollout;
  Figure figure{"rollout_example", "A roll-out of median error",
                "Line: reference. Circles: emulator, each hour started from its own last state."};
  const std::size_t width = rollout.species.size(), example = detail::median_case(rollout, results.floor);
  const auto part = [&](const std::vector<float>& all, std::size_t species) {
    const std::size_t count = (rollout.hours + 1) * width;
    return detail::series(std::span(all).subspan(example * count, count), species, width,
                          results.floor[species]);
  };
  std::vector<double> hour(rollout.hours + 1);
  std::iota(hour.begin(), hour.end(), 0.0);
  std::string data, script =
                        "set multiplot layout 2,3 margins 0.095,0.98,0.09,0.94 spacing 0.085,0.13\nset xtics "
                        "6\nset xrange [0:" +
                        std::to_string(rollout.hours) + "]\n";
  const std::vector<std::size_t> species = detail::shown_species(results, 6);
  for (std::size_t k = 0; k < species.size(); ++k) {
    const auto reference = part(rollout.reference, species[k]),
               prediction = part(rollout.prediction, species[k]);
    detail::AxisRange range;
    range.include(reference);
    range.include(prediction);
    data += detail::data_block({hour, reference, prediction});
    script += "set title " + gnuplot_text(rollout.species[species[k]]) + "\n" +
              detail::density_axis('y', range) +
              (k + 3 >= species.size() ? "set xlabel 'hours'\n" : "unset xlabel\n") +
              (k % 3 == 0 ? "set ylabel 'molecules cm^{-3}'\n" : "unset ylabel\n") +
              detail::curves("rollout_example.dat", k, 1, 1);
  }
  figures.write_data("rollout_example.dat", data);
  figure.drawn = figures.draw(figure.name, 1300, 720, script + "unset multiplot\n");
  return figure;
}

}  // namespace chemnne
