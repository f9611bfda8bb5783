#pragma once
#include <cmath>
#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

#include "channel.hpp"
#include "weather.hpp"

#include <chemnne/data/host_air.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/io/lumped_species.hpp>

/// What 03_transport's air begins with, gets from below and loses there, and what a front brings. A species
/// that a run does not carry enters its lumped species, if it is in any, and is passed over otherwise.
namespace example {

/// nmol/mol of continental air, with which the channel is filled, and of the air of a front from the sea; of
/// all other species there is none. Levels of a common size, chosen for this example.
struct AirMass {
  const char* species;
  double continental, sea;
};
inline constexpr AirMass air_masses[] = {
    {"O3", 45, 32},           {"NO", 0.1, 0.003},      {"NO2", 1, 0.03},          {"HNO3", 0.4, 0.03},
    {"PAN", 0.4, 0.05},       {"H2O2", 1, 0.6},        {"H2", 530, 530},          {"CO", 150, 95},
    {"CH4", 1930, 1890},      {"SO2", 0.3, 0.03},      {"HCHO", 1.2, 0.2},        {"CH3OOH", 0.3, 0.4},
    {"CH3OH", 3, 0.6},        {"HCOOH", 0.4, 0.06},    {"CH3CHO", 0.4, 0.06},     {"CH3CO2H", 0.4, 0.06},
    {"C2H5OH", 0.2, 0.04},    {"C2H6", 1.5, 0.7},      {"C2H4", 0.1, 0.01},       {"CH3COCH3", 1.5, 0.4},
    {"BENZENE", 0.1, 0.02},   {"TOLUENE", 0.1, 0.005}, {"C5H8", 0.2, 0.001},      {"APINENE", 0.1, 0.003},
    {"BPINENE", 0.04, 0.001}, {"CARENE", 0.03, 0.001}, {"LIMONENE", 0.01, 0.001}, {"DMS", 0.005, 0.05}};

/// nmol/mol an hour in the mixing layer of 1 km at the largest, in the city and on other land: 1 is
/// 7e11 molecules cm-2 s-1.
struct Emission {
  const char* species;
  double city, land;
  chemnne::EmissionCourse course;
};
inline constexpr Emission emissions[] = {{"NO", 1.0, 0.04, chemnne::EmissionCourse::traffic},
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

/// Dry deposition velocities [cm s-1] over land and sea, of a common size, chosen for this example: acids are
/// lost as quickly as they reach the ground, ozone hardly over sea.
struct Deposition {
  const char* species;
  double land, sea;
};
inline constexpr Deposition depositions[] = {
    {"O3", 0.4, 0.07},  {"NO2", 0.1, 0.02}, {"HNO3", 4, 1},       {"H2O2", 0.5, 1},    {"SO2", 0.5, 0.5},
    {"PAN", 0.2, 0.02}, {"HCHO", 0.5, 0.5}, {"CH3OOH", 0.2, 0.2}, {"HCOOH", 0.5, 0.5}, {"CH3CO2H", 0.5, 0.5}};

inline bool is_land(std::size_t x) { return x >= 6 && x < 20; }
inline bool is_city(std::size_t x, std::size_t y) { return x >= 9 && x < 11 && y >= 5 && y < 7; }
/// Where and when a front comes in, hours since the start: in six hours of each third day a third of the air
/// of four columns in the west is replaced each hour.
inline bool is_front(std::size_t x, int since_start) {
  return x < 4 && since_start % 72 >= 12 && since_start % 72 < 18;
}

using Lumps = std::vector<chemnne::LumpedSpecies>;

/// These tables for the tracers that a run carries.
class Surface {
 public:
  explicit Surface(const std::vector<std::string>& names, const Lumps& lumps = {})
      : air_(places(names, lumps, air_masses)),
        emission_(places(names, lumps, emissions)),
        deposition_(places(names, {}, depositions)),
        species_(names.size()) {}

  void fill(Tracers& tracers, const Band& band) const {
    for (std::size_t cell = 0; cell < band.cells(); ++cell)
      for (const auto& [air, i, share] : air_) tracers.cell(cell)[i] += share * 1e-9 * air->continental;
  }

  /// What an hour brings and takes, before wind and chemistry.
  void exchange(Tracers& tracers, const Weather& weather, const Band& band, int time, int since_start) const {
    for (std::size_t cell = 0; cell < band.cells(); ++cell) {
      const std::size_t x = cell % longitudes, y = band.first + cell / longitudes;
      double* const q = tracers.cell(cell);
      if (is_front(x, since_start)) mix_in_sea_air(q, 1.0 / 3);
      if (is_land(x)) emit(q, is_city(x, y), weather.environment[cell], time % 24 + 0.5);
      deposit(q, is_land(x));
    }
  }

 private:
  /// A row of a table, a tracer, and what of the row's amount enters it.
  template <class Row>
  using Places = std::vector<std::tuple<const Row*, std::size_t, double>>;

  template <class Row, std::size_t N>
  static Places<Row> places(const std::vector<std::string>& names, const Lumps& lumps,
                            const Row (&table)[N]) {
    Places<Row> found;
    const auto add = [&](const Row& row, const std::string& tracer, double share) {
      for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == tracer) found.emplace_back(&row, i, share);
    };
    for (const Row& row : table) {
      add(row, row.species, 1);
      for (const chemnne::LumpedSpecies& lump : lumps)
        for (const auto& [member, coefficient] : lump.members)
          if (member == row.species) add(row, lump.name, coefficient);
    }
    return found;
  }

  void mix_in_sea_air(double* q, double share) const {
    for (std::size_t i = 0; i < species_; ++i) q[i] *= 1 - share;
    for (const auto& [air, i, part] : air_) q[i] += part * share * 1e-9 * air->sea;
  }
  void emit(double* q, bool city, const chemnne::Environment& environment, double local_hour) const {
    for (const auto& [source, i, share] : emission_)
      q[i] += share * 1e-9 * (city ? source->city : source->land) *
              chemnne::HostAir::course(source->course, environment, local_hour);
  }
  void deposit(double* q, bool land) const {
    for (const auto& [loss, i, all] : deposition_)
      q[i] *= std::exp(-0.01 * (land ? loss->land : loss->sea) * hour / height);
  }

  Places<AirMass> air_;
  Places<Emission> emission_;
  Places<Deposition> deposition_;
  std::size_t species_;
};

}  // namespace example
