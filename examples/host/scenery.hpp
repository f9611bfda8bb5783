#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include <chemnne/data/range.hpp>
#include <chemnne/support/random.hpp>

namespace example {

/// nmol/mol of continental air, with which the channel is filled, and of the air of a front from the sea; of
/// all other species there is none.
struct AirMass {
  std::string species;
  double continental, sea;
};

/// nmol/mol an hour in the mixing layer of 1 km at the largest, in the city and on other land: 1 is
/// 7e11 molecules cm-2 s-1.
struct Emission {
  std::string species;
  double city, land;
  chemnne::EmissionCourse course;
};

/// Dry deposition velocities [cm s-1] over land and sea: acids are lost as quickly as they reach the ground,
/// ozone hardly over sea.
struct Deposition {
  std::string species;
  double land, sea;
};

/// Where the channel lies: its air, sources, ground, fronts and weather. By default that of example 03, in June
/// at 50 to 60 degrees north, with levels of a common size, chosen for this example.
struct Scenery {
  std::vector<AirMass> air_masses = {
      {"O3", 45, 32},           {"NO", 0.1, 0.003},      {"NO2", 1, 0.03},          {"HNO3", 0.4, 0.03},
      {"PAN", 0.4, 0.05},       {"H2O2", 1, 0.6},        {"H2", 530, 530},          {"CO", 150, 95},
      {"CH4", 1930, 1890},      {"SO2", 0.3, 0.03},      {"HCHO", 1.2, 0.2},        {"CH3OOH", 0.3, 0.4},
      {"CH3OH", 3, 0.6},        {"HCOOH", 0.4, 0.06},    {"CH3CHO", 0.4, 0.06},     {"CH3CO2H", 0.4, 0.06},
      {"C2H5OH", 0.2, 0.04},    {"C2H6", 1.5, 0.7},      {"C2H4", 0.1, 0.01},       {"CH3COCH3", 1.5, 0.4},
      {"BENZENE", 0.1, 0.02},   {"TOLUENE", 0.1, 0.005}, {"C5H8", 0.2, 0.001},      {"APINENE", 0.1, 0.003},
      {"BPINENE", 0.04, 0.001}, {"CARENE", 0.03, 0.001}, {"LIMONENE", 0.01, 0.001}, {"DMS", 0.005, 0.05}};
  std::vector<Emission> emissions = {{"NO", 1.0, 0.04, chemnne::EmissionCourse::traffic},
                                     {"CO", 6.0, 0.4, chemnne::EmissionCourse::traffic},
                                     {"SO2", 0.05, 0.005, chemnne::EmissionCourse::traffic},
                                     {"C2H4", 0.2, 0.005, chemnne::EmissionCourse::traffic},
                                     {"C2H6", 0.1, 0.005, chemnne::EmissionCourse::traffic},
                                     {"TOLUENE", 0.04, 0.001, chemnne::EmissionCourse::traffic},
                                     {"BENZENE", 0.02, 0.0005, chemnne::EmissionCourse::traffic},
                                     {"HCHO", 0.05, 0.002, chemnne::EmissionCourse::traffic},
                                     {"C5H8", 0.05, 0.5, chemnne::EmissionCourse::light},
                                     {"CH3OH", 0.05, 0.05, chemnne::EmissionCourse::heat},
                                     {"CH3CHO", 0.03, 0.03, chemnne::EmissionCourse::heat},
                                     {"HCOOH", 0.02, 0.02, chemnne::EmissionCourse::heat},
                                     {"CH3CO2H", 0.02, 0.02, chemnne::EmissionCourse::heat},
                                     {"APINENE", 0.01, 0.05, chemnne::EmissionCourse::heat},
                                     {"BPINENE", 0.003, 0.015, chemnne::EmissionCourse::heat},
                                     {"CARENE", 0.003, 0.015, chemnne::EmissionCourse::heat},
                                     {"LIMONENE", 0.002, 0.01, chemnne::EmissionCourse::heat}};
  std::vector<Deposition> depositions = {{"O3", 0.4, 0.07},    {"NO2", 0.1, 0.02},   {"HNO3", 4, 1},
                                         {"H2O2", 0.5, 1},     {"SO2", 0.5, 0.5},    {"PAN", 0.2, 0.02},
                                         {"HCHO", 0.5, 0.5},   {"CH3OOH", 0.2, 0.2}, {"HCOOH", 0.5, 0.5},
                                         {"CH3CO2H", 0.5, 0.5}};

