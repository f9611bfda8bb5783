#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <chemnne/cli/figure.hpp>
#include <chemnne/cli/gnuplot.hpp>
#include <chemnne/cli/html.hpp>
#include <chemnne/training/evaluation_results.hpp>

namespace chemnne {

namespace detail {

/// Colours that colour-blind readers tell apart. Source: Okabe and Ito 2008.
inline std::string colour(std::size_t index) {
  static constexpr const char* colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"};
  return colours[index % std::size(colours)];
}

/// A number in a gnuplot data file.
inline std::string data_number(double value) {
  return std::isfinite(value) ? format_number(value, 8) : "NaN";
}

/// A block of a gnuplot data file: columns of equal length, then the two empty lines that end an index.
inline std::string data_block(std::initializer_list<std::span<const double>> columns) {
  std::string text;
  for (std::size_t i = 0; i < columns.begin()->size(); ++i) {
    for (const std::span<const double> column : columns) text += data_number(column[i]) + ' ';
    text += '\n';
  }
  return text + "\n\n";
}

/// One species of [row][species] as doubles, not below `floor`.
inline std::vector<double> series(std::span<const float> values, std::size_t species, std::size_t width,
                                  double floor) {
  std::vector<double> result;
  for (std::size_t i = species; i < values.size(); i += width)
    result.push_back(std::max(static_cast<double>(values[i]), floor));
  return result;
}

/// Smallest and largest number of a panel.
struct AxisRange {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void include(std::span<const double> values) {
    for (const double value : values) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
};

/// Commands for the axis 'x' or 'y' of number densities: logarithmic where they span more than a decade.
inline std::string density_axis(char axis, const AxisRange& range) {
  const std::string name(1, axis);
  if (range.high > 10 * range.low) return "set logscale " + name + "\nset format " + name + " '10^{%L}'\n";
  const double share = std::max(1e-6, (range.high - range.low) / range.high);
  const int decimals = 1 + static_cast<int>(-std::log10(share));
  return "unset logscale " + name + "\nset format " + name + " '%." + std::to_string(decimals) +
         "t·10^{%T}'\n";
}

/// Species a reader looks for first, then those with the largest error of the emulator.
inline std::vector<std::size_t> shown_species(const EvaluationResults& results, std::size_t wanted) {
  static const char* const familiar[] = {"O3", "NO", "NO2", "OH", "HO2", "HCHO", "H2O2", "PAN"};
  std::vector<std::size_t> chosen, order(results.species.size());
  const auto take = [&](std::size_t s) {
    if (chosen.size() < wanted && std::find(chosen.begin(), chosen.end(), s) == chosen.end())
      chosen.push_back(s);
  };
  for (const char* name : familiar)
    for (std::size_t s = 0; s < results.species.size(); ++s)
      if (results.species[s] == name) take(s);
  const std::vector<double>& error = results.emulator.species_rmse_standardised;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return error[a] > error[b]; });
  for (const std::size_t s : order) take(s);
  return chosen;
}

/// Emulator first, then the baselines.
inline std::vector<const Scores*> all_scores(const EvaluationResults& results) {
  std::vector<const Scores*> all{&results.emulator};
  for (const Scores& baseline : results.baselines) all.push_back(&baseline);
  return all;
}

/// Curves of one species: reference as a line, emulator as points, one colour for each of `curves` blocks of
/// the data file that begin at `first_block`; columns x, reference, emulator.
inline std::string curves(const std::string& file, std::size_t first_block, std::size_t curves_count,
                          std::size_t every) {
  std::string plot = "plot ";
  for (std::size_t k = 0; k < curves_count; ++k) {
    const std::string source = "'" + file + "' index " + std::to_string(first_block + k);
    plot += source + " using 1:2 with lines linewidth 2 linecolor rgb '" + colour(k) + "' notitle, " +
            source + " every " + std::to_string(every) +
            " using 1:3 with points pointtype 6 pointsize 0.9 linewidth 1.5 linecolor rgb '" + colour(k) +
            "' notitle" + (k + 1 < curves_count ? ", " : "\n");
  }
  return plot;
}

}  // namespace detail

