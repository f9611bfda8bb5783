#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism_builder.hpp>

namespace test {

/// Any bytes are a mechanism, whose rates and fingerprint can be computed, or an Error. Unknown rate
/// functions are collected, so that more of a file is read.
template <class Parse>
int read_and_evaluate(const std::uint8_t* data, std::size_t size, const Parse& parse) {
  try {
    const chemnne::Mechanism mechanism =
        parse(std::string(data, data + size), chemnne::ReadOptions{.collect_unresolved = true});
    const std::vector<double> parameters(mechanism.parameters.size(), 1.0);
    const std::vector<double> fixed(mechanism.species.size() - mechanism.variable_species, 1.0);
    chemnne::RateContext noon = chemnne::make_rate_context({});
    noon.parameters = parameters;
    noon.fixed = fixed;
    for (const chemnne::Reaction& reaction : mechanism.reactions) (void)reaction.rate.value(noon);
    (void)mechanism.fingerprint();
  } catch (const chemnne::Error&) {
  }
  return 0;
}

}  // namespace test
