#include <utility>

#include "read_and_evaluate.hpp"

#include <chemnne/chemistry/cmaq_reader.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return test::read_and_evaluate(data, size, [](std::string text, const chemnne::ReadOptions& options) {
    return chemnne::parse_cmaq(std::move(text), "fuzz.def", options);
  });
}
