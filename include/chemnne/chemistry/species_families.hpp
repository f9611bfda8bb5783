#pragma once
#include <string>
#include <vector>

namespace chemnne {

/// A family of species that turn into each other: each member counts `count` times.
struct Family {
  /// A species of the family and how often it counts.
  struct Member {
    std::string species;
    double count;
  };
  std::string name;
  std::vector<Member> members;
};

/// The families of tropospheric gas chemistry, under the names that MCM, GEOS-Chem and this project use.
///
/// Ox: odd oxygen, as budgets count it (each NO3 carries 2, N2O5 3); NOx: NO + NO2; NOy: all reactive
/// nitrogen (N2O5 carries 2), NOx included; HOx: OH + HO2.
inline const std::vector<Family>& common_families() {
  static const std::vector<Family> families = {{"Ox",
                                                {{"O3", 1},
                                                 {"O", 1},
                                                 {"O3P", 1},
                                                 {"O1D", 1},
                                                 {"NO2", 1},
                                                 {"NO3", 2},
                                                 {"N2O5", 3},
                                                 {"HNO3", 1},
                                                 {"HO2NO2", 1},
                                                 {"HNO4", 1},
                                                 {"PNA", 1},
                                                 {"PAN", 1}}},
                                               {"NOx", {{"NO", 1}, {"NO2", 1}}},
                                               {"NOy",
                                                {{"NO", 1},
                                                 {"NO2", 1},
                                                 {"NO3", 1},
                                                 {"N2O5", 2},
                                                 {"HONO", 1},
                                                 {"HNO2", 1},
                                                 {"HNO3", 1},
                                                 {"HO2NO2", 1},
                                                 {"HNO4", 1},
                                                 {"PNA", 1},
                                                 {"CH3NO3", 1},
                                                 {"C2H5NO3", 1},
                                                 {"CH3O2NO2", 1},
                                                 {"C2H5O2NO2", 1},
                                                 {"PAN", 1},
                                                 {"PPN", 1},
                                                 {"MPAN", 1}}},
                                               {"HOx", {{"OH", 1}, {"HO", 1}, {"HO2", 1}}}};
  return families;
}

}  // namespace chemnne
