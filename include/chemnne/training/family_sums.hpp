#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/species_families.hpp>
#include <chemnne/training/metrics.hpp>

namespace chemnne {

/// `families` over the species `names`, members found by name; members that are absent are skipped, and so
/// are families none of whose members is there.
inline std::vector<WeightedSum> family_sums(std::span<const Family> families,
                                            std::span<const std::string> names) {
  std::vector<WeightedSum> sums;
  for (const Family& family : families) {
    WeightedSum sum{family.name, std::vector<double>(names.size())};
    for (const Family::Member& member : family.members)
      for (std::size_t s = 0; s < names.size(); ++s)
        if (names[s] == member.species) sum.weight[s] = member.count;
    if (std::any_of(sum.weight.begin(), sum.weight.end(), [](double weight) { return weight != 0; }))
      sums.push_back(std::move(sum));
  }
  return sums;
}

}  // namespace chemnne
