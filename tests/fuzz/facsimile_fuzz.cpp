#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <chemnne/chemistry/facsimile_reader.hpp>

/// Any bytes are a mechanism or an Error; unknown rate functions are collected, so that more of a file is
/// read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const chemnne::Mechanism mechanism =
        chemnne::parse_facsimile(std::string(data, data + size), "fuzz.fac", {.collect_unresolved = true});
    const std::vector<double> parameters(mechanism.parameters.size(), 1.0);
    chemnne::RateContext noon = chemnne::make_rate_context({});
    noon.parameters = parameters;
    for (const chemnne::Reaction& reaction : mechanism.reactions) (void)reaction.rate.value(noon);
    (void)mechanism.fingerprint();
  } catch (const chemnne::Error&) {
  }
  return 0;
}
