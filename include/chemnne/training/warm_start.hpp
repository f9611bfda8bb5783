#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/data/standardisation.hpp>
#include <chemnne/io/weights_file.hpp>
#include <chemnne/model/configuration.hpp>
#include <chemnne/model/network_ends.hpp>
#include <chemnne/model/nodal_model.hpp>
#include <chemnne/training/axis_map.hpp>
#include <chemnne/training/trained_network.hpp>

namespace chemnne {

namespace detail {

/// Errors: Error naming the first member in which two configurations differ, but for their counts of species,
/// conditions and frames: a network knows times, not which of them a data set has.
inline void require_same_but_counts(const std::string& path, const std::string& ours,
                                    const std::string& of_file) {
  std::string_view left = ours, right = of_file;
  const auto take_word = [](std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
  };
  while (!left.empty()) {
    const std::string a = take_word(left), b = take_word(right);
    const std::string name = a.substr(0, a.find('='));
    const bool may_differ = name == "inputs" || name == "outputs" || name == "conditions" || name == "frames";
    if (may_differ ? b.substr(0, b.find('=')) != name : a != b)
      throw Error(path + ", configuration", "'" + a + "' (this program's)", "'" + b + "'");
  }
}

/// The same function of number densities in another standardisation: `block` holds the parameters of
/// Deployed<C, Network>, whose constants become those of `constants`, a block of the same layout.
///
/// With y = (x - m) / d and primes for the new one: an input map becomes W' = W d' / d, b' = b + W (m' - m) /
/// d. Outputs that are changes from a known start become v' = v d / d', others v' = (v d + m - m') / d'; so do
/// levels of production; losses stay.
template <class C, class Network>
void restandardise(std::span<float> block, std::span<const float> constants) {
  using Prepare = Normalise<C::inputs, C::conditions>;
  constexpr std::size_t in = C::inputs + C::conditions, known = NodalTimes<C>::known;
  constexpr std::size_t weights = Prepare::parameters;
  constexpr std::size_t behind = weights + Network::parameters;
  using Constants = ProductionConstants<Network>;
  for (std::size_t i = 0; i < Constants::count; ++i)
    block[weights + Constants::deviation + i] = constants[behind + C::outputs + i];
  if (std::equal(block.begin(), block.begin() + weights, constants.begin()) &&
      std::equal(block.begin() + behind, block.end(), constants.begin() + behind))
    return;
  const auto at = [](std::span<const float> values, std::size_t i) { return static_cast<double>(values[i]); };
  const auto scale = [&](std::size_t i, double factor, double shift = 0) {
    block[i] = static_cast<float>(at(block, i) * factor + shift);
  };
  NetworkEnds<Network>::reading(weights, [&](const EndMap& map) {
    for (std::size_t column = 0; column < map.columns; ++column) {
      double shift = 0;
      for (std::size_t i = 0; i < in; ++i) {
        const std::size_t weight = map.offset + i * map.columns + column, mean = Prepare::mean + i,
                          deviation = Prepare::deviation + i;
        shift += at(block, weight) * (at(constants, mean) - at(block, mean)) / at(block, deviation);
        scale(weight, at(constants, deviation) / at(block, deviation));
      }
      scale(map.offset + map.rows * map.columns + column, 1, shift);
    }
  });
  for (std::size_t i = 0; i < Constants::count; ++i) {
    const std::size_t mean = behind + i, deviation = mean + C::outputs, to = weights + Constants::level + i;
    scale(to, at(block, deviation) / at(constants, deviation),
          (at(block, mean) - at(constants, mean)) / at(constants, deviation));
  }
  bool first = true;  // outputs are sums of what maps write: one of them takes the shift
  NetworkEnds<Network>::writing(weights, [&](const EndMap& map) {
    const std::size_t copies = map.copies * C::outputs, levels = map.levels ? C::outputs - known : 0;
    for (std::size_t column = 0; column < copies + levels; ++column) {
      const std::size_t output = column < copies ? column % C::outputs : known + column - copies;
      const std::size_t mean = behind + output, deviation = mean + C::outputs;
      const double factor = at(block, deviation) / at(constants, deviation);
      const bool constant = map.levels ? column >= copies : output >= known;
      const double shift =
          first && constant ? (at(block, mean) - at(constants, mean)) / at(constants, deviation) : 0;
      for (std::size_t row = 0; row < map.rows; ++row) scale(map.offset + row * map.columns + column, factor);
      scale(map.offset + map.rows * map.columns + column, factor, shift);
    }
    first = false;
  });
  std::copy_n(constants.begin(), weights, block.begin());
  std::copy(constants.begin() + behind, constants.end(), block.begin() + behind);
}

/// What a model's ends and those of a file have in common.
struct CommonAxes {
  AxisMap inputs, conditions, outputs;
  std::size_t known, known_theirs;  ///< outputs that are given

