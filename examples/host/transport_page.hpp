#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "channel.hpp"
#include "transport_record.hpp"

#include <chemnne/cli/figure.hpp>
#include <chemnne/cli/gnuplot.hpp>
#include <chemnne/cli/html.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/number_text.hpp>

/// 03_transport's page: transport.html, which needs no other file, and figures/ with pictures, their data as
/// CSV and gnuplot scripts.
namespace example {

/// A species of the figures, and how its mole fractions are shown.
struct ShownSpecies {
  const char* name;
  double scale;
  const char* unit;
};
inline constexpr ShownSpecies shown_species[] = {{"O3", 1e9, "nmol/mol"},  {"NO2", 1e9, "nmol/mol"},
                                                 {"OH", 1e15, "fmol/mol"}, {"HCHO", 1e9, "nmol/mol"},
                                                 {"PAN", 1e9, "nmol/mol"}, {"H2O2", 1e9, "nmol/mol"}};

inline std::vector<ShownSpecies> shown_of(const TransportRecord& record) {
  std::vector<ShownSpecies> shown;
  for (const ShownSpecies& one : shown_species)
    if (record.has(one.name)) shown.push_back(one);
  return shown;
}

/// The two lines of a CSV file's head and of its columns.
inline std::string csv_head(const std::vector<ShownSpecies>& shown, std::string first) {
  for (const ShownSpecies& one : shown)
    for (const char* const run : {" emulated", " solved"})
      first += std::string(",") + one.name + run + " [" + one.unit + "]";
  return first + "\n";
}
inline std::string csv_values(const TransportRecord& record, const std::vector<ShownSpecies>& shown,
                              const double* emulated, const double* solved) {
  std::string text;
  for (const ShownSpecies& one : shown)
    for (const double* const field : {emulated, solved})
      text += "," + chemnne::number_text(one.scale * field[record.place(one.name)], 6);
  return text + "\n";
}

inline chemnne::Figure draw_series(chemnne::GnuplotFigures& figures, const TransportRecord& record) {
  chemnne::Figure figure{
      "series", "Means over all boxes, hour by hour",
      "Line: solved. Points: emulated, from its own last hour each. Days since the start."};
  const std::vector<ShownSpecies> shown = shown_of(record);
  std::string csv = csv_head(shown, "hour");
  for (std::size_t t = 0; t < record.solved_means.size(); ++t)
    csv += std::to_string(t + 1) +
           csv_values(record, shown, record.emulated_means[t].data(), record.solved_means[t].data());
  figures.write_data("series.csv", csv);
  std::string script = "set datafile separator ','\nset multiplot layout 2,3\nset yrange [0:]\nunset key\n";
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const std::string column = std::to_string(2 * k + 2), next = std::to_string(2 * k + 3);
    script += "set title '" + std::string(shown[k].name) + " [" + shown[k].unit +
              "]' noenhanced\nplot 'series.csv' using ($1/24):" + next +
              " every ::1 with lines linewidth 2 linecolor rgb '#0072B2', '' using ($1/24):" + column +
              " every ::1 with points pointtype 7 pointsize 0.3 linecolor rgb '#D55E00'\n";
  }
  figure.drawn = figures.draw(figure.name, 1300, 640, script + "unset multiplot\n");
  return figure;
}

