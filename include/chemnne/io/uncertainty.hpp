#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/io/safetensors.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// Where values lie and how they spread, see SquaredDistance.
struct ValueSpread {
  std::vector<float> mean;       ///< [width]
  std::vector<float> direction;  ///< [width][directions], scaled
  float precision = 1;           ///< inverse variance in the other directions

  friend bool operator==(const ValueSpread&, const ValueSpread&) = default;
};

/// What a weights file may hold beside the weights, as tensors "uncertainty.*": a score of how unusual a cell
/// is, and half-widths of intervals around the predicted state that grow with it.
///
/// With the score u (`CellScore`) the half-width of species s at a nominal coverage is
///
///     w_s(u) = half_width_s max(u, least)^exponent   [decades of number density].
struct Uncertainty {
  ValueSpread input;              ///< of the standardised inputs over the training windows
  ValueSpread code;               ///< of the network's code of them
  float threshold = 0;            ///< score above which a cell counts as uncertain
  float least = 0;                ///< smallest score of the calibration; below, widths fall no further
  float exponent = 0;             ///< of the score in the half-width
  std::vector<float> coverage;    ///< [levels], nominal, rising, in (0, 1)
  std::vector<float> half_width;  ///< [levels][outputs], decades at u = 1; infinite: too few windows

  /// max(u, least)^exponent: what half-widths at u = 1 are multiplied by.
  double growth(float score) const {
    return std::pow(static_cast<double>(std::max(score, least)), static_cast<double>(exponent));
  }
  /// Place of a nominal coverage. Errors: Error naming `source` when there is none.
  std::size_t level(double nominal, const std::string& source) const {
    std::string all;
    for (std::size_t i = 0; i < coverage.size(); ++i) {
      if (std::abs(static_cast<double>(coverage[i]) - nominal) < 1e-6) return i;
      all += (i > 0 ? ", " : "") + number_text(coverage[i]);
    }
    throw Error(source + ", coverage", "one of " + all, number_text(nominal));
  }

  friend bool operator==(const Uncertainty&, const Uncertainty&) = default;
};

/// Tensors of these names are no parameters of a network.
inline bool is_uncertainty(std::string_view tensor) { return tensor.starts_with("uncertainty."); }

namespace detail {
/// The values of the tensor "uncertainty.<name>", which must have this shape.
inline std::vector<float> uncertainty_values(const SafetensorsFile& file, const std::string& path,
                                             const std::string& name, std::vector<std::size_t> shape) {
  for (const Tensor& tensor : file.tensors) {
    if (tensor.name != "uncertainty." + name) continue;
    if (tensor.shape != shape) {
      const auto text = [](const std::vector<std::size_t>& extents) {
        std::string all;
        for (const std::size_t extent : extents) all += (all.empty() ? "" : " x ") + std::to_string(extent);
        return all;
      };
      throw Error(path + ", tensor '" + tensor.name + "'", text(shape), text(tensor.shape));
    }
    return tensor_values<float>(tensor);
  }
  throw Error(path, "a tensor 'uncertainty." + name + "'", "none");
}
}  // namespace detail

/// Sizes that a network asks of its uncertainty.
struct UncertaintySizes {
  std::size_t inputs, input_directions, code, code_directions, outputs;
};

/// The uncertainty in a weights file; nothing when it has none (files of before, networks without
/// calibration).
///
/// Errors: Error when the file is damaged, a part is missing, or shapes are not those of so many inputs, code
/// numbers, directions of either, and outputs.
inline std::optional<Uncertainty> read_uncertainty(const SafetensorsFile& file, const std::string& path,
                                                   const UncertaintySizes& sizes) {
  std::size_t levels = 0;
  bool found = false;
  for (const Tensor& tensor : file.tensors) {
    found = found || is_uncertainty(tensor.name);
    if (tensor.name == "uncertainty.coverage" && tensor.shape.size() == 1) levels = tensor.shape[0];
  }
  if (!found) return std::nullopt;
  const auto values = [&](const std::string& name, std::vector<std::size_t> shape) {
    return detail::uncertainty_values(file, path, name, std::move(shape));
  };
  Uncertainty u;
  const auto spread = [&](const std::string& of, std::size_t width, std::size_t directions) {
    return ValueSpread{values(of + ".mean", {width}), values(of + ".direction", {width, directions}),
                       values(of + ".precision", {1})[0]};
  };
  u.input = spread("input", sizes.inputs, sizes.input_directions);
  u.code = spread("code", sizes.code, sizes.code_directions);
  u.threshold = values("threshold", {1})[0];
  u.least = values("least", {1})[0];
  u.exponent = values("exponent", {1})[0];
  u.coverage = values("coverage", {levels});
  u.half_width = values("half_width", {levels, sizes.outputs});
  return u;
}

/// The same of the file at `path`.
inline std::optional<Uncertainty> read_uncertainty(const std::string& path, const UncertaintySizes& sizes) {
  return read_uncertainty(read_safetensors(path), path, sizes);
}

/// Puts `uncertainty` into the weights file `path`, in the place of what it may have had. Errors: Error when
/// the file cannot be read or written or the sizes of `uncertainty` do not fit each other.
inline void write_uncertainty(const std::string& path, const Uncertainty& uncertainty) {
  SafetensorsFile file = read_safetensors(path);
  std::erase_if(file.tensors, [](const Tensor& tensor) { return is_uncertainty(tensor.name); });
  const auto add = [&file](const std::string& name, std::vector<std::size_t> shape,
                           std::span<const float> values) {
    file.tensors.push_back(make_tensor<float>("uncertainty." + name, std::move(shape), values));
  };
  const auto number = [&add](const std::string& name, const float& value) { add(name, {1}, {&value, 1}); };
  const auto spread = [&](const std::string& of, const ValueSpread& s) {
    const std::size_t width = s.mean.size();
    if (width == 0) throw Error("uncertainty, " + of, "a mean", "none");
    add(of + ".mean", {width}, s.mean);
    add(of + ".direction", {width, s.direction.size() / width}, s.direction);
    number(of + ".precision", s.precision);
  };
  const std::size_t levels = uncertainty.coverage.size();
  if (levels == 0) throw Error("uncertainty", "nominal coverages", "none");
  spread("input", uncertainty.input);
  spread("code", uncertainty.code);
  number("threshold", uncertainty.threshold);
  number("least", uncertainty.least);
  number("exponent", uncertainty.exponent);
  add("coverage", {levels}, uncertainty.coverage);
  add("half_width", {levels, uncertainty.half_width.size() / levels}, uncertainty.half_width);
  write_safetensors(path, file);
}

}  // namespace chemnne
