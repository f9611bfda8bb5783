#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <chemnne/cli/figures.hpp>
#include <chemnne/cli/interpretation.hpp>

namespace chemnne {

namespace detail {

/// The `most` places of the largest of `weight`, in ascending order.
inline std::vector<std::size_t> largest(std::span<const double> weight, std::size_t most) {
  std::vector<std::size_t> order(weight.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
  order.resize(std::min(order.size(), most));
  std::sort(order.begin(), order.end());
  return order;
}

/// A block of a data file with a part of a matrix [..][width]: lines of column, row and value. (gnuplot warns
/// of NaN in its own matrix format.)
inline std::string matrix_block(std::span<const double> matrix, std::size_t width,
                                std::span<const std::size_t> rows, std::span<const std::size_t> columns) {
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < columns.size(); ++c)
      text += std::to_string(c) + ' ' + std::to_string(r) + ' ' +
              data_number(matrix[rows[r] * width + columns[c]]) + '\n';
  return text + "\n\n";
}

/// The tics of an axis: the chosen names at 0, 1, 2, ...
inline std::string name_tics(const std::vector<std::string>& names, std::span<const std::size_t> chosen) {
  std::string tics;
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    std::string label = gnuplot_text(names[chosen[k]]);
    label.resize(label.rfind('\'') + 1);
    tics += (k == 0 ? "" : ", ") + label + " " + std::to_string(k);
  }
  return tics;
}

/// What maps of sensitivities share: blue lowers, red raises, and small numbers are told apart.
inline std::string sensitivity_map_style(double range) {
  return "unset grid\nset autoscale xfix\nset autoscale yfix\nset yrange [] reverse\nset cbrange [-" +
         format_number(range) + ":" + format_number(range) +
         "]\nset palette defined (-1 '#053061', -0.3 '#4393c3', -0.05 '#c6dbef', 0 '#ffffff', 0.05 "
         "'#fdd0c0', "
         "0.3 '#d6604d', 1 '#67001f')\n";
}

inline constexpr std::size_t readable_names = 60;  ///< of an axis

}  // namespace detail

/// The matrix of mean sensitivities, the reference's beside it where there is one.
inline Figure draw_sensitivity(GnuplotFigures& figures, const Interpretation& of) {
  Figure figure{
      "sensitivity", "How the end of the step answers to its start",
      "Colour: d log10 c(end) of the species of the row by d log10 c(start) of that of the column, mean "
      "over " +
          std::to_string(of.windows.size()) +
          " held-out windows. Red: more at the start is more at the end; blue: less."};
  const std::size_t width = of.inputs.size();
  std::vector<std::vector<double>> maps{mean_over_cells(of.network.of_species, of.windows.size())};
  if (of.agreement) maps.push_back(mean_over_cells(of.reference, of.windows.size()));
  std::vector<double> of_row(of.outputs.size()), of_column(width);
  for (const std::vector<double>& map : maps)
    for (std::size_t at = 0; at < map.size(); ++at)
      if (!std::isnan(map[at])) {
        of_row[at / width] += std::abs(map[at]);
        of_column[at % width] += std::abs(map[at]);
      }
  const auto rows = detail::largest(of_row, detail::readable_names),
             columns = detail::largest(of_column, detail::readable_names);
  if (rows.size() < of.outputs.size() || columns.size() < width)
    figure.caption += " Only the species of largest sums are shown.";
  std::string data, plots;
  for (std::size_t k = 0; k < maps.size(); ++k) {
    data += detail::matrix_block(maps[k], width, rows, columns);
    plots += std::string("set title '") + (k == 0 ? "network" : "reference solution") +
             "'\nplot 'sensitivity.dat' index " + std::to_string(k) + " using 1:2:3 with image notitle\n";
  }
  figures.write_data("sensitivity.dat", data);
  const int panel = 180 + 13 * static_cast<int>(columns.size()), panels = static_cast<int>(maps.size());
  figure.drawn =
      figures.draw(figure.name, panels * panel + 80, 150 + 13 * static_cast<int>(rows.size()),
                   "set multiplot layout 1," + std::to_string(panels) +
                       "\nset tics font ',7'\nset xtics noenhanced rotate by 90 right (" +
                       detail::name_tics(of.inputs, columns) + ")\nset ytics noenhanced (" +
                       detail::name_tics(of.outputs, rows) + ")\nset ylabel 'end'\nset xlabel 'start'\n" +
                       detail::sensitivity_map_style(1) + plots + "unset multiplot\n");
  return figure;
}