inline chemnne::Figure draw_maps(chemnne::GnuplotFigures& figures, const TransportRecord& record) {
  chemnne::Figure figure{
      "map", "Maps of the last hour",
      "Each species solved and, beside it, emulated less solved. Boxes of 100 km, north above, the city at "
      "(9..10, 5..6)."};
  const std::vector<ShownSpecies> shown = shown_of(record);
  std::string csv = csv_head(shown, "x,y");
  for (std::size_t at = 0; at < boxes; ++at) {
    const std::size_t first = at * record.species.size();
    csv += std::to_string(at % longitudes) + "," + std::to_string(at / longitudes) +
           csv_values(record, shown, &record.emulated[first], &record.solved[first]);
  }
  figures.write_data("map.csv", csv);
  const auto map = [&](std::size_t k, bool difference) {
    const std::string emulated = "$" + std::to_string(2 * k + 3), solved = "$" + std::to_string(2 * k + 4);
    return "set title '" + std::string(shown[k].name) + (difference ? ", difference" : ", solved") + " [" +
           shown[k].unit + "]' noenhanced\nplot 'map.csv' using 1:2:(" +
           (difference ? emulated + "-" + solved : solved) + ") every ::1 with image\n";
  };
  std::string script =
      "set datafile separator ','\nset multiplot layout 3,4\nunset key\nunset grid\n"
      "set xrange [-0.5:23.5]\nset yrange [11.5:-0.5]\n";
  for (std::size_t k = 0; k < shown.size(); ++k) script += map(k, false) + map(k, true);
  figure.drawn = figures.draw(figure.name, 1500, 800, script + "unset multiplot\n");
  return figure;
}

/// Errors of each day: all species, and ozone.
inline std::string html_days(const TransportRecord& record) {
  std::vector<std::vector<std::string>> rows{{"Day", "all species, RMSE [decades]", "O3, mean [nmol/mol]",
                                              "bias [nmol/mol]", "RMSE [nmol/mol]", "RMSE [%]"}};
  for (std::size_t day = 0; day < record.days.size(); ++day) {
    rows.push_back({std::to_string(day + 1), chemnne::format_number(record.decades(day))});
    const SpeciesErrors& ozone = record.days[day][record.place("O3")];
    for (const double value :
         {1e9 * ozone.mean(), 1e9 * ozone.bias(), 1e9 * ozone.rmse(), 100 * ozone.rmse() / ozone.mean()})
      rows.back().push_back(chemnne::format_number(value));
  }
  return "<h2>Errors of each day</h2>\n" + chemnne::html_table(rows) +
         "<p class=\"note\">Over all boxes and the hours of the day, day and night; no species counts below "
         "the "
         "floor of its training.</p>\n";
}

/// Errors of each species on the last day, the worst first.
inline std::string html_species(const TransportRecord& record) {
  const std::vector<SpeciesErrors>& last = record.days.back();
  std::vector<std::size_t> order(last.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return last[a].decades() > last[b].decades(); });
  std::vector<std::vector<std::string>> rows{
      {"Species", "RMSE [decades]", "mean, solved [nmol/mol]", "bias [%]", "RMSE [%]"}};
  for (const std::size_t i : order)
    rows.push_back({record.species[i], chemnne::format_number(last[i].decades()),
                    chemnne::format_number(1e9 * last[i].mean()),
                    chemnne::format_number(100 * last[i].bias() / last[i].mean()),
                    chemnne::format_number(100 * last[i].rmse() / last[i].mean())});
  return "<h2>Species on the last day</h2>\n" + chemnne::html_table(rows);
}

/// Writes page and figures into `folder`. `subject`: what was run, a sentence or two; `facts`: rows of what was run and what it cost, with their head.
inline void write_page(const std::string& folder, const std::string& subject, const TransportRecord& record,
                       const std::vector<std::vector<std::string>>& facts) {
  chemnne::GnuplotFigures figures(folder + "/figures");
  const chemnne::Figure series = draw_series(figures, record), maps = draw_maps(figures, record);
  std::string html = chemnne::html_head("Transport with chemistry, emulated and solved");
  if (!figures.trouble().empty())
    html += "<p class=\"warning\">Figures are missing: " + chemnne::html_text(figures.trouble()) + "</p>\n";
  html += "<p>" + chemnne::html_text(subject) + "</p>\n" + chemnne::html_table(facts) + html_days(record) +
          chemnne::html_figure(figures, series) + chemnne::html_figure(figures, maps) + html_species(record);
  chemnne::write_file_atomically(folder + "/transport.html", html + "</body>\n</html>\n");
}

}  // namespace example
