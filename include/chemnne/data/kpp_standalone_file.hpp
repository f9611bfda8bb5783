#pragma once
#include <array>
#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <chemnne/io/air_sample.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {

/// Reads the text that GEOS-Chem writes of a cell for KPP-Standalone.
class KppStandaloneReader {
 public:
  KppStandaloneReader(std::string_view text, const std::string& source) : rest_(text), source_(source) {}

  AirSample read() {
    read_header();
    AirSample sample;
    while (next()) {
      const std::size_t comma = line_.find(',');
      if (line_.empty()) continue;
      if (comma == std::string_view::npos)
        throw Error(where(), "NAME, VALUE", "'" + std::string(line_) + "'");
      const std::string name(trimmed(line_.substr(0, comma)));
      if (is_numbered(name, 'R')) break;  // rate constants, rates: those of the mechanism take their place
      const std::string_view value = line_.substr(comma + 1);
      const double density = number(value.substr(0, value.find(',')), name);
      if (!(density >= 0))
        throw Error(where() + ", " + name, "a number density from 0 up", number_text(density));
      sample.species.push_back(name);
      sample.number_density.push_back(density);
    }
    if (sample.species.empty()) throw Error(source_, "species behind the line 'Name, Value'", "none");
    add_conditions(sample);
    sample.key = {0};
    sample.score = {std::numeric_limits<double>::infinity()};
    return sample;
  }

 private:
  struct Entry {
    std::string value;
    std::string where;
  };

  std::string where() const { return source_ + ":" + std::to_string(number_); }

  /// The next line without blanks at its ends.
  bool next() {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line_ = trimmed(rest_.substr(0, end));
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    ++number_;
    return true;
  }

  /// Lines "What (unit):  value" up to the titles of the columns.
  void read_header() {
    while (next()) {
      if (line_.starts_with("Name,")) return;
      const std::size_t colon = line_.find(':');
      if (colon == std::string_view::npos) continue;
      entries_[std::string(line_.substr(0, colon))] = {std::string(trimmed(line_.substr(colon + 1))),
                                                       where()};
    }
    throw Error(source_, "a line 'Name, Value, Absolute Tolerance', as GEOS-Chem writes for KPP-Standalone",
                "none");
  }

  double number(std::string_view text, const std::string& name) const {
    return parse_number(trimmed(text), where() + ", " + name);
  }

  const Entry& entry(const std::string& name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) throw Error(source_, "a line '" + name + ":'", "none");
    return found->second;
  }
  double header(const std::string& name) const {
    const Entry& one = entry(name);
    return parse_number(one.value, one.where + ", " + name);
  }

  static bool is_numbered(const std::string& name, char letter) {
    return name.size() > 1 && name[0] == letter &&
           name.find_first_not_of("0123456789", 1) == std::string::npos;
  }

  void add_conditions(AirSample& sample) const {
    const auto add = [&](const char* name, const char* units, double value) {
      sample.conditions.push_back(name);
      sample.condition_units.push_back(units);
      sample.condition_value.push_back(value);
    };
    add("temperature", "K", header("Temperature (K)"));
    add("pressure", "Pa", 100 * header("Pressure (hPa)"));
    add("water_vapour_number_density", "molecules cm-3",
        header("Water vapor mixing ratio (vol H2O/vol dry air)") * header("Dry air density (molec/cm3)"));
    add("cosine_zenith", "1", header("Cosine of solar zenith angle"));
    add("latitude", "degrees_north", header("Latitude (degrees)"));
    const auto [day, hour] = local_time(header("Longitude (degrees)"));
    add("day_of_year", "1", day);
    add("local_hour", "h", hour);
  }

  /// Day of the year and hour in local mean solar time of "2019/07/01 00:40" UTC.
  std::pair<double, double> local_time(double longitude) const {
    const Entry& time = entry("Timestamp");
    const std::string_view text = time.value;
    if (text.size() != 16 || text[4] != '/' || text[7] != '/' || text[10] != ' ' || text[13] != ':')
      throw Error(time.where + ", Timestamp", "YYYY/MM/DD hh:mm", "'" + time.value + "'");
    const auto part = [&](std::size_t begin, std::size_t length) {
      return parse_number(text.substr(begin, length), time.where + ", Timestamp");
    };
    constexpr std::array<double, 12> days_before{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    const double month = part(5, 2);
    if (!(month >= 1 && month <= 12)) throw Error(time.where + ", Timestamp", "a month", number_text(month));
    double day = days_before[static_cast<std::size_t>(month) - 1] + part(8, 2);
    double hour = part(11, 2) + part(14, 2) / 60 + longitude / 15;
    if (hour < 0) hour += 24, day += day > 1 ? -1 : 364;
    if (hour >= 24) hour -= 24, day += day < 365 ? 1 : -364;
    return {day, hour};
  }

  std::string_view rest_, line_;
  std::string source_;
  std::size_t number_ = 0;
  std::map<std::string, Entry> entries_;
};

}  // namespace detail

/// The state and the weather of a cell of GEOS-Chem in a text for KPP-Standalone: concentrations
/// [molecules cm-3], of fixed species too, with temperature, pressure, water vapour, sun, latitude and time.
///
/// Layout, as GEOS-Chem 14.5 writes it (kppsa_interface_mod): a header with lines "Temperature (K):   291.66",
/// the line "Name,   Value,   Absolute Tolerance", a line a species, then rate constants R1, R2, ... and
/// rates, which are not read. Errors: Error with file and line for what is not a number, a number density
/// below 0, or an entry that is missing.
inline AirSample parse_kpp_standalone(std::string_view text, const std::string& source) {
  return detail::KppStandaloneReader(text, source).read();
}

}  // namespace chemnne
