#pragma once
#include <cmath>
#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

#include "channel.hpp"
#include "scenery.hpp"
#include "weather.hpp"

#include <chemnne/data/host_air.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/io/lumped_species.hpp>

/// What 03_transport's air begins with, gets from below and loses there, and what a front brings (Scenery). A
/// species that a run does not carry enters its lumped species, if it is in any, and is passed over otherwise.
namespace example {

using Lumps = std::vector<chemnne::LumpedSpecies>;

/// The tables of a scenery for the tracers that a run carries.
class Surface {
 public:
  /// `scenery` must outlive it.
  Surface(const Scenery& scenery, const std::vector<std::string>& names, const Lumps& lumps)
      : scenery_(&scenery),
        air_(places(names, lumps, scenery.air_masses)),
        emission_(places(names, lumps, scenery.emissions)),
        deposition_(places(names, {}, scenery.depositions)),
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
      if (scenery_->is_front(x, since_start)) mix_in_sea_air(q, scenery_->front_share);
      if (scenery_->is_land(x)) emit(q, scenery_->is_city(x, y), weather.environment[cell], time % 24 + 0.5);
      deposit(q, scenery_->is_land(x));
    }
  }

 private:
  /// A row of a table, a tracer, and what of the row's amount enters it.
  template <class Row>
  using Places = std::vector<std::tuple<const Row*, std::size_t, double>>;

  template <class Row>
  static Places<Row> places(const std::vector<std::string>& names, const Lumps& lumps,
                            const std::vector<Row>& table) {
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

  const Scenery* scenery_;
  Places<AirMass> air_;
  Places<Emission> emission_;
  Places<Deposition> deposition_;
  std::size_t species_;
};

}  // namespace example
