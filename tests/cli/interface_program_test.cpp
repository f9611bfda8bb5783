#define BOOST_TEST_MODULE cli_interface_program
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "../host/small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/interface_program.hpp>

using namespace chemnne;
using test::contains;

namespace {

using C = test::Small<>;

/// Runs `box_species interface --model weights --output .` for an emulator of some species without a
/// mechanism.
struct Program {
  explicit Program(const EmulatorDescription& description) {
    test::write_small<C>(weights, test::small_parameters<C>(), description);
  }
  int operator()(std::size_t species, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"box_species", "interface", "--output", folder.file("")});
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    return interface_main(static_cast<int>(pointers.size()), pointers.data(), "box", species, {});
  }
  bool wrote_something() const {
    return std::filesystem::exists(folder.file("box_species.h")) ||
           std::filesystem::exists(folder.file("box_species.f90"));
  }

  test::TemporaryFolder folder;
  const std::string weights = folder.file("weights.safetensors");
};

}  // namespace

BOOST_AUTO_TEST_CASE(constants_are_those_of_a_weights_file) {
  const Program program(test::small_description<C>());
  BOOST_TEST(program(3, {"--model", program.weights}) == 0);
  BOOST_TEST(contains(read_text_file(program.folder.file("box_species.h")), "box_ind_C = 2"));
  BOOST_TEST(contains(read_text_file(program.folder.file("box_species.f90")), "ind_C = 3\n"));
}

BOOST_AUTO_TEST_CASE(what_is_not_of_this_emulator_is_refused_and_nothing_written) {
  const Program program(test::small_description<C>());
  BOOST_TEST(program(4, {"--model", program.weights}) == 2);
  BOOST_TEST(program(3, {"--model", program.folder.file("missing")}) == 2);
  BOOST_TEST(program(3, {}) == 2);  // no mechanism either
  BOOST_TEST(program(3, {"--model", program.weights, "--name", "no name"}) == 2);
  BOOST_TEST(!program.wrote_something());
}

BOOST_AUTO_TEST_CASE(places_that_inputs_and_outputs_do_not_share_are_none) {
  EmulatorDescription description = test::small_description<C>();
  std::swap(description.outputs[0], description.outputs[1]);
  const Program program(description);
  BOOST_TEST(program(3, {"--model", program.weights}) == 2);
  BOOST_TEST(!program.wrote_something());
}
