#define BOOST_TEST_MODULE host_damaged_weights
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "../support/foreign_locale.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/model/per_time_mlp.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;
using test::contains;

namespace {

using C = test::Small<>;
using Tested = Emulator<ChemNNE<C>, DefaultBackend>;

struct Fixture {
  test::TemporaryFolder folder;
  std::string path = folder.file("weights.safetensors"), bytes;
  Fixture() {
    test::write_small<C>(path, test::small_parameters<C>());
    bytes = read_text_file(path);
  }
  /// The message of the error that these bytes give; it must name the source.
  static std::string message(const std::string& damaged) {
    const std::string text = test::message_of([&] { Tested::from_bytes(damaged, "the file"); });
    BOOST_TEST(contains(text, "the file"), text);
    return text;
  }
  std::uint64_t header_length() const {
    std::uint64_t length;
    std::memcpy(&length, bytes.data(), sizeof length);
    return length;
  }
  std::string with_header_length(std::uint64_t length) const {
    std::string damaged = bytes;
    std::memcpy(damaged.data(), &length, sizeof length);
    return damaged;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(bytes_and_file_give_the_same_emulator, Fixture) {
  Tested from_file(path), from_memory = Tested::from_bytes(bytes, "memory");
  std::vector<double> a{1e8, 2e8, 3e7}, b = a;
  const std::vector<double> weather{290, 0.5};
  const auto step = [&](Tested& emulator, std::vector<double>& state) {
    const auto view = Columns<double>::cell_major(state.data(), 1, 3);
    emulator.advance(view, Columns<const double>::cell_major(weather.data(), 1, 2), 3600, view);
  };
  step(from_file, a);
  step(from_memory, b);
  BOOST_TEST((std::memcmp(a.data(), b.data(), sizeof(double) * 3) == 0));
}

BOOST_FIXTURE_TEST_CASE(a_host_in_another_locale_opens_the_file_and_steps_to_the_same_bits, Fixture) {
  const auto stepped = [&] {
    Tested emulator(path);
    std::vector<double> state{1e8, 2e8, 3e7};
    const std::vector<double> weather{290, 0.5};
    const auto view = Columns<double>::cell_major(state.data(), 1, 3);
    emulator.advance(view, Columns<const double>::cell_major(weather.data(), 1, 2), 3600, view);
    return std::pair(state, emulator.description().metrics);
  };
  const auto in_c = stepped();
  const test::ForeignLocale german;
  if (!test::ForeignLocale::in_c()) std::puts("skipped: no locale de_DE.UTF-8 (Debian: locales)");
  BOOST_TEST((stepped() == in_c));
  test::write_small<C>(path, test::small_parameters<C>());
  BOOST_TEST((read_text_file(path) == bytes));
}

BOOST_FIXTURE_TEST_CASE(a_file_cut_anywhere_is_refused, Fixture) {
  for (std::size_t length = 0; length < bytes.size(); length += 1 + length / 16)
    BOOST_TEST(!message(bytes.substr(0, length)).empty(), length << " bytes");
  BOOST_TEST(!message(bytes.substr(0, bytes.size() - 1)).empty());
  BOOST_TEST(!message(bytes + '\0').empty());
}

BOOST_FIXTURE_TEST_CASE(a_header_length_that_is_no_length_is_refused_without_taking_memory, Fixture) {
  std::uint64_t swapped = 0;
  for (unsigned i = 0; i < 8; ++i) swapped = swapped << 8 | (header_length() >> 8 * i & 0xff);
  for (const std::uint64_t length : {swapped, ~std::uint64_t{0}, std::uint64_t{1} << 62, std::uint64_t{0},
                                     header_length() - 1, header_length() + 8})
    BOOST_TEST(!message(with_header_length(length)).empty(), length);
}

// io/checksum_test flips the bits of other files; here is the whole way from bytes to an emulator.
BOOST_FIXTURE_TEST_CASE(every_flipped_bit_is_refused, Fixture) {
  const auto refused = [&](std::size_t bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    BOOST_TEST_REQUIRE(
        test::message_of([&] { Tested::from_bytes(bytes, "the file"); }).starts_with("the file"),
        "bit " << bit % 8 << " of byte " << bit / 8);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
  };
  const std::size_t header = 8 * (8 + header_length());
  for (std::size_t bit = 0; bit < header; ++bit) refused(bit);
  for (std::size_t bit = header; bit < 8 * bytes.size(); bit += 7) refused(bit);
}

BOOST_FIXTURE_TEST_CASE(a_file_without_a_checksum_is_read_and_says_so, Fixture) {
  BOOST_TEST(Tested::from_bytes(bytes, "the file").description().checksum);
  const std::size_t begin = bytes.find("\"chemnne_checksum\""), end = bytes.find(',', begin) + 1;
  std::string old = with_header_length(header_length() - (end - begin));
  old.erase(begin, end - begin);
  BOOST_TEST(!Tested::from_bytes(old, "the file").description().checksum);
}

BOOST_FIXTURE_TEST_CASE(weights_that_are_not_finite_are_refused, Fixture) {
  SafetensorsFile file = parse_safetensors(bytes, "sound");
  const float bad = std::numeric_limits<float>::quiet_NaN();
  for (Tensor& tensor : file.tensors)
    if (tensor.name == "output.mean") std::memcpy(tensor.data.data(), &bad, sizeof bad);
  const std::string text = message(safetensors_bytes(file));
  BOOST_TEST(contains(text, "the file, tensor 'output.mean', value 0: expected a finite number"), text);
}

BOOST_FIXTURE_TEST_CASE(ranges_beyond_float_in_deviations_are_refused, Fixture) {
  EmulatorDescription d = test::small_description<C>();
  d.condition_range[0].maximum = 1e38;
  std::vector<float> parameters = test::small_parameters<C>();
  parameters[8 + 3] = 1e-3f;  // the deviation of the temperature
  test::write_small<C>(path, parameters, d);
  const std::string text = test::message_of([&] { Tested{path}; });
  BOOST_TEST(contains(text, path + ", range of 'temperature'"), text);
}

BOOST_FIXTURE_TEST_CASE(weights_of_another_model_are_refused_by_name, Fixture) {
  using Mlp = Emulator<PerTimeMlp<C>, DefaultBackend>;
  const std::string architecture = test::message_of([&] { Mlp{path}; });
  BOOST_TEST(contains(architecture, "'mlp'"), architecture);
  BOOST_TEST(contains(architecture, "'chemnne'"), architecture);
}
