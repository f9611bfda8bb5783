#include <utility>

#include "read_and_evaluate.hpp"

#include <chemnne/chemistry/open_atmos_reader.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return test::read_and_evaluate(data, size, [](std::string text, const chemnne::ReadOptions& options) {
    return chemnne::parse_open_atmos(std::move(text), "fuzz.yaml", options);
  });
}
