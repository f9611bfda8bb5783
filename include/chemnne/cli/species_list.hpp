#pragma once
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/cli/cell_table.hpp>
#include <chemnne/data/netcdf_file.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// Names of species from an option: a NetCDF data set (`task_one`: those of its task 1, else all), a text
/// file of names with blanks, commas or lines between ('#' begins a comment), or the names themselves with
/// commas between. Errors: Error naming the file when it is not readable or holds no name.
inline std::vector<std::string> species_list(const std::string& text, bool task_one) {
  if (detail::is_netcdf(text)) {
    const NetcdfFile file = NetcdfFile::open(text);
    const std::vector<std::string> all = file.read<std::string>("species_name", {"species"});
    if (!task_one) return all;
    const std::vector<int> task = file.read<int>("task", {"species"});
    std::vector<std::string> first;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (task[i] == 1) first.push_back(all[i]);
    return first;
  }
  const std::string content = file_exists(text) ? read_text_file(text) : text;
  std::vector<std::string> names;
  std::string name;
  bool comment = false;
  for (const char c : content + "\n") {
    comment = c != '\n' && (comment || c == '#');
    const bool is_separator = comment || c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!is_separator)
      name += c;
    else if (!name.empty())
      names.push_back(std::exchange(name, {}));
  }
  if (names.empty()) throw Error(text, "names of species", "none");
  return names;
}

}  // namespace chemnne