  /// The known outputs once more.
  AxisMap losses() const {
    return {.place = {outputs.place.begin(), outputs.place.begin() + static_cast<std::ptrdiff_t>(known)},
            .extent = known_theirs};
  }
  AxisMap read() const {
    AxisMap both = inputs;
    both.add(conditions);
    return both;
  }
};

/// Errors: Error where a condition that both have has other units.
template <class C>
CommonAxes common_axes(const std::string& path, const Standardisation& ours,
                       const EmulatorDescription& theirs) {
  const std::span<const std::string> species(ours.species);
  CommonAxes axes{
      .inputs = match_names(species.first(C::inputs), theirs.inputs),
      .conditions = match_names(ours.condition_name, theirs.conditions),
      .outputs = {},
      .known = NodalTimes<C>::known,
      .known_theirs = C::exact_identity ? std::min(theirs.inputs.size(), theirs.outputs.size()) : 0};
  axes.outputs = match_names(species.first(C::outputs), theirs.outputs, axes.known, axes.known_theirs);
  for (std::size_t k = 0; k < C::conditions; ++k)
    if (const std::size_t place = axes.conditions.place[k];
        place != AxisMap::absent && theirs.condition_units.at(place) != ours.condition_units[k])
      throw Error(path + ", condition " + ours.condition_name[k], "'" + ours.condition_units[k] + "'",
                  "'" + theirs.condition_units[place] + "'");
  return axes;
}

/// The axes of tensors [rows, columns] that run over species or conditions, by the tensors' offsets; all
/// others are the file's.
struct TensorAxes {
  std::map<std::size_t, AxisMap> rows, columns;

