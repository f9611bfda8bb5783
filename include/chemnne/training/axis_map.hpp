#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace chemnne {

/// The indices of an axis of a parameter as indices of the same axis in a file; `absent`: new.
struct AxisMap {
  static constexpr std::size_t absent = std::numeric_limits<std::size_t>::max();

  std::vector<std::size_t> place;  ///< [extent of ours]
  std::size_t extent = 0;          ///< of the file's

  /// Whether ours is the file's axis.
  bool same() const {
    for (std::size_t i = 0; i < place.size(); ++i)
      if (place[i] != i) return false;
    return place.size() == extent;
  }
  /// `count` more indices, the same in both.
  void keep(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) place.push_back(extent + i);
    extent += count;
  }
  /// Those of another axis behind these, from `first` and, in the file, from `first_of_file` on.
  void add(const AxisMap& more, std::size_t first = 0, std::size_t first_of_file = 0) {
    for (std::size_t i = first; i < more.place.size(); ++i)
      place.push_back(more.place[i] == absent ? absent : extent + more.place[i] - first_of_file);
    extent += more.extent - first_of_file;
  }
};

/// Names by their places in a file; the first `known` of ours are found among its first `known_of_file`, the
/// others among the others.
inline AxisMap match_names(std::span<const std::string> ours, std::span<const std::string> of_file,
                           std::size_t known = 0, std::size_t known_of_file = 0) {
  AxisMap map{.place = {}, .extent = of_file.size()};
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const auto found = std::find(of_file.begin(), of_file.end(), ours[i]);
    const auto place = static_cast<std::size_t>(found - of_file.begin());
    const bool same = found != of_file.end() && (i < known) == (place < known_of_file);
    map.place.push_back(same ? place : AxisMap::absent);
  }
  return map;
}

/// "48 common, 1 new (X), 2 gone (Y, Z)"; names where they are few.
inline std::string match_text(const AxisMap& map, std::span<const std::string> ours,
                              std::span<const std::string> of_file) {
  std::vector<std::string> added, gone;
  for (std::size_t i = 0; i < ours.size(); ++i)
    if (map.place[i] == AxisMap::absent) added.push_back(ours[i]);
  for (std::size_t i = 0; i < of_file.size(); ++i)
    if (std::find(map.place.begin(), map.place.end(), i) == map.place.end()) gone.push_back(of_file[i]);
  const auto list = [](const char* what, const std::vector<std::string>& names) {
    constexpr std::size_t few = 10;
    std::string text;
    if (!names.empty() && names.size() <= few) {
      for (const std::string& name : names) text += (text.empty() ? " (" : ", ") + name;
      text += ")";
    }
    return ", " + std::to_string(names.size()) + what + text;
  };
  return std::to_string(ours.size() - added.size()) + " common" + list(" new", added) + list(" gone", gone);
}

}  // namespace chemnne
