#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include <chemnne/cli/figures.hpp>
#include <chemnne/cli/gnuplot.hpp>
#include <chemnne/cli/time_series.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// The most panels of a figure.
inline constexpr std::size_t most_panels = 12;

namespace detail {

/// Commands that draw each quantity over the hours in a panel of its own, from 'box.dat'.
inline std::string panels_script(std::span<const TimeSeries::Quantity> quantities) {
  const std::size_t columns = std::min<std::size_t>(3, quantities.size());
  const std::size_t rows = (quantities.size() + columns - 1) / columns;
  std::string script = "set multiplot layout " + std::to_string(rows) + "," + std::to_string(columns) + "\n";
  for (std::size_t k = 0; k < quantities.size(); ++k) {
    AxisRange range;
    std::vector<double> positive;
    for (const double value : quantities[k].value)
      if (value > 0) positive.push_back(value);
    range.include(positive);
    // Four decades below the highest: what is further down is night.
    const double low = std::max(range.low, 1e-4 * range.high);
    const std::string axis = positive.empty()
                                 ? "unset logscale y\nset format y '%g'\nset yrange [*:*]\n"
                                 : density_axis('y', {low, range.high}) + "set yrange [" +
                                       (range.high > 10 * low ? data_number(low) : "*") + ":*]\n";
    script += "set title " + gnuplot_text(quantities[k].name) + " font ',12'\n" + axis +
              (k + columns >= quantities.size() ? "set xlabel 'hours'\n" : "unset xlabel\n") +
              (k % columns == 0 ? "set ylabel 'molecules cm^{-3}'\n" : "unset ylabel\n") +
              "plot 'box.dat' using 1:" + std::to_string(k + 2) + " with lines linewidth 2 linecolor rgb '" +
              colour(k) + "' notitle\n";
  }
  return script + "unset multiplot\n";
}

/// Times [h] and quantities, a line a time.
inline std::string panels_data(std::span<const double> seconds,
                               std::span<const TimeSeries::Quantity> quantities) {
  std::string text;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    text += data_number(seconds[i] / 3600);
    for (const TimeSeries::Quantity& quantity : quantities) text += ' ' + data_number(quantity.value[i]);
    text += '\n';
  }
  return text;
}

}  // namespace detail

/// Draws number densities over time, the first `most_panels` of them, as .svg or .png by the path's ending.
/// Errors: Error when gnuplot cannot draw it, with what gnuplot says.
inline void draw_box_figure(const std::string& path, std::span<const double> seconds,
                            std::span<const TimeSeries::Quantity> quantities,
                            const std::string& program = "gnuplot") {
  quantities = quantities.first(std::min(quantities.size(), most_panels));
  const bool is_svg = path.ends_with(".svg");
  if (!is_svg && !path.ends_with(".png"))
    throw Error(path, "a figure with the ending .svg or .png", "another");
  const std::size_t rows = (quantities.size() + 2) / 3;
  const std::string size = "1200," + std::to_string(120 + 280 * rows);
  std::string folder = (std::filesystem::temp_directory_path() / "chemnne_figure_XXXXXX").string();
  if (!mkdtemp(folder.data())) throw Error(folder, "a temporary folder that can be made", "none");
  const GnuplotFigures files(folder);
  files.write_data("box.dat", detail::panels_data(seconds, quantities));
  files.write_data(
      "box.gp", std::string("set terminal ") + (is_svg ? "svg" : "pngcairo") +
                    " enhanced rounded background '#ffffff' font 'DejaVu Sans,11' size " + size +
                    "\nset encoding utf8\nset output 'figure'\nset border 3 linecolor '#555555'\n"
                    "set tics nomirror out\nset grid linecolor '#e4e4e4' linewidth 1 linetype 1\n"
                    "set xrange [0:" +
                    detail::data_number(seconds.back() / 3600) + "]\n" + detail::panels_script(quantities));
  const int status = run_program({program, "box.gp"}, folder, "log");
  const auto read = [&](const char* file) {
    return file_exists(files.path(file)) ? read_text_file(files.path(file)) : std::string();
  };
  const std::string figure = read("figure"), log = read("log");
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  if (status == -1)
    throw Error(path, "gnuplot, which draws it (Debian: gnuplot-nox)", "none that could be started");
  // gnuplot does not see that a disk is full.
  const bool is_whole =
      is_svg ? figure.find("</svg>") != std::string::npos : figure.ends_with("IEND\xae\x42\x60\x82");
  if (status != 0 || !is_whole) throw Error(path, "a figure by gnuplot", "a failure: " + log);
  write_file_atomically(path, figure);
}

}  // namespace chemnne