  static AxisMap at(const std::map<std::size_t, AxisMap>& maps, std::size_t offset, std::size_t extent) {
    if (const auto found = maps.find(offset); found != maps.end()) return found->second;
    AxisMap all;
    all.keep(extent);
    return all;
  }
};

template <class Model>
TensorAxes tensor_axes(const CommonAxes& axes) {
  using C = typename Model::Configuration;
  using Network = Deployed<C, typename Model::Trajectory>;
  using Prepare = Normalise<C::inputs, C::conditions>;
  constexpr std::size_t in = C::inputs + C::conditions, first = Prepare::parameters;
  const AxisMap read = axes.read();
  TensorAxes of;
  if (read.same() && axes.outputs.same()) return of;
  of.columns[0] = axes.inputs;
  of.columns[Prepare::mean] = of.columns[Prepare::deviation] = read;
  of.columns[Network::parameters - 2 * C::outputs] = of.columns[Network::parameters - C::outputs] =
      axes.outputs;
  NetworkEnds<typename Model::Trajectory>::reading(first, [&](const EndMap& map) {
    AxisMap& axis = of.rows[map.offset] = read;
    axis.keep(map.rows - in);
  });
  NetworkEnds<typename Model::Trajectory>::writing(first, [&](const EndMap& map) {
    AxisMap axis;
    for (std::size_t copy = 0; copy < map.copies; ++copy) axis.add(axes.outputs);
    if (map.levels) axis.add(axes.outputs, axes.known, axes.known_theirs);
    if (map.losses > 0) axis.add(axes.losses());
    axis.keep(map.columns - axis.place.size());
    of.columns[map.offset] = of.columns[map.offset + map.rows * map.columns] = std::move(axis);
  });
  using Constants = ProductionConstants<typename Model::Trajectory>;
  if (Constants::count > 0)
    of.columns[first + Constants::level] = of.columns[first + Constants::deviation] = axes.losses();
  return of;
}

/// A tensor of this model from that of the file: rows that are new are 0, columns that are new stay as they
/// are.
inline void take_tensor(const std::vector<float>& values, const AxisMap& row, const AxisMap& column,
                        float* to) {
  for (const std::size_t r : row.place)
    for (const std::size_t c : column.place) {
      if (r == AxisMap::absent)
        *to = 0;
      else if (c != AxisMap::absent)
        *to = values[r * column.extent + c];
      ++to;
    }
}

/// All tensors of the file into `block`, the parameters of the deployed network.
template <class Network>
void take_tensors(const SafetensorsFile& file, const std::string& path, const TensorAxes& axes,
                  std::span<float> block) {
  std::size_t taken = 0;
  Network::describe("", 0, [&](const std::string& name, std::size_t offset, const auto& shape) {
    std::vector<std::size_t> expected(shape.begin(), shape.end());
    const std::size_t leading = expected.size() == 2 ? expected[0] : 1;
    const std::size_t size =
        std::accumulate(expected.begin(), expected.end(), std::size_t{1}, std::multiplies<>());
    const AxisMap row = TensorAxes::at(axes.rows, offset, leading),
                  column = TensorAxes::at(axes.columns, offset, size / leading);
    if (expected.size() == 2) expected[0] = row.extent;
    if (expected.size() <= 2) expected.back() = column.extent;
    take_tensor(values_of_tensor(file, path, name, expected), row, column, block.data() + offset);
    ++taken;
  });
  require_tensors(file, path, taken);
}

}  // namespace detail

/// Starts a training of `Model` in the standardisation `ours` from the weights in `path`, of the same model
/// for this or another set of species and conditions. Returns a sentence on what they have in common.
///
/// Whatever runs over species or conditions is mapped by name, all else is copied. `weights` come initialised
/// and keep that for outputs that are new; inputs that are new have weight 0 at first, inputs that are gone
/// count as at their mean in the file. So where the new inputs contain the old ones and number densities lie
/// above both floors, common species are predicted as by the file, whatever the two standardisations, to the
/// rounding of float. An output that is given in one set of inputs and not in the other counts as new.
///
/// Errors: Error when the file is of another architecture, a tensor's shape differs in another axis than
/// these (the first such tensor), the configuration differs in what shapes do not show, a condition has
/// other units, or an end of the network is not known to NetworkEnds.
template <class Model>
std::string warm_start(const std::string& path, const Standardisation& ours,
                       std::span<float, Model::Trajectory::parameters> weights) {
  using C = typename Model::Configuration;
  const SafetensorsFile file = read_safetensors(path);
  const EmulatorDescription theirs = description_of(file, path);
  if (theirs.architecture != Model::architecture)
    throw Error(path + ", architecture", std::string("'") + Model::architecture + "' (this model's)",
                "'" + theirs.architecture + "'");
  const detail::CommonAxes axes = detail::common_axes<C>(path, ours, theirs);
  Buffer<float> block = deployed_parameters<Model>(ours, weights);
  detail::take_tensors<Deployed<C, typename Model::Trajectory>>(file, path, detail::tensor_axes<Model>(axes),
                                                                block.span());
  detail::require_same_but_counts(path, configuration_text<C>(), theirs.configuration);
  const Buffer<float> constants = deployed_parameters<Model>(ours, weights);
  detail::restandardise<C, typename Model::Trajectory>(block.span(), constants.span());
  std::copy_n(block.data() + Normalise<C::inputs, C::conditions>::parameters, weights.size(), weights.data());
  const std::span<const std::string> species(ours.species);
  return path + ": inputs " + match_text(axes.inputs, species.first(C::inputs), theirs.inputs) +
         "; outputs " + match_text(axes.outputs, species.first(C::outputs), theirs.outputs) +
         "; conditions " + match_text(axes.conditions, ours.condition_name, theirs.conditions);
}

}  // namespace chemnne
