#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/io/emulator_description.hpp>
#include <chemnne/io/safetensors.hpp>
#include <chemnne/io/uncertainty.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {

inline std::string shape_text(std::span<const std::size_t> shape) {
  std::string text = "[";
  for (const std::size_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

/// The constants of a deployed network that are divided by, or that a logarithm is taken of.
inline bool must_be_positive(std::string_view tensor) {
  return tensor == "input.floor" || tensor == "input.deviation" || tensor == "output.deviation";
}

/// Errors: Error naming the first value that is not finite, or not above 0 (and normal, so that its inverse
/// is finite) where it must be.
inline void require_sound_values(const std::string& where, std::string_view tensor,
                                 std::span<const float> values) {
  const bool positive = must_be_positive(tensor);
  const auto sound = [positive](float value) {
    return std::isfinite(value) && (!positive || value >= std::numeric_limits<float>::min());
  };
  const auto bad = std::find_if_not(values.begin(), values.end(), sound);
  if (bad != values.end())
    throw Error(where + ", value " + std::to_string(bad - values.begin()),
                positive ? "a finite number above 0" : "a finite number",
                number_text(static_cast<double>(*bad)));
}

/// The values of a tensor in a weights file. Errors: Error when it is missing, has another shape or type, or
/// values that are not finite, or not above 0 where they must be.
inline std::vector<float> values_of_tensor(const SafetensorsFile& file, const std::string& path,
                                           const std::string& name, std::span<const std::size_t> shape) {
  const auto found = std::find_if(file.tensors.begin(), file.tensors.end(),
                                  [&](const Tensor& tensor) { return tensor.name == name; });
  if (found == file.tensors.end()) throw Error(path, "a tensor '" + name + "'", "none");
  const std::string where = path + ", tensor '" + name + "'";
  if (!std::equal(shape.begin(), shape.end(), found->shape.begin(), found->shape.end()))
    throw Error(where, "shape " + shape_text(shape), shape_text(found->shape));
  if (found->dtype != dtype_of<float>()) throw Error(where, dtype_of<float>(), found->dtype);
  std::vector<float> values = tensor_values<float>(*found);
  require_sound_values(where, name, values);
  return values;
}

/// Errors: Error when the description names another number of species or conditions than the constants of a
/// deployed network, if `tensor` is one of these, are for.
inline void require_names(const EmulatorDescription& d, const std::string& path, std::string_view tensor,
                          std::span<const std::size_t> shape) {
  const auto require = [&](std::string_view constant, const std::string& of, std::size_t names) {
    if (tensor == constant && shape[0] != names)
      throw Error(path + ", number of " + of, std::to_string(shape[0]) + " (that of the configuration)",
                  std::to_string(names));
  };
  require("input.floor", "inputs", d.inputs.size());
  require("input.mean", "inputs and conditions", d.inputs.size() + d.conditions.size());
  require("output.mean", "outputs", d.outputs.size());
}

/// Errors: Error when a file has other than `count` tensors beside those of an `Uncertainty`.
inline void require_tensors(const SafetensorsFile& file, const std::string& path, std::size_t count) {
  const auto beside = std::count_if(file.tensors.begin(), file.tensors.end(),
                                    [](const Tensor& tensor) { return is_uncertainty(tensor.name); });
  const std::size_t parts = file.tensors.size() - static_cast<std::size_t>(beside);
  if (count != parts) throw Error(path, std::to_string(count) + " tensors", std::to_string(parts));
}

}  // namespace detail

/// Writes the parameters of `Network`, one named tensor each, and the description.
template <class Network>
void write_weights(const std::string& path, std::span<const float, Network::parameters> parameters,
                   const EmulatorDescription& description) {
  SafetensorsFile file;
  file.metadata["chemnne"] = detail::description_to_json(description).dump(0);
  Network::describe("", 0, [&](const std::string& name, std::size_t offset, const auto& shape) {
    std::size_t count = 1;
    for (const std::size_t extent : shape) count *= extent;
    file.tensors.push_back(
        make_tensor<float>(name, {shape.begin(), shape.end()}, parameters.subspan(offset, count)));
  });
  write_safetensors(path, file);
}

/// Reads the parameters of `Network` from a weights file into `parameters`; returns the description.
///
/// Errors: Error naming both sides when architecture or configuration differ from what this program was
/// compiled for, or when a tensor is missing, has another shape, or is one too many (those of an
/// `Uncertainty` are left to `read_uncertainty`); Error naming the place when the description cannot be
/// (`description_of`) or is of another number of names, a weight is not finite, or a floor or deviation not
/// above 0. Parameters are unspecified after an error; never go on with them.
template <class Network>
EmulatorDescription read_weights(const SafetensorsFile& file, const std::string& path,
                                 const std::string& architecture, const std::string& configuration,
                                 std::span<float, Network::parameters> parameters) {
  EmulatorDescription description = description_of(file, path);
  if (description.architecture != architecture)
    throw Error(path + ", architecture", "'" + architecture + "' (this program's)",
                "'" + description.architecture + "'");
  if (description.configuration != configuration)
    throw Error(path + ", configuration", "'" + configuration + "' (this program's)",
                "'" + description.configuration + "'");
  std::size_t taken = 0;
  Network::describe("", 0, [&](const std::string& name, std::size_t offset, const auto& shape) {
    detail::require_names(description, path, name, shape);
    const std::vector<float> values = detail::values_of_tensor(file, path, name, shape);
    std::copy(values.begin(), values.end(), parameters.begin() + static_cast<std::ptrdiff_t>(offset));
    ++taken;
  });
  detail::require_tensors(file, path, taken);
  return description;
}

/// The same of the file at `path`.
template <class Network>
EmulatorDescription read_weights(const std::string& path, const std::string& architecture,
                                 const std::string& configuration,
                                 std::span<float, Network::parameters> parameters) {
  return read_weights<Network>(read_safetensors(path), path, architecture, configuration, parameters);
}

}  // namespace chemnne
