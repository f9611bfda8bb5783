#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/io/json.hpp>
#include <chemnne/io/safetensors.hpp>
#include <chemnne/io/uncertainty.hpp>
#include <chemnne/support/version.hpp>

namespace chemnne {

/// A smallest and a largest value.
struct ValueRange {
  double minimum = 0;
  double maximum = 0;
};

/// What a weights file says beside its tensors: enough to use the emulator right, or to see that one must
/// not.
struct EmulatorDescription {
  std::string architecture;                      ///< "chemnne", "mlp"
  std::string configuration;                     ///< `configuration_text` of the model
  std::vector<std::string> inputs;               ///< species given, in order
  std::vector<std::string> outputs;              ///< species predicted, in order
  std::vector<std::string> conditions;           ///< names, in order
  std::vector<std::string> condition_units;      ///< of each condition; species are in molecules cm-3
  std::vector<ValueRange> input_range;           ///< of log10 of each input in the training data
  std::vector<ValueRange> output_range;          ///< of log10 of each output in the training data
  std::vector<ValueRange> condition_range;       ///< of each condition in the training data
  std::vector<double> output_floor;              ///< molecules cm-3, below which an output counts as absent
  std::vector<std::string> elements;             ///< whose totals over the outputs the chemistry conserves
  std::vector<std::vector<double>> composition;  ///< of each of these, its atoms in a molecule of each output
  bool element_exact = false;                    ///< trained with these totals exact; in use they always are
  std::string mechanism;                         ///< name
  std::string fingerprint;                       ///< of the mechanism
  std::string data;                              ///< the training data: file and what its attributes say
  std::string training;                          ///< options and length of the training
  std::map<std::string, double> metrics;         ///< e.g. validation_rmse_standardised
  std::string version = std::string(chemnne::version);  ///< of chemnne
};

namespace detail {

inline Json ranges_to_json(const std::vector<ValueRange>& ranges) {
  Json::Array rows;
  for (const ValueRange& range : ranges) rows.push_back(Json(Json::Array{range.minimum, range.maximum}));
  return Json(std::move(rows));
}

inline std::vector<ValueRange> ranges_from_json(const Json& json, const std::string& where,
                                                std::size_t count) {
  std::vector<ValueRange> ranges;
  for (const Json& row : json.array()) {
    const std::vector<double> pair = row.numbers();
    if (pair.size() != 2)
      throw Error(where, "pairs of minimum and maximum", std::to_string(pair.size()) + " numbers");
    ranges.push_back({pair[0], pair[1]});
  }
  if (ranges.size() != count)
    throw Error(where, std::to_string(count) + " ranges", std::to_string(ranges.size()));
  return ranges;
}

inline Json description_to_json(const EmulatorDescription& d) {
  Json json = Json::object();
  json["format"] = "chemnne emulator 1";
  json["version"] = d.version;
  json["architecture"] = d.architecture;
  json["configuration"] = d.configuration;
  json["inputs"] = Json(d.inputs);
  json["outputs"] = Json(d.outputs);
  json["species_units"] = "molecules cm-3";
  json["conditions"] = Json(d.conditions);
  json["condition_units"] = Json(d.condition_units);
  json["input_range_log10"] = ranges_to_json(d.input_range);
  json["output_range_log10"] = ranges_to_json(d.output_range);
  json["condition_range"] = ranges_to_json(d.condition_range);
  json["output_floor"] = Json(d.output_floor);
  if (!d.elements.empty()) {  // where they are not known there are no such members
    json["elements"] = Json(d.elements);
    Json::Array rows;
    for (const std::vector<double>& row : d.composition) rows.push_back(Json(row));
    json["composition"] = Json(std::move(rows));
    json["element_exact"] = d.element_exact;
  }
  json["mechanism"] = d.mechanism;
  json["mechanism_fingerprint"] = d.fingerprint;
  json["data"] = d.data;
  json["training"] = d.training;
  Json metrics = Json::object();
  for (const auto& [name, value] : d.metrics) metrics[name] = value;
  json["metrics"] = std::move(metrics);
  return json;
}

inline EmulatorDescription description_from_json(const Json& json, const std::string& path) {
  const auto member = [&](const char* name) -> const Json& {
    const Json* const found = json.find(name);
    if (!found) throw Error(path + ", description", std::string("a member '") + name + "'", "none");
    return *found;
  };
  if (member("format").string() != "chemnne emulator 1")
    throw Error(path, "format 'chemnne emulator 1'", "'" + member("format").string() + "'");
  const auto same_count = [&](const std::string& name, std::size_t found, std::size_t expected) {
    if (found != expected)
      throw Error(path + ", " + name, std::to_string(expected) + " values", std::to_string(found));
  };
  EmulatorDescription d;
  d.version = member("version").string();
  d.architecture = member("architecture").string();
  d.configuration = member("configuration").string();
  d.inputs = member("inputs").strings();
  d.outputs = member("outputs").strings();
  d.conditions = member("conditions").strings();
  d.condition_units = member("condition_units").strings();
  same_count("condition_units", d.condition_units.size(), d.conditions.size());
  d.input_range =
      ranges_from_json(member("input_range_log10"), path + ", input_range_log10", d.inputs.size());
  d.output_range =
      ranges_from_json(member("output_range_log10"), path + ", output_range_log10", d.outputs.size());
  d.condition_range =
      ranges_from_json(member("condition_range"), path + ", condition_range", d.conditions.size());
  d.output_floor = member("output_floor").numbers();
  same_count("output_floor", d.output_floor.size(), d.outputs.size());
  if (json.find("elements")) {
    d.elements = member("elements").strings();
    for (const Json& row : member("composition").array()) d.composition.push_back(row.numbers());
    const bool fits = d.composition.size() == d.elements.size() &&
                      std::all_of(d.composition.begin(), d.composition.end(),
                                  [&](const auto& row) { return row.size() == d.outputs.size(); });
    if (!fits) throw Error(path + ", composition", "a count for each element and output", "others");
    d.element_exact = member("element_exact").boolean();
  }
  d.mechanism = member("mechanism").string();
  d.fingerprint = member("mechanism_fingerprint").string();
  d.data = member("data").string();
  d.training = member("training").string();
  for (const auto& [name, value] : member("metrics").object_members()) d.metrics[name] = value.number();
  return d;
}

inline std::string shape_text(std::span<const std::size_t> shape) {
  std::string text = "[";
  for (const std::size_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

/// The values of a tensor in a weights file. Errors: Error when it is missing, or has another shape or type.
inline std::vector<float> values_of_tensor(const SafetensorsFile& file, const std::string& path,
                                           const std::string& name, std::span<const std::size_t> shape) {
  const auto found = std::find_if(file.tensors.begin(), file.tensors.end(),
                                  [&](const Tensor& tensor) { return tensor.name == name; });
  if (found == file.tensors.end()) throw Error(path, "a tensor '" + name + "'", "none");
  const std::string where = path + ", tensor '" + name + "'";
  if (!std::equal(shape.begin(), shape.end(), found->shape.begin(), found->shape.end()))
    throw Error(where, "shape " + shape_text(shape), shape_text(found->shape));
  if (found->dtype != dtype_of<float>()) throw Error(where, dtype_of<float>(), found->dtype);
  return tensor_values<float>(*found);
}

/// Errors: Error when a file has other than `count` tensors beside those of an `Uncertainty`.
inline void require_tensors(const SafetensorsFile& file, const std::string& path, std::size_t count) {
  const auto beside = std::count_if(file.tensors.begin(), file.tensors.end(),
                                    [](const Tensor& tensor) { return is_uncertainty(tensor.name); });
  const std::size_t parts = file.tensors.size() - static_cast<std::size_t>(beside);
  if (count != parts) throw Error(path, std::to_string(count) + " tensors", std::to_string(parts));
}

}  // namespace detail

/// The description in a weights file. Errors: Error when the file is damaged or not one of ours.
inline EmulatorDescription description_of(const SafetensorsFile& file, const std::string& path) {
  const auto found = file.metadata.find("chemnne");
  if (found == file.metadata.end())
    throw Error(path, "an emulator's weights file (metadata 'chemnne')", "none");
  return detail::description_from_json(parse_json(found->second, path + ", metadata"), path);
}

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
/// `Uncertainty` are left to `read_uncertainty`). Parameters are unspecified after an error; never go on with
/// them.
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
