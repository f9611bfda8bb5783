#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

/// The tensors "uncertainty.*" of a file, with their errors.
class UncertaintyReader {
 public:
  UncertaintyReader(const SafetensorsFile& file, const std::string& path) : file_(file), path_(path) {}

  /// The finite values of "uncertainty.<name>", which must have this shape.
  std::vector<float> values(const std::string& name, std::vector<std::size_t> shape) const {
    return values(name, std::move(shape), "a finite number", [](float v) { return std::isfinite(v); });
  }
  /// The same of values of which valid(value) must hold.
  template <class Valid>
  std::vector<float> values(const std::string& name, std::vector<std::size_t> shape, const char* expected,
                            Valid valid) const {
    const Tensor& tensor = of_name("uncertainty." + name);
    const std::string where = path_ + ", tensor '" + tensor.name + "'";
    if (tensor.shape != shape) throw Error(where, text(shape), text(tensor.shape));
    std::vector<float> found = located(where, [&] { return tensor_values<float>(tensor); });
    for (std::size_t i = 0; i < found.size(); ++i)
      if (!valid(found[i]))
        throw Error(where + ", value " + std::to_string(i), expected,
                    number_text(static_cast<double>(found[i])));
    return found;
  }
  float positive(const std::string& name) const {
    return values(name, {1}, "a finite number above 0", [](float v) { return v > 0 && std::isfinite(v); })[0];
  }

 private:
  const Tensor& of_name(const std::string& name) const {
    for (const Tensor& tensor : file_.tensors)
      if (tensor.name == name) return tensor;
    throw Error(path_, "a tensor '" + name + "'", "none");
  }
  static std::string text(const std::vector<std::size_t>& extents) {
    std::string all;
    for (const std::size_t extent : extents) all += (all.empty() ? "" : " x ") + std::to_string(extent);
    return all;
  }

  const SafetensorsFile& file_;
  const std::string& path_;
};

}  // namespace detail

/// Sizes that a network asks of its uncertainty.
struct UncertaintySizes {
  std::size_t inputs, input_directions, code, code_directions, outputs;
};

/// The uncertainty in a weights file; nothing when it has none (files of before, networks without
/// calibration).
///
/// Errors: Error naming the tensor when a part is missing, shapes are not those of so many inputs, code
/// numbers, directions of either, and outputs, or a value cannot be: one that is not finite, a precision,
/// threshold or least score that is not above 0, an exponent or half-width below 0 (infinite ones may be),
/// coverages that do not rise within (0, 1).
inline std::optional<Uncertainty> read_uncertainty(const SafetensorsFile& file, const std::string& path,
                                                   const UncertaintySizes& sizes) {
  std::size_t levels = 0;
  bool found = false;
  for (const Tensor& tensor : file.tensors) {
    found = found || is_uncertainty(tensor.name);
    if (tensor.name == "uncertainty.coverage" && tensor.shape.size() == 1) levels = tensor.shape[0];
  }
  if (!found) return std::nullopt;
  const detail::UncertaintyReader read(file, path);
  Uncertainty u;
  const auto spread = [&](const std::string& of, std::size_t width, std::size_t directions) {
    return ValueSpread{read.values(of + ".mean", {width}),
                       read.values(of + ".direction", {width, directions}), read.positive(of + ".precision")};
  };
  u.input = spread("input", sizes.inputs, sizes.input_directions);
  u.code = spread("code", sizes.code, sizes.code_directions);
  u.threshold = read.positive("threshold");
  u.least = read.positive("least");
  u.exponent = read.values("exponent", {1}, "a finite number from 0 up",
                           [](float v) { return v >= 0 && std::isfinite(v); })[0];
  u.coverage =
      read.values("coverage", {levels}, "shares that rise within 0 and 1",
                  [before = 0.0f](float v) mutable { return v > std::exchange(before, v) && v < 1; });
  if (levels == 0) throw Error(path + ", tensor 'uncertainty.coverage'", "a level or more", "none");
  u.half_width = read.values("half_width", {levels, sizes.outputs}, "a number from 0 up",
                             [](float v) { return v >= 0; });
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
