#pragma once
#include <array>
#include <string_view>

namespace chemnne {

/// The environment ranges that a file must give, with their units.
inline constexpr std::array<std::array<std::string_view, 2>, 6> environment_range_units{
    {{"temperature", "K"},
     {"pressure", "Pa"},
     {"relative_humidity", "%"},
     {"photolysis_scaling", "1"},
     {"latitude", "degree"},
     {"day_of_year", "day"}}};

namespace detail {

/// A unit that a file may use in the place of the one that values have inside: inside = factor * value +
/// offset.
struct RangeUnit {
  std::string_view inside;
  std::string_view name;
  double factor;
  double offset;
};

inline constexpr std::array<RangeUnit, 12> range_units{{
    {"K", "degC", 1, 273.15},
    {"Pa", "hPa", 100, 0},
    {"mol mol-1", "ppm", 1e-6, 0},
    {"mol mol-1", "ppb", 1e-9, 0},
    {"mol mol-1", "ppt", 1e-12, 0},
    {"mol mol-1", "umol mol-1", 1e-6, 0},
    {"mol mol-1", "nmol mol-1", 1e-9, 0},
    {"mol mol-1", "pmol mol-1", 1e-12, 0},
    {"s", "h", 3600, 0},
    {"s-1", "h-1", 1.0 / 3600, 0},
    {"mol mol-1 s-1", "ppb h-1", 1e-9 / 3600, 0},
    {"mol mol-1 s-1", "ppt h-1", 1e-12 / 3600, 0},
}};

}  // namespace detail

}  // namespace chemnne