/// Trajectories of up to nine species in the example windows, reference against emulator.
inline Figure draw_trajectories(GnuplotFigures& figures, const EvaluationResults& results) {
  Figure figure{"trajectories", "Trajectories in held-out windows",
                "Lines: reference solution. Circles: emulator (some of its output times). One colour a "
                "window, as listed below; the windows "
                "stand at evenly spaced ranks of the error from the 25th to the 95th percentile."};
  const std::vector<std::size_t> species = detail::shown_species(results, 9);
  std::vector<double> minutes{0};
  for (const double time : results.time) minutes.push_back(time / 60);
  std::string data, script = "set multiplot layout 3,3 margins 0.09,0.98,0.07,0.95 spacing 0.085,0.085\n";
  for (std::size_t k = 0; k < species.size(); ++k) {
    detail::AxisRange range;
    for (const ExampleWindow& example : results.examples) {
      const auto reference =
          detail::series(example.reference, species[k], results.species.size(), results.floor[species[k]]);
      auto prediction =
          detail::series(example.prediction, species[k], results.species.size(), results.floor[species[k]]);
      range.include(reference);
      range.include(prediction);
      prediction.insert(prediction.begin(), std::numeric_limits<double>::quiet_NaN());
      data += detail::data_block({minutes, reference, prediction});
    }
    script += "set title " + gnuplot_text(results.species[species[k]]) + " font ',12'\n" +
              detail::density_axis('y', range) +
              (k + 3 >= species.size() ? "set xlabel 'minutes'\n" : "unset xlabel\n") +
              (k % 3 == 0 ? "set ylabel 'molecules cm^{-3}'\n" : "unset ylabel\n") +
              detail::curves("trajectories.dat", k * results.examples.size(), results.examples.size(),
                             std::max<std::size_t>(1, results.time.size() / 12));
  }
  figures.write_data("trajectories.dat", data);
  figure.drawn = figures.draw(figure.name, 1300, 1000, script + "unset multiplot\n");
  return figure;
}

/// Predicted against reference number density, families first.
inline Figure draw_parity(GnuplotFigures& figures, const EvaluationResults& results) {
  Figure figure{"parity", "Emulator against reference",
                "Number densities [molecules cm⁻³] of all held-out windows and output times, evenly thinned. "
                "Solid: equality; "
                "dashed: a factor of two. NMB is the normalised mean bias."};
  std::vector<std::size_t> panels(results.family.size());
  std::iota(panels.begin(), panels.end(), std::size_t{0});
  for (const std::size_t s : detail::shown_species(results, 6)) panels.push_back(results.family.size() + s);
  panels.resize(std::min<std::size_t>(panels.size(), 6));
  std::string data,
      script =
          "set multiplot layout 2,3 margins 0.07,0.98,0.08,0.94 spacing 0.075,0.13\nset logscale xy\n"
          "set format xy '10^{%L}'\nset xlabel 'reference'\nset ylabel 'emulator'\n";
  for (std::size_t k = 0; k < panels.size(); ++k) {
    const ParityPoints& points = results.parity[panels[k]];
    const bool family = panels[k] < results.family.size();
    const Agreement& agreement = family
                                     ? results.emulator.family_agreement[panels[k]]
                                     : results.emulator.species_agreement[panels[k] - results.family.size()];
    detail::AxisRange range;
    std::vector<double> reference = points.reference, prediction = points.prediction;
    const double floor = family ? smallest_floor : results.floor[panels[k] - results.family.size()];
    for (std::vector<double>* values : {&reference, &prediction}) {
      for (double& value : *values) value = std::max(value, floor);
      range.include(*values);
    }
    data += detail::data_block({reference, prediction});
    const std::string limits = "[" + format_number(range.low / 2) + ":" + format_number(range.high * 2) + "]";
    script += "set title " +
              gnuplot_text(points.name + "   NMB " + format_percent(agreement.normalised_mean_bias, 2) +
                           "   R² " + format_number(agreement.r2, 4)) +
              "\nset xrange " + limits + "\nset yrange " + limits + "\nplot 'parity.dat' index " +
              std::to_string(k) +
              " using 1:2 with points pointtype 7 pointsize 0.35 linecolor rgb '#900072B2' notitle, "
              "x with lines linecolor '#333333' linewidth 1.2 notitle, "
              "2*x with lines dashtype 2 linecolor '#888888' notitle, x/2 with lines dashtype 2 linecolor "
              "'#888888' notitle\n";
  }
  figures.write_data("parity.dat", data);
  figure.drawn = figures.draw(figure.name, 1300, 850, script + "unset multiplot\n");
  return figure;
}