/// Mean sensitivities of the network to the conditions.
inline Figure draw_condition_sensitivity(GnuplotFigures& figures, const Interpretation& of) {
  Figure figure{
      "conditions", "How the end of the step answers to the conditions",
      "Colour: decades of the species at the end for one standard deviation more of a condition, by the "
      "network's derivative, mean over the same windows."};
  const std::vector<double> map = mean_over_cells(of.network.of_conditions, of.windows.size());
  const std::size_t width = of.conditions.size();
  std::vector<double> of_row(of.outputs.size()), transposed(map.size());
  double range = 1e-3;
  for (std::size_t at = 0; at < map.size(); ++at) {
    of_row[at / width] += std::abs(map[at]);
    transposed[at % width * of.outputs.size() + at / width] = map[at];
    range = std::max(range, std::abs(map[at]));
  }
  const auto shown = detail::largest(of_row, detail::readable_names);
  std::vector<std::size_t> all(width);
  std::iota(all.begin(), all.end(), std::size_t{0});
  figures.write_data("conditions.dat", detail::matrix_block(transposed, of.outputs.size(), all, shown));
  figure.drawn = figures.draw(
      figure.name, 320 + 16 * static_cast<int>(shown.size()), 180 + 24 * static_cast<int>(width),
      "set tics font ',9'\nset xtics noenhanced rotate by 90 right (" + detail::name_tics(of.outputs, shown) +
          ")\nset ytics noenhanced (" + detail::name_tics(of.conditions, all) + ")\n" +
          detail::sensitivity_map_style(range) + "plot 'conditions.dat' using 1:2:3 with image notitle\n");
  return figure;
}

/// Every entry of every cell, network against reference, evenly thinned.
inline Figure draw_sensitivity_scatter(GnuplotFigures& figures, const Interpretation& of) {
  Figure figure{
      "sensitivity_scatter", "Sensitivities of the network against those of the reference",
      "A point is a pair of species in one window (evenly thinned). Left: the influence of a species on "
      "others; right: on itself. The line is equality."};
  constexpr std::size_t most = 20000;
  const std::vector<std::size_t> own = of.own_input();
  const std::size_t width = of.inputs.size(),
                    stride = std::max<std::size_t>(1, of.reference.size() / most) | 1u;
  std::vector<double> x[2], y[2];
  for (std::size_t at = 0; at < of.reference.size(); ++at) {
    const bool is_own = own[at / width % own.size()] == at % width;
    if (std::isnan(of.reference[at]) || (!is_own && at % stride != 0)) continue;
    x[is_own].push_back(of.reference[at]);
    y[is_own].push_back(of.network.of_species[at]);
  }
  figures.write_data("sensitivity_scatter.dat",
                     detail::data_block({x[0], y[0]}) + detail::data_block({x[1], y[1]}));
  std::string script = "set multiplot layout 1,2\nset xlabel 'reference'\nset ylabel 'network'\n";
  for (std::size_t k = 0; k < 2; ++k)
    if (!x[k].empty())
      script +=
          std::string("set title '") + (k == 0 ? "on other species" : "on itself") +
          "'\nplot 'sensitivity_scatter.dat' index " + std::to_string(k) +
          " using 1:2 with points pointtype 7 pointsize 0.4 linecolor rgb '#900072B2' notitle, x with lines "
          "linecolor '#333333' notitle\n";
  figure.drawn = figures.draw(figure.name, 1200, 580, script + "unset multiplot\n");
  return figure;
}

/// The twenty inputs of largest importance for the outputs of other species.
inline Figure draw_importance(GnuplotFigures& figures, const PermutationImportance& importance) {
  Figure figure{
      "importance", "Permutation importance",
      "Increase of the RMSE when an input is that of another window, " + std::to_string(importance.windows) +
          " windows; the RMSE is " + format_number(importance.rmse) +
          " as it is. Filled: over the outputs of other species, by which the rows are sorted; open: over "
          "all outputs, which a species that hardly reacts leads by itself."};
  std::vector<std::size_t> order = by_importance(importance);
  order.resize(std::min<std::size_t>(order.size(), 20));
  std::vector<double> row, others, all;
  for (std::size_t k = 0; k < order.size(); ++k) {
    row.push_back(static_cast<double>(k));
    others.push_back(importance.increase_of_others[order[k]]);
    all.push_back(importance.increase[order[k]]);
  }
  figures.write_data("importance.dat", detail::data_block({row, others, all}));
  figure.drawn = figures.draw(
      figure.name, 1000, 140 + 24 * static_cast<int>(order.size()),
      "set xlabel 'increase of the RMSE [standard deviations]'\nset yrange [" + std::to_string(order.size()) +
          ":-1]\nset ytics noenhanced (" + detail::name_tics(importance.input, order) +
          ")\nset key bottom right\nset style fill solid\n"
          "plot 'importance.dat' using ($2/2):1:($2/2):(0.35) with boxxyerror linecolor rgb '" +
          detail::colour(0) +
          "' title 'outputs of other species', '' using 3:1 with points pointtype 6 pointsize 1.2 linewidth "
          "1.5 "
          "linecolor rgb '" +
          detail::colour(1) + "' title 'all outputs'\n");
  return figure;
}

}  // namespace chemnne
