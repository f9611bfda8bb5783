#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/host/c_emulator.hpp>

/// A host of the C interface, for its tests.
namespace test {

using chemnne::CMessage;

using Interface = chemnne::CEmulator<chemnne::ChemNNE<Small<>>, chemnne::DefaultBackend>;
struct Emulated;  // what C sees
struct Binding;
struct Memory;

/// A caller's buffer.
struct Text {
  std::array<char, 200> chars;
  Text() { chars.fill('#'); }
  operator CMessage() { return {chars.data(), chars.size()}; }
  std::string text() const { return {chars.begin(), std::find(chars.begin(), chars.end(), '\0')}; }
};

inline chemnne_step step_of(int guard, std::uint8_t* flags = nullptr) {
  chemnne_step step{};
  step.guard = guard;
  step.flags = flags;
  return step;
}

/// Weights in a file, opened and bound by C, with states of cells: [cell][species], [cell][condition].
struct Opened {
  static constexpr std::size_t cells = 37;

  explicit Opened(const chemnne_options* options = nullptr,
                  const chemnne::EmulatorDescription& description = small_description<Small<>>(),
                  const std::optional<chemnne::Uncertainty>& uncertainty = {}) {
    write_small<Small<>>(file, small_parameters<Small<>>(), description);
    if (uncertainty) chemnne::write_uncertainty(file, *uncertainty);
    chemnne::Random random(7);
    for (double& value : state) value = std::pow(10, random.uniform(6, 10));
    for (std::size_t i = 0; i < cells; ++i) {
      weather[2 * i] = random.uniform(265, 310);
      weather[2 * i + 1] = random.uniform(0, 1);
    }
    BOOST_TEST_REQUIRE(Interface::open(file.c_str(), options, &emulator, said) == CHEMNNE_OK, said.text());
    BOOST_TEST_REQUIRE(Interface::workspace_create(&memory, said) == CHEMNNE_OK, said.text());
    const chemnne_fields fields{};
    BOOST_TEST_REQUIRE(Interface::bind(emulator, &fields, &binding, said) == CHEMNNE_OK, said.text());
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    Interface::binding_free(binding);
    Interface::workspace_free(memory);
    Interface::close(emulator);
  }

  int advance(double seconds, const chemnne_step* step = nullptr) {
    return Interface::advance(emulator, binding, memory, state.data(), &layout, weather.data(), &forcing,
                              seconds, step, &status, said);
  }
  /// An error that leaves the state alone, says why and counts nothing.
  void refused(int code, int expected, const char* why) {
    BOOST_TEST(code == expected, why << ": " << said.text());
    BOOST_TEST(contains(said.text(), why), said.text());
    BOOST_TEST(status.cells == 0u);
    BOOST_TEST((state == untouched));
  }

  TemporaryFolder folder;
  const std::string file = folder.file("weights.safetensors");
  std::vector<double> state = std::vector<double>(cells * 3), weather = std::vector<double>(cells * 2);
  std::vector<double> untouched;
  chemnne_layout layout = chemnne_cell_major(cells, 3), forcing = chemnne_cell_major(cells, 2);
  Emulated* emulator = nullptr;
  Binding* binding = nullptr;
  Memory* memory = nullptr;
  chemnne_status status{};
  Text said;
};

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

}  // namespace test