/// RMSE of each species, the worst on top: emulator and baselines.
inline Figure draw_species_errors(GnuplotFigures& figures, const EvaluationResults& results) {
  Figure figure{"species_errors", "Error by species",
                "Root mean square error of log10 number density in standard deviations of the training data; "
                "further left is better."};
  constexpr std::size_t most = 60;  // rows that still can be read
  const std::vector<double>& error = results.emulator.species_rmse_standardised;
  std::vector<std::size_t> order(results.species.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return error[a] > error[b]; });
  if (order.size() > most)
    figure.caption +=
        " The " + std::to_string(most) + " worst of " + std::to_string(order.size()) + " species.";
  order.resize(std::min(order.size(), most));
  std::string data, tics, plot;
  const auto all = detail::all_scores(results);
  for (std::size_t row = 0; row < order.size(); ++row) {
    data += std::to_string(row);
    for (const Scores* scores : all)
      data += ' ' + format_number(std::max(1e-12, scores->species_rmse_standardised[order[row]]), 6);
    data += '\n';
    std::string label = gnuplot_text(results.species[order[row]]);
    label.resize(label.rfind('\'') + 1);
    tics += (row == 0 ? "" : ", ") + label + " " + std::to_string(row);
  }
  for (std::size_t k = 0; k < all.size(); ++k)
    plot += ", 'species_errors.dat' using " + std::to_string(k + 2) + ":1 with points pointtype " +
            (k == 0 ? "7" : std::to_string(4 + 2 * k % 10)) + " pointsize 1.2 linewidth 1.5 linecolor rgb '" +
            detail::colour(k) + "' title " + gnuplot_text(all[k]->name);
  figures.write_data("species_errors.dat", data);
  figure.drawn = figures.draw(figure.name, 1000, 140 + 17 * static_cast<int>(order.size()),
                              "set logscale x\nset xlabel 'RMSE [standard deviations]'\nset yrange [" +
                                  std::to_string(order.size()) +
                                  ":-1]\n"
                                  "set ytics noenhanced (" +
                                  tics +
                                  ")\nset key outside top center horizontal\nset lmargin 14\n"
                                  "plot 'species_errors.dat' using 2:1:($3-$2):(0) with vectors nohead "
                                  "linecolor '#cccccc' linewidth 1.5 notitle" +
                                  plot + "\n");
  return figure;
}

/// RMSE over the time since the start of the window.
inline Figure draw_error_over_time(GnuplotFigures& figures, const EvaluationResults& results) {
  Figure figure{"error_over_time", "Error over time",
                "Root mean square error over all species and held-out windows."};
  std::vector<double> minutes;
  for (const double time : results.time) minutes.push_back(time / 60);
  std::string data, plot;
  const auto all = detail::all_scores(results);
  for (std::size_t k = 0; k < all.size(); ++k) {
    data += detail::data_block({minutes, all[k]->step_rmse_standardised});
    plot += std::string(k == 0 ? "plot " : ", ") + "'error_over_time.dat' index " + std::to_string(k) +
            " using 1:2 with linespoints pointtype 7 pointsize 0.4 linewidth 2 linecolor rgb '" +
            detail::colour(k) + "' title " + gnuplot_text(all[k]->name);
  }
  figures.write_data("error_over_time.dat", data);
  figure.drawn = figures.draw(figure.name, 1000, 520,
                              "set logscale y\nset xlabel 'minutes since the start of the window'\nset "
                              "ylabel 'RMSE [standard deviations]'\nset key outside top center horizontal\n" +
                                  plot + "\n");
  return figure;
}

}  // namespace chemnne