  std::size_t land_begin = 6, land_end = 20;  ///< columns
  std::size_t city_column = 9, city_row = 5;  ///< of the north-west of its four boxes

  /// Of the first columns a share of the air is replaced each hour, for so many hours of each period.
  std::size_t front_columns = 4;
  int front_period = 72, front_begin = 12, front_hours = 6;
  double front_share = 1.0 / 3;

  double temperature = 284, warmer_south = 8, swing = 4;  ///< K, of a day's mean in the north
  double relative_humidity = 65;                          ///< %, at the day's mean temperature
  double light = 0.9, latitude = 60;                      ///< photolysis scaling; degrees north, of the north
  double day_of_year = 152;

  bool is_land(std::size_t x) const { return x >= land_begin && x < land_end; }
  bool is_city(std::size_t x, std::size_t y) const {
    return x >= city_column && x < city_column + 2 && y >= city_row && y < city_row + 2;
  }
  bool is_front(std::size_t x, int since_start) const {
    const int phase = since_start % front_period;
    return x < front_columns && phase >= front_begin && phase < front_begin + front_hours;
  }
};

/// Another scenery, drawn by a seed: levels, sources and losses off by factors that partly are common to air,
/// to traffic and to plants; other land, city, fronts, weather, latitude and season. 0: the default.
inline Scenery scenery_of(std::size_t seed) {
  Scenery scenery;
  if (seed == 0) return scenery;
  chemnne::Random random(77, seed);
  const auto bell = [&] {  // nearly normal, and never beyond six deviations
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += random.uniform();
    return sum;
  };
  const auto between = [&](double low, double high) { return low + (high - low) * random.uniform(); };
  const auto place = [&](double low, double high) { return static_cast<std::size_t>(between(low, high)); };
  const auto count = [&](double low, double high) { return static_cast<int>(between(low, high)); };
  const double air = 0.3 * bell(), traffic = 0.4 * bell(), plants = 0.5 * bell();
  const std::set<std::string> of_plants{"C5H8", "APINENE", "BPINENE", "CARENE", "LIMONENE"};
  for (AirMass& one : scenery.air_masses) {
    const std::string& name = one.species;
    if (name == "H2") continue;
    const double spread = name == "CH4" ? 0.02 : name == "O3" ? 0.2 : name == "CO" ? 0.25 : 0.5;
    const double common = name == "CH4" || name == "O3" ? 0 : of_plants.count(name) > 0 ? plants : air;
    one.continental *= std::exp(spread * bell() + (name == "CO" ? 0.5 : 1) * common);
    one.sea *= std::exp(spread * bell());
  }
  for (Emission& one : scenery.emissions) {
    const double factor = std::exp(0.35 * bell() + (of_plants.count(one.species) > 0 ? plants : traffic));
    one.city *= factor;
    one.land *= factor * std::exp(0.3 * bell());
  }
  for (Deposition& one : scenery.depositions) {
    const double factor = std::exp(0.3 * bell());
    one.land *= factor;
    one.sea *= factor;
  }
  scenery.land_begin = place(3, 9);
  scenery.land_end = std::min<std::size_t>(24, scenery.land_begin + place(8, 16));
  scenery.city_column =
      scenery.land_begin + place(1, static_cast<double>(scenery.land_end - scenery.land_begin) - 2);
  scenery.city_row = place(2, 9);
  scenery.front_period = count(48, 121);
  scenery.front_begin = count(6, 24);
  scenery.front_hours = count(4, 9);
  scenery.front_columns = place(2, 5);
  scenery.front_share = between(0.2, 0.45);
  scenery.temperature = between(276, 291);
  scenery.warmer_south = between(4, 11);
  scenery.swing = between(2, 7);
  scenery.relative_humidity = between(50, 80);
  scenery.light = between(0.6, 1.1);
  scenery.latitude = between(45, 66);
  scenery.day_of_year = count(110, 235);
  return scenery;
}

}  // namespace example
