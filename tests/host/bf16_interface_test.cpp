#define BOOST_TEST_MODULE host_bf16_interface
#include <string>
#include <vector>

#include "c_host.hpp"
#include <boost/test/unit_test.hpp>
#include <chemnne_small_bf16.h>

using namespace chemnne;

// `chemnne_add_emulator(... C_INTERFACE BF16)` makes the step of `Bf16Backend`, to the bit (where the
// processor gains by bf16, that of `DefaultBackend` is another).
namespace {

using C = test::Small<>;

template <class Backend>
std::vector<double> step_of_cpp(const test::Opened& host) {
  const Emulator<ChemNNE<C>, Backend> emulator(host.file);
  typename Emulator<ChemNNE<C>, Backend>::Workspace workspace;
  std::vector<double> state(host.state.begin(), host.state.end());
  const auto cells = Columns<double>::cell_major(state.data(), host.cells, 3);
  emulator.advance(emulator.bind({.species = emulator.description().inputs}), cells,
                   Columns<const double>::cell_major(host.weather.data(), host.cells, 2), 3600, workspace);
  return state;
}

std::vector<double> step_of_c(const test::Opened& host) {
  char message[200];
  chemnne_small_bf16_emulator* emulator = nullptr;
  chemnne_small_bf16_workspace* workspace = nullptr;
  chemnne_small_bf16_binding* binding = nullptr;
  const chemnne_fields fields{};
  BOOST_TEST_REQUIRE(
      chemnne_small_bf16_open(host.file.c_str(), nullptr, &emulator, message, sizeof message) == CHEMNNE_OK);
  BOOST_TEST_REQUIRE(chemnne_small_bf16_workspace_create(&workspace, message, sizeof message) == CHEMNNE_OK);
  BOOST_TEST_REQUIRE(chemnne_small_bf16_bind(emulator, &fields, &binding, message, sizeof message) ==
                     CHEMNNE_OK);
  std::vector<double> state(host.state.begin(), host.state.end());
  const chemnne_layout layout = chemnne_cell_major(host.cells, 3),
                       forcing = chemnne_cell_major(host.cells, 2);
  chemnne_status status;
  BOOST_TEST_REQUIRE(chemnne_small_bf16_advance(emulator, binding, workspace, state.data(), &layout,
                                                host.weather.data(), &forcing, 3600, nullptr, &status,
                                                message, sizeof message) == CHEMNNE_OK);
  chemnne_small_bf16_binding_free(binding);
  chemnne_small_bf16_workspace_free(workspace);
  chemnne_small_bf16_close(emulator);
  return state;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_step_of_c_is_that_of_the_backend) {
  const test::Opened host;
  const std::vector<double> found = step_of_c(host);
  BOOST_TEST(found == step_of_cpp<Bf16Backend>(host), boost::test_tools::per_element());
}
