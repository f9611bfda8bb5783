#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <chemnne/io/json.hpp>
#include <chemnne/io/lumped_species.hpp>
#include <chemnne/io/safetensors.hpp>
#include <chemnne/support/text.hpp>
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
  std::string architecture;                  ///< "chemnne", "mlp"
  std::string configuration;                 ///< `configuration_text` of the model
  std::vector<std::string> inputs;           ///< species given, in order
  std::vector<std::string> outputs;          ///< species predicted, in order
  std::vector<std::string> conditions;       ///< names, in order
  std::vector<std::string> condition_units;  ///< of each condition; species are in molecules cm-3
  std::vector<ValueRange> input_range;       ///< of log10 of each input in the training data
  std::vector<ValueRange> output_range;      ///< of log10 of each output in the training data
  /// Of log10 of each output in the first of the training sets, by which values are standardised: the units
  /// of a min-max RMSE. Empty: output_range.
  std::vector<ValueRange> scale_range = {};
  std::vector<ValueRange> condition_range;       ///< of each condition in the training data
  std::vector<LumpedSpecies> lumped = {};        ///< inputs that are sums of other species
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
  bool checksum = false;  ///< read from a file with a checksum, which was right; every new one has one
};

namespace detail {

inline Json ranges_to_json(const std::vector<ValueRange>& ranges) {
  Json::Array rows;
  for (const ValueRange& range : ranges) rows.push_back(Json(Json::Array{range.minimum, range.maximum}));
  return Json(std::move(rows));
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
  if (!d.scale_range.empty()) json["scale_range_log10"] = ranges_to_json(d.scale_range);
  json["condition_range"] = ranges_to_json(d.condition_range);
  json["output_floor"] = Json(d.output_floor);
  if (!d.lumped.empty()) json["lumped"] = lumps_to_json(d.lumped);
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

/// Reads the members of a description; an error names file and member.
class DescriptionReader {
 public:
  DescriptionReader(const Json& json, const std::string& path) : json_(json), path_(path) {}

  bool has(const char* name) const { return json_.find(name) != nullptr; }
  std::string text(const char* name) const {
    return member(name, [](const Json& value) { return value.string(); });
  }
  bool boolean(const char* name) const {
    return member(name, [](const Json& value) { return value.boolean(); });
  }
  std::vector<std::string> texts(const char* name) const {
    return member(name, [](const Json& value) { return value.strings(); });
  }
  /// Names that tell things apart.
  std::vector<std::string> names(const char* name) const {
    const std::vector<std::string> all = texts(name);
    std::vector<std::string> sorted = all;
    std::sort(sorted.begin(), sorted.end());
    if (!sorted.empty() && sorted.front().empty()) throw Error(where(name), "names", "an empty one");
    const auto twin = std::adjacent_find(sorted.begin(), sorted.end());
    if (twin != sorted.end()) throw Error(where(name), "names that differ", "'" + *twin + "' twice");
    return all;
  }
  /// A number above 0 for each of `of`.
  std::vector<double> positive_numbers(const char* name, const std::vector<std::string>& of) const {
    const std::vector<double> all = member(name, [](const Json& value) { return value.numbers(); });
    require_count(name, all.size(), of.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!(all[i] > 0)) throw Error(where(name, of[i]), "a number above 0", number_text(all[i]));
    return all;
  }
  /// A range for each of `of`, within -largest .. largest.
  std::vector<ValueRange> ranges(const char* name, const std::vector<std::string>& of, double largest) const {
    std::vector<ValueRange> all;
    member(name, [&](const Json& value) {
      for (const Json& row : value.array()) {
        const std::vector<double> pair = row.numbers();
        if (pair.size() != 2)
          throw Error(where(name), "pairs of minimum and maximum", std::to_string(pair.size()) + " numbers");
        all.push_back({pair[0], pair[1]});
      }
    });
    require_count(name, all.size(), of.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!(-largest <= all[i].minimum && all[i].minimum <= all[i].maximum && all[i].maximum <= largest))
        throw Error(where(name, of[i]),
                    "a minimum and a maximum that is not below it, within +-" + number_text(largest),
                    number_text(all[i].minimum) + " and " + number_text(all[i].maximum));
    return all;
  }
  /// Atoms of each of `elements` in a molecule of each of `outputs`.
  std::vector<std::vector<double>> composition(const char* name, const std::vector<std::string>& elements,
                                               const std::vector<std::string>& outputs) const {
    std::vector<std::vector<double>> all;
    member(name, [&](const Json& value) {
      for (const Json& row : value.array()) all.push_back(row.numbers());
    });
    require_count(name, all.size(), elements.size());
    for (std::size_t e = 0; e < all.size(); ++e) {
      const std::string place = where(name, elements[e]);
      if (all[e].size() != outputs.size())
        throw Error(place, std::to_string(outputs.size()) + " counts (an output each)",
                    std::to_string(all[e].size()));
      for (std::size_t i = 0; i < outputs.size(); ++i)
        if (!(all[e][i] >= 0))
          throw Error(place + " in '" + outputs[i] + "'", "atoms from 0 up", number_text(all[e][i]));
      if (*std::max_element(all[e].begin(), all[e].end()) <= 0)
        throw Error(place, "an output that has some", "none");
    }
    return all;
  }
  /// Some of `inputs`, of species that are not.
  std::vector<LumpedSpecies> lumps(const char* name, const std::vector<std::string>& inputs) const {
    const std::vector<LumpedSpecies> all =
        member(name, [](const Json& value) { return lumps_from_json(value); });
    const auto is_input = [&](const std::string& species) {
      return std::find(inputs.begin(), inputs.end(), species) != inputs.end();
    };
    for (const LumpedSpecies& lump : all) {
      if (!is_input(lump.name)) throw Error(where(name), "names of inputs", "'" + lump.name + "'");
      for (const auto& [species, coefficient] : lump.members)
        if (is_input(species))
          throw Error(where(name, lump.name), "species that are no inputs", "'" + species + "'");
    }
    return all;
  }
  std::map<std::string, double> numbers_by_name(const char* name) const {
    std::map<std::string, double> all;
    member(name, [&](const Json& value) {
      for (const auto& [key, number] : value.object_members()) all[key] = number.number();
    });
    return all;
  }
  void require_count(const char* name, std::size_t found, std::size_t expected) const {
    if (found != expected)
      throw Error(where(name), std::to_string(expected) + " values", std::to_string(found));
  }

 private:
  template <class Read>
  std::invoke_result_t<const Read&, const Json&> member(const char* name, const Read& read) const {
    const Json* const found = json_.find(name);
    if (!found) throw Error(path_ + ", description", std::string("a member '") + name + "'", "none");
    return located(where(name), [&] { return read(*found); });
  }
  std::string where(const char* name) const { return path_ + ", " + name; }
  std::string where(const char* name, const std::string& item) const {
    return where(name) + " of '" + item + "'";
  }

  const Json& json_;
  const std::string& path_;
};

inline EmulatorDescription description_from_json(const Json& json, const std::string& path) {
  /// 10^x, twice that, and their inverses are finite.
  constexpr double largest_exponent = 307;
  const DescriptionReader read(json, path);
  if (const std::string format = read.text("format"); format != "chemnne emulator 1")
    throw Error(path, "format 'chemnne emulator 1'", "'" + format + "'");
  EmulatorDescription d;
  d.version = read.text("version");
  d.architecture = read.text("architecture");
  d.configuration = read.text("configuration");
  d.inputs = read.names("inputs");
  d.outputs = read.names("outputs");
  d.conditions = read.names("conditions");
  d.condition_units = read.texts("condition_units");
  read.require_count("condition_units", d.condition_units.size(), d.conditions.size());
  d.input_range = read.ranges("input_range_log10", d.inputs, largest_exponent);
  d.output_range = read.ranges("output_range_log10", d.outputs, largest_exponent);
  if (read.has("scale_range_log10"))
    d.scale_range = read.ranges("scale_range_log10", d.outputs, largest_exponent);
  d.condition_range =
      read.ranges("condition_range", d.conditions, static_cast<double>(std::numeric_limits<float>::max()));
  if (read.has("lumped")) d.lumped = read.lumps("lumped", d.inputs);
  d.output_floor = read.positive_numbers("output_floor", d.outputs);
  if (read.has("elements")) {
    d.elements = read.names("elements");
    d.composition = read.composition("composition", d.elements, d.outputs);
    d.element_exact = read.boolean("element_exact");
  }
  d.mechanism = read.text("mechanism");
  d.fingerprint = read.text("mechanism_fingerprint");
  d.data = read.text("data");
  d.training = read.text("training");
  d.metrics = read.numbers_by_name("metrics");
  return d;
}

}  // namespace detail

/// The description in a weights file. Errors: Error naming the member when the file is not one of ours, or
/// says what cannot be: a range whose minimum is above its maximum or beyond what 10^x or float can hold, a
/// floor that is not above 0, a number of atoms below 0, names that are empty or not told apart, lumped species
/// that are no inputs.
inline EmulatorDescription description_of(const SafetensorsFile& file, const std::string& path) {
  const auto found = file.metadata.find("chemnne");
  if (found == file.metadata.end())
    throw Error(path, "an emulator's weights file (metadata 'chemnne')", "none");
  EmulatorDescription description =
      detail::description_from_json(parse_json(found->second, path + ", metadata"), path);
  description.checksum = file.checksum;
  return description;
}

}  // namespace chemnne
