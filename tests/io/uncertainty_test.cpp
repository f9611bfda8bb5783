#define BOOST_TEST_MODULE io_uncertainty
#include <limits>
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
          .coverage = {0.5f, 0.9f},
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

BOOST_FIXTURE_TEST_CASE(writing_it_renews_the_checksum, File) {
  const std::string before = read_text_file(path);
  write_uncertainty(path, example());
  const SafetensorsFile file = read_safetensors(path);
  BOOST_TEST(file.checksum);
  BOOST_TEST(description_of(file, path).checksum);
  // One of before gets one.
  std::string bytes = before;
  const std::string entry = "\"chemnne_checksum\":\"";
  const std::size_t begin = bytes.find(entry), end = bytes.find(',', begin);
  bytes.replace(begin, end + 1 - begin, "");
  bytes[0] = static_cast<char>(bytes[0] - static_cast<char>(end + 1 - begin));
  write_file_atomically(path, bytes);
  BOOST_TEST(!description_of(read_safetensors(path), path).checksum);
  BOOST_TEST(weights_in(path) == parameters);
  write_uncertainty(path, example());
  BOOST_TEST(description_of(read_safetensors(path), path).checksum);
}

BOOST_FIXTURE_TEST_CASE(values_that_cannot_be_are_refused_by_tensor, File) {
  constexpr float infinite = std::numeric_limits<float>::infinity(),
                  not_a_number = std::numeric_limits<float>::quiet_NaN();
  const auto refused = [&](const std::string& tensor, const auto& change) {
    Uncertainty u = example();
    change(u);
    write_uncertainty(path, u);
    const std::string text = test::message_of([&] { read_uncertainty(path, sizes); });
    BOOST_TEST(contains(text, path + ", tensor 'uncertainty." + tensor + "'"), text);
  };
  for (const float bad : {infinite, -infinite, not_a_number}) {
    refused("input.mean", [&](Uncertainty& u) { u.input.mean[1] = bad; });
    refused("input.direction", [&](Uncertainty& u) { u.input.direction[1] = bad; });
    refused("code.mean", [&](Uncertainty& u) { u.code.mean[3] = bad; });
    refused("code.direction", [&](Uncertainty& u) { u.code.direction[7] = bad; });
    refused("exponent", [&](Uncertainty& u) { u.exponent = bad; });
    refused("coverage", [&](Uncertainty& u) { u.coverage[1] = bad; });
  }
  for (const float bad : {infinite, not_a_number, 0.0f, -1.0f}) {
    refused("input.precision", [&](Uncertainty& u) { u.input.precision = bad; });
    refused("code.precision", [&](Uncertainty& u) { u.code.precision = bad; });
    refused("threshold", [&](Uncertainty& u) { u.threshold = bad; });
    refused("least", [&](Uncertainty& u) { u.least = bad; });
  }
  refused("exponent", [](Uncertainty& u) { u.exponent = -0.5f; });
  for (const std::vector<float>& bad : {std::vector<float>{0.9f, 0.5f}, {0.5f, 0.5f}, {0, 0.5f}, {0.5f, 1}})
    refused("coverage", [&](Uncertainty& u) { u.coverage = bad; });
  for (const float bad : {-infinite, not_a_number, -0.1f})
    refused("half_width", [&](Uncertainty& u) { u.half_width[5] = bad; });
  Uncertainty u = example();
  u.half_width[5] = infinite;  // too few windows for the coverage
  u.exponent = 0;
  write_uncertainty(path, u);
  BOOST_TEST((read_uncertainty(path, sizes) == u));
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
