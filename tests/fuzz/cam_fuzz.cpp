#include <utility>

#include "read_and_evaluate.hpp"

#include <chemnne/chemistry/cam_reader.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return test::read_and_evaluate(data, size, [](std::string text, const chemnne::ReadOptions& options) {
    return chemnne::parse_cam(std::move(text), "fuzz.in", options);
  });
}
