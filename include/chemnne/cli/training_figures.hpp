#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/cli/figures.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// Numbers under a line of names, as a training log has them.
struct NumberTable {
  std::vector<std::string> name;
  std::vector<std::vector<double>> column;  ///< [name][row]
};

namespace detail {

inline std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace detail

/// Reads comma-separated numbers under a header line; an empty or unreadable field is NaN.
/// Errors: Error naming file and line when a line has more or fewer fields than the header.
inline NumberTable read_number_table(const std::string& path) {
  NumberTable table;
  const std::vector<std::string> lines = detail::split(read_text_file(path), '\n');
  if (lines.empty()) throw Error(path, "a header line", "an empty file");
  table.name = detail::split(lines[0], ',');
  table.column.resize(table.name.size());
  for (std::size_t row = 1; row < lines.size(); ++row) {
    const std::vector<std::string> fields = detail::split(lines[row] + ",", ',');
    if (fields.size() != table.name.size())
      throw Error(path + ", line " + std::to_string(row + 1), std::to_string(table.name.size()) + " fields",
                  std::to_string(fields.size()));
    for (std::size_t c = 0; c < fields.size(); ++c)
      table.column[c].push_back(
          parse_number(trimmed(fields[c])).value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return table;
}

/// The training curve of a log: over the column seconds (or the rows, when there is none) every column but
/// epoch; learning_rate has its own panel. Numbers that are NaN (no validation in this epoch) are passed
/// over.
inline Figure draw_training_curve(GnuplotFigures& figures, const NumberTable& log) {
  Figure figure{"training_curve", "Training",
                "Losses and validation error during training (left), learning rate (right)."};
  const auto seconds = std::find(log.name.begin(), log.name.end(), "seconds") - log.name.begin();
  const bool timed = static_cast<std::size_t>(seconds) < log.name.size();
  std::string data, losses, rate;
  std::size_t block = 0;
  for (std::size_t c = 0; c < log.name.size(); ++c) {
    if (log.name[c] == "epoch" || log.name[c] == "seconds") continue;
    std::vector<double> x, y;
    for (std::size_t row = 0; row < log.column[c].size(); ++row) {
      if (!(log.column[c][row] > 0)) continue;  // NaN too
      x.push_back(timed ? log.column[static_cast<std::size_t>(seconds)][row] / 60
                        : static_cast<double>(row + 1));
      y.push_back(log.column[c][row]);
    }
    if (x.empty()) continue;
    data += detail::data_block({x, y});
    std::string& plot = log.name[c] == "learning_rate" ? rate : losses;
    plot += (plot.empty() ? "plot " : ", ") + std::string("'training_curve.dat' index ") +
            std::to_string(block) + " using 1:2 with lines linewidth 2 linecolor rgb '" +
            detail::colour(block) + "' title " + gnuplot_text(log.name[c]);
    ++block;
  }
  figures.write_data("training_curve.dat", data);
  figure.drawn =
      figures.draw(figure.name, 1300, 480,
                   "set multiplot layout 1,2\nset xlabel '" + std::string(timed ? "minutes" : "epochs") +
                       "'\nset key top right\nset logscale y\nset format y '10^{%L}'\n" + losses +
                       "\nunset logscale y\nset format y '%g'\n" + rate + "\nunset multiplot\n");
  return figure;
}

/// Attention weights averaged over cells: how much each latent time (row) takes from each other (column).
struct AttentionMap {
  std::size_t heads = 0;
  std::size_t nodes = 0;
  std::vector<double> weight;  ///< [head][query][key], rows sum to 1
  std::vector<double> time;    ///< [node], s
};

/// One square a head. Errors: Error when the arrays are not of heads x nodes x nodes.
inline Figure draw_attention(GnuplotFigures& figures, const AttentionMap& map) {
  if (map.heads == 0 || map.weight.size() != map.heads * map.nodes * map.nodes ||
      map.time.size() != map.nodes)
    throw Error("attention map", "weights of heads x nodes x nodes and a time a node", "other sizes");
  Figure figure{"attention", "Time attention",
                "Weight that each latent time (vertical) gives to each other (horizontal), one panel a head, "
                "mean over cells."};
  std::string data, tics, script;
  for (std::size_t i = 0; i < map.weight.size(); ++i) {
    data += format_number(map.weight[i], 6) + ((i + 1) % map.nodes == 0 ? "\n" : " ");
    if ((i + 1) % (map.nodes * map.nodes) == 0) data += "\n\n";
  }
  const std::size_t every = std::max<std::size_t>(1, map.nodes / 6);
  for (std::size_t i = 0; i < map.nodes; i += every)
    tics += (i == 0 ? "'" : ", '") + format_number(map.time[i] / 60) + "' " + std::to_string(i);
  const std::size_t columns = std::min<std::size_t>(map.heads, 4), rows = (map.heads + columns - 1) / columns;
  script = "set multiplot layout " + std::to_string(rows) + "," + std::to_string(columns) +
           "\nset size ratio 1\nunset grid\nset autoscale xfix\nset autoscale yfix\nset yrange [] "
           "reverse\nset xtics (" +
           tics + ")\nset ytics (" + tics +
           ")\nset xlabel 'minutes'\nset cbrange [0:*]\nset palette defined (0 '#ffffff', 0.4 '#56B4E9', 1 "
           "'#08306b')\n";
  for (std::size_t head = 0; head < map.heads; ++head)
    script += "set title 'head " + std::to_string(head + 1) + "'\nplot 'attention.dat' index " +
              std::to_string(head) + " matrix with image notitle\n";
  figures.write_data("attention.dat", data);
  figure.drawn = figures.draw(figure.name, 360 * static_cast<int>(columns), 330 * static_cast<int>(rows),
                              script + "unset multiplot\n");
  return figure;
}

}  // namespace chemnne
