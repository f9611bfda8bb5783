#define BOOST_TEST_MODULE io_uncertainty
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "../host/small_emulator.hpp"
#include <boost/test/unit_test.hpp>

using namespace chemnne;
using test::contains;

namespace {

using C = test::Small<>;
using Network = test::SmallNetwork<C>;

constexpr UncertaintySizes sizes{2, 1, 4, 2, 3};

/// Of these sizes.
Uncertainty example() {
  return {.input = {{1, 2}, {3, 4}, 5},
          .code = {{1, 2, 3, 4}, {1, 2, 3, 4, 5, 6, 7, 8}, 9},
          .threshold = 2.5,
          .least = 0.25,
          .exponent = 1.5,
          .coverage = {0.5, 0.9},
          .half_width = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f}};
}

struct File {
  test::TemporaryFolder folder;
  std::string path = folder.file("weights.safetensors");
  std::vector<float> parameters = test::small_parameters<C>();
  File() { test::write_small<C>(path, parameters); }
};

std::vector<float> weights_in(const std::string& path) {
  std::vector<float> parameters(Network::parameters);
  read_weights<Network>(path, "chemnne", configuration_text<C>(),
                        std::span<float, Network::parameters>(parameters.data(), Network::parameters));
  return parameters;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_file_without_it_has_none, File) {
  BOOST_TEST(!read_uncertainty(path, sizes).has_value());
}

BOOST_FIXTURE_TEST_CASE(it_comes_back_exactly_and_the_weights_stay, File) {
  write_uncertainty(path, example());
  BOOST_TEST((read_uncertainty(path, sizes) == example()));
  BOOST_TEST(weights_in(path) == parameters);
  Uncertainty other = example();
  other.threshold = 3;
  write_uncertainty(path, other);  // in the place of the first
  BOOST_TEST((read_uncertainty(path, sizes) == other));
  BOOST_TEST(weights_in(path) == parameters);
}

BOOST_FIXTURE_TEST_CASE(one_of_another_network_or_in_part_is_refused, File) {
  write_uncertainty(path, example());
  const std::string code = test::message_of([&] { read_uncertainty(path, {2, 1, 5, 2, 3}); });
  BOOST_TEST(contains(code, "tensor 'uncertainty.code.mean': expected 5, found 4"), code);
  const std::string outputs = test::message_of([&] { read_uncertainty(path, {2, 1, 4, 2, 7}); });
  BOOST_TEST(contains(outputs, "expected 2 x 7, found 2 x 3"), outputs);
  SafetensorsFile file = read_safetensors(path);
  std::erase_if(file.tensors, [](const Tensor& tensor) { return tensor.name == "uncertainty.threshold"; });
  write_safetensors(path, file);
  const std::string part = test::message_of([&] { read_uncertainty(path, sizes); });
  BOOST_TEST(contains(part, "a tensor 'uncertainty.threshold'"), part);
}

BOOST_AUTO_TEST_CASE(widths_grow_with_the_score_and_have_a_least) {
  const Uncertainty u = example();
  BOOST_TEST(u.growth(4) == 8);
  BOOST_TEST(u.growth(0.01f) == 0.125);
  BOOST_TEST(u.level(0.9, "file") == 1u);
  const std::string missing = test::message_of([&] { u.level(0.8, "file"); });
  BOOST_TEST(contains(missing, "file, coverage"), missing);
  BOOST_TEST(contains(missing, "0.9"), missing);
}
