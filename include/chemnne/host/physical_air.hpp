#pragma once
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/host/legal_conditions.hpp>
#include <chemnne/io/emulator_description.hpp>

namespace chemnne {

/// Which conditions a solver takes: legal ones (LegalConditions: what is negative there counts as 0) of air
/// for which its rate constants are meant.
///
/// | condition              | limits                                                |
/// |------------------------|-------------------------------------------------------|
/// | temperature [K]        | 123 to 332, those of the formula for water vapour     |
/// | pressure [Pa]          | 1 to 2e5                                              |
/// | relative_humidity [%]  | up to 200                                             |
/// | photolysis_scaling     | up to 100                                             |
/// | any other              | none                                                  |
class PhysicalAir {
 public:
  explicit PhysicalAir(const EmulatorDescription& solver) : legal_(solver) {
    static constexpr std::pair<std::string_view, ValueRange> ranges[] = {{"temperature", {123, 332}},
                                                                         {"pressure", {1, 2e5}},
                                                                         {"relative_humidity", {0, 200}},
                                                                         {"photolysis_scaling", {0, 100}}};
    for (std::size_t k = 0; k < solver.conditions.size(); ++k)
      for (const auto& [name, range] : ranges)
        if (solver.conditions[k] == name) limit_.push_back({k, range});
  }

  /// Makes of one cell's conditions what the rate constants are given. Returns false where one is not of
  /// such air.
  bool apply(double* conditions) const noexcept {
    bool physical = legal_.apply(conditions);
    for (const auto& [k, range] : limit_)
      physical = physical && conditions[k] >= range.minimum && conditions[k] <= range.maximum;
    return physical;
  }

 private:
  LegalConditions legal_;
  std::vector<std::pair<std::size_t, ValueRange>> limit_;
};

}  // namespace chemnne
