#pragma once
#include <string>

#include <chemnne/support/number_text.hpp>

/// What ranges of a mechanism's air are written from.
namespace bench {

inline const std::string weather = R"([environment]
temperature        = { minimum = 265, maximum = 310, units = "K", scale = "linear" }
pressure           = { minimum = 85000, maximum = 103000, units = "Pa", scale = "linear" }
relative_humidity  = { minimum = 15, maximum = 95, units = "%", scale = "linear" }
latitude           = { minimum = -60, maximum = 60, units = "degree", scale = "linear" }
day_of_year        = { minimum = 1, maximum = 366, units = "day", scale = "linear" }
photolysis_scaling = { minimum = 0.3, maximum = 1.2, units = "1", scale = "linear" }
)";

inline std::string range(const std::string& name, double minimum, double maximum, const std::string& units) {
  return "\"" + name + "\" = { minimum = " + chemnne::scientific_text(minimum, 6) +
         ", maximum = " + chemnne::scientific_text(maximum, 6) + ", units = \"" + units +
         "\", scale = \"log\" }\n";
}

inline std::string windows(const char* longest_spin_up) {
  return std::string("[windows]\nspin_up = { minimum = 0.5, maximum = ") + longest_spin_up +
         ", units = \"h\" }\nplume_share = 0.25\n";
}

inline const std::string plume = "[plume]\n" + range("NO", 0.1, 20, "ppb");

}  // namespace bench
