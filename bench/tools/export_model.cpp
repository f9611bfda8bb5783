#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <utility>

#include "../model_cases.hpp"
#include "../random_values.hpp"

#include <chemnne/backend/cpu.hpp>
#include <chemnne/io/safetensors.hpp>

/// `export_model <folder>`: the timed networks as files, <folder>/<name>.safetensors, for peers in other
/// languages. A file holds random weights, random inputs and what the network makes of them, so that a peer
/// shows that it computes the same before it is timed. <folder>/untimed has those that are only compared.
namespace {

using namespace chemnne;

constexpr std::size_t cells = 64, block = 8;

/// The network's outputs by its own forward, in blocks of cells that bound the memory.
template <class Network>
Tensor evaluated(const std::string& name, const Buffer<float>& parameters, const Buffer<float>& input) {
  using Output = typename Network::Output;
  Buffer<float> output(cells * Output::size), memory(Network::memory(block));
  for (std::size_t first = 0; first < cells; first += block) {
    Arena<float> arena(memory.span());
    Network::template forward<Cpu<>, float>(
        RowsOf<const float, typename Network::Input>(input.data(), cells).slice(first, block),
        Parameters<const float, Network::parameters>(parameters.data(), Network::parameters),
        RowsOf<float, Output>(output.data(), cells).slice(first, block), arena);
  }
  return make_tensor<float>(name, {cells, Output::size / Network::outputs, Network::outputs},
                            std::as_const(output).span());
}

/// What a peer needs beside the parameters: the features of the nodes' times and the matrix of the readout.
template <class C>
void add_constants(SafetensorsFile& file) {
  using Model = ChemNNE<C>;
  Buffer<float> time(C::nodes);
  for (std::size_t node = 0; node < C::nodes; ++node)
    time[node] = static_cast<float>(Model::Grid::node(node));
  file.tensors.push_back(make_tensor<float>("stretched_time", {C::nodes}, std::as_const(time).span()));
  constexpr auto& readout =
      Model::template Frames<C::frames>::template Matrix<C::exact_identity>::template value<float>;
  file.tensors.push_back(make_tensor<float>("readout", {C::frames, C::nodes}, std::span(readout.element)));
}

/// Every size of the configuration, by its name: "nodes" -> "10".
template <class C>
void add_sizes(SafetensorsFile& file) {
  const std::string text = configuration_text<C>() + ' ';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t equals = text.find('=', at), end = text.find(' ', at);
    file.metadata[text.substr(at, equals - at)] = text.substr(equals + 1, end - equals - 1);
    at = end + 1;
  }
}

template <class C>
void write_case(const std::filesystem::path& folder) {
  using Trajectory = typename ChemNNE<C>::Trajectory;
  using EndOfStep = typename ChemNNE<C>::EndOfStep;
  Buffer<float> parameters(Trajectory::parameters);
  Random random(2);
  Trajectory::initialise(Parameters<float, Trajectory::parameters>(parameters.data(), parameters.size()),
                         random);
  const Buffer<float> input = bench::random_values(cells * Trajectory::Input::size);

  SafetensorsFile file;
  Trajectory::describe("", 0, [&](const std::string& name, std::size_t offset, const auto& shape) {
    std::size_t count = 1;
    for (const std::size_t extent : shape) count *= extent;
    file.tensors.push_back(make_tensor<float>(name, {shape.begin(), shape.end()},
                                              std::as_const(parameters).span().subspan(offset, count)));
  });
  add_constants<C>(file);
  file.tensors.push_back(make_tensor<float>("input", {cells, Trajectory::Input::size}, input.span()));
  file.tensors.push_back(evaluated<Trajectory>("trajectory", parameters, input));
  file.tensors.push_back(evaluated<EndOfStep>("end_of_step", parameters, input));
  add_sizes<C>(file);
  const std::filesystem::path path = folder / (std::string(C::name) + ".safetensors");
  write_safetensors(path.string(), file);
  std::printf("%s: %zu parameters, %zu cells\n", path.c_str(), Trajectory::parameters, cells);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr,
                 "usage: %s <folder>\nwrites the networks that are timed to <folder>/<name>.safetensors\n",
                 arguments[0]);
    return 2;
  }
  try {
    const std::filesystem::path folder = arguments[1];
    std::filesystem::create_directories(folder / "untimed");
    write_case<bench::Default>(folder);
    write_case<bench::Paper>(folder);
    write_case<bench::Minutely>(folder);
    write_case<bench::Bare>(folder / "untimed");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
