// cuda_step RESULTS.json: the step of an emulator of 49 species with random weights on a GPU. Its result against plain
// loops on the host for cells that differ, then the time of a call for some numbers of cells. Status 2: no GPU.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <chemnne/backend/reference.hpp>
#include <chemnne/host/cuda_emulator.cuh>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

using C = DefaultConfiguration<49, 49>;
using Model = ChemNNE<C>;
using Gpu = CudaDevice<CHEMNNE_SHARED_KIB * 1024>;
using OnGpu = DeviceEmulator<Model, Gpu>;
const EmulatorOptions projected{}, plain{.element_exact = false};

/// Weights as a training begins, species about 10^8 molecules cm-3, conditions about 0, two elements conserved. A template, for nvcc 13 writes
/// the type of a named layer in another way than g++ reads it.
template <class M>
std::string weights() {
  using C = typename M::Configuration;
  using Network = Deployed<C, typename M::Trajectory>;
  using Prepare = Normalise<C::inputs, C::conditions>;
  std::vector<float> p(Network::parameters);
  Random random(1);
  Network::initialise(std::span<float, Network::parameters>(p.data(), Network::parameters), random);
  EmulatorDescription d;
  d.architecture = M::architecture;
  d.configuration = configuration_text<C>();
  for (std::size_t i = 0; i < C::inputs; ++i) {
    d.inputs.push_back("X" + std::to_string(i));
    p[Prepare::mean + i] = p[Network::parameters - 2 * C::outputs + i] = 8;
  }
  d.outputs = d.inputs;
  d.elements = {"X", "Y"};
  for (const std::size_t each : {1, 3}) {
    d.composition.emplace_back(C::inputs);
    for (std::size_t i = 0; i < C::inputs; i += each) d.composition.back()[i] = 1;
  }
  d.input_range = d.output_range = std::vector<ValueRange>(C::inputs, {0, 16});
  d.output_floor = std::vector<double>(C::outputs, 1);
  for (std::size_t k = 0; k < C::conditions; ++k) {
    d.conditions.push_back("K" + std::to_string(k));
    d.condition_units.push_back("1");
    d.condition_range.push_back({-10, 10});
  }
  const std::string path = (std::filesystem::temp_directory_path() / "chemnne_cuda_step.safetensors").string();
  write_weights<Network>(path, std::span<const float, Network::parameters>(p.data(), Network::parameters), d);
  return path;
}

/// A state [species][cells] and conditions [conditions][cells] on host and device.
struct Cells {
  explicit Cells(std::size_t count)
      : cells(count), state(values(C::inputs * count, true)), conditions(values(C::conditions * count, false)),
        device_state(state.data(), state.size()), device_conditions(conditions.data(), conditions.size()) {}
  static std::vector<double> values(std::size_t count, bool densities) {
    Random random(2);
    std::vector<double> result(count);
    for (double& value : result) value = densities ? std::pow(10, 8 + random.normal()) : random.normal();
    return result;
  }
  Columns<double> on_device() const { return Columns<double>::item_major(device_state.data(), cells); }
  Columns<const double> weather_on_device() const {
    return Columns<const double>::item_major(device_conditions.data(), cells);
  }

  std::size_t cells;
  std::vector<double> state, conditions;
  DeviceArray<double, Gpu> device_state, device_conditions;
};

/// The largest relative difference of a number density between device and host.
double largest_difference(const std::string& file, double seconds, const EmulatorOptions& options = projected) {
  Cells all(1000);
  OnGpu on_gpu(file, options);
  const HostFields fields{.species = on_gpu.description().inputs};
  const auto binding = on_gpu.bind(fields);
  if (!on_gpu.advance(binding, all.on_device(), all.weather_on_device(), seconds, nullptr)) return HUGE_VAL;
  std::vector<double> found(all.state.size());
  Gpu::copy_out(found.data(), all.device_state.data(), found.size() * sizeof(double), nullptr);

  const Emulator<Model, Reference, double> on_host(file, options);
  Emulator<Model, Reference, double>::Workspace workspace;
  on_host.advance(on_host.bind(fields), Columns<double>::item_major(all.state.data(), all.cells),
                  Columns<const double>::item_major(all.conditions.data(), all.cells), seconds, workspace);
  double largest = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double difference = std::abs(found[i] / all.state[i] - 1);
    largest = difference <= largest ? largest : std::isnan(difference) ? HUGE_VAL : difference;
  }
  return largest;
}

/// Seconds of a call of so many cells: the least of some, each of several calls in a row.
double seconds_of_call(OnGpu& emulator, const OnGpu::Binding& binding, const Cells& all, double seconds) {
  cudaEvent_t begin, end;
  cudaEventCreate(&begin);
  cudaEventCreate(&end);
  const int calls = all.cells < 100000 ? 100 : 5;
  double least = HUGE_VAL;
  for (int repeat = 0; repeat < 5; ++repeat) {
    cudaEventRecord(begin);
    for (int i = 0; i < calls; ++i) emulator.advance(binding, all.on_device(), all.weather_on_device(), seconds, nullptr);
    cudaEventRecord(end);
    cudaEventSynchronize(end);
    float milliseconds = 0;
    cudaEventElapsedTime(&milliseconds, begin, end);
    least = std::min(least, 1e-3 * static_cast<double>(milliseconds) / calls);
  }
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
  return least;
}

int measure(const std::string& results) {
  Gpu::require(Gpu::current());
  const std::string file = weights<Model>();
  const double whole = largest_difference(file, C::horizon), part = largest_difference(file, C::horizon / 6),
               free = largest_difference(file, C::horizon, plain);
  std::string json = "{\n  \"largest_relative_difference\": {\"horizon\": " + number_text(whole) +
                     ", \"sixth\": " + number_text(part) +
                     ", \"horizon_not_projected\": " + number_text(free) + "},\n  \"nanoseconds_a_cell\": [";
  OnGpu emulator(file, projected), without(file, plain);
  const auto binding = emulator.bind({.species = emulator.description().inputs}),
             other = without.bind({.species = emulator.description().inputs});
  const char* comma = "";
  for (const std::size_t cells : {std::size_t{1000}, std::size_t{10000}, std::size_t{100000}, std::size_t{1000000}}) {
    const Cells all(cells);
    const double a_cell = 1e9 / static_cast<double>(cells);
    json += std::string(comma) + "\n    {\"cells\": " + std::to_string(cells) +
            ", \"horizon\": " + number_text(a_cell * seconds_of_call(emulator, binding, all, C::horizon)) +
            ", \"sixth\": " + number_text(a_cell * seconds_of_call(emulator, binding, all, C::horizon / 6)) +
            ", \"horizon_not_projected\": " + number_text(a_cell * seconds_of_call(without, other, all, C::horizon)) + "}";
    comma = ",";
  }
  emulator.status(nullptr);  // throws where a step has failed
  json += "\n  ]\n}\n";
  std::ofstream(results) << json;
  std::fputs(json.c_str(), stdout);
  std::filesystem::remove(file);
  return whole < 1e-4 && part < 1e-4 && free < 1e-4 ? 0 : 1;
}

}  // namespace

int main(int arguments, char** argument) try {
  return measure(arguments > 1 ? argument[1] : "results.json");
} catch (const Error& error) {
  std::fprintf(stderr, "cuda_step: %s\n", error.what());
  return 2;
}
