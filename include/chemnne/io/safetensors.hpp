#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <chemnne/io/atomic_file.hpp>
#include <chemnne/io/checksum.hpp>
#include <chemnne/io/json.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

static_assert(std::endian::native == std::endian::little,
              "safetensors data are little-endian, as this machine must be");

/// A named array of a safetensors file, row-major.
struct Tensor {
  std::string name;
  std::string dtype;               ///< "F32", "F64", "I64"; other types of the format are carried as bytes
  std::vector<std::size_t> shape;  ///< empty: a single number
  std::vector<std::byte> data;     ///< little-endian, size of dtype x product of shape

  friend bool operator==(const Tensor&, const Tensor&) = default;
};

/// The content of a safetensors file: tensors in the order of their data, and text metadata.
struct SafetensorsFile {
  std::vector<Tensor> tensors;
  std::map<std::string, std::string> metadata;  ///< but for the checksum
  bool checksum = false;                        ///< read from bytes with a checksum, which was right

  /// The tensor `name`. Errors: Error when there is none.
  const Tensor& at(std::string_view name) const {
    for (const Tensor& tensor : tensors)
      if (tensor.name == name) return tensor;
    throw Error("safetensors", "a tensor '" + std::string(name) + "'", "none");
  }
};

/// The dtype's name of a C++ type.
template <class T>
constexpr const char* dtype_of() {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int64_t>,
                "a tensor of a weights file holds float, double or std::int64_t");
  if constexpr (std::is_same_v<T, float>) return "F32";
  if constexpr (std::is_same_v<T, double>) return "F64";
  return "I64";
}

/// `values`, row-major in `shape`, as a tensor. Errors: Error when shape and count of values differ.
template <class T>
Tensor make_tensor(std::string name, std::vector<std::size_t> shape, std::span<const T> values) {
  std::size_t count = 1;
  for (const std::size_t extent : shape) count *= extent;
  if (count != values.size())
    throw Error("tensor '" + name + "'", std::to_string(count) + " values", std::to_string(values.size()));
  const auto bytes = std::as_bytes(values);
  return {std::move(name), dtype_of<T>(), std::move(shape), {bytes.begin(), bytes.end()}};
}

/// The values of `tensor`. Errors: Error when its dtype is not that of `T`.
template <class T>
std::vector<T> tensor_values(const Tensor& tensor) {
  if (tensor.dtype != dtype_of<T>())
    throw Error("tensor '" + tensor.name + "'", std::string("dtype ") + dtype_of<T>(), tensor.dtype);
  std::vector<T> values(tensor.data.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), tensor.data.data(), values.size() * sizeof(T));
  return values;
}

namespace detail {

/// Bytes an element of `dtype` takes; 0: not a dtype of the format.
inline std::size_t dtype_size(std::string_view dtype) {
  static constexpr std::pair<std::string_view, std::size_t> sizes[] = {
      {"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"I64", 8}, {"I32", 4}, {"I16", 2},
      {"I8", 1},  {"U64", 8}, {"U32", 4}, {"U16", 2},  {"U8", 1},  {"BOOL", 1}};
  for (const auto& [name, size] : sizes)
    if (name == dtype) return size;
  return 0;
}

/// Bytes of a tensor. Errors: Error for an unknown dtype or when the number exceeds std::size_t.
inline std::size_t tensor_bytes(const std::string& where, const std::string& dtype,
                                const std::vector<std::size_t>& shape) {
  std::size_t bytes = dtype_size(dtype);
  if (bytes == 0) throw Error(where, "a dtype of the format", dtype);
  if (std::find(shape.begin(), shape.end(), 0u) != shape.end()) return 0;
  for (const std::size_t extent : shape) {
    if (bytes > std::numeric_limits<std::size_t>::max() / extent)
      throw Error(where, "a size that fits in memory", "a greater one");
    bytes *= extent;
  }
  return bytes;
}

/// One entry of the header with its place in the data.
struct TensorEntry {
  Tensor tensor;
  std::size_t begin;
  std::size_t end;
};

inline TensorEntry read_tensor_entry(const std::string& where, const Json::Member& member,
                                     std::size_t data_size) {
  TensorEntry entry{{member.name, member.value.at("dtype").string(), {}, {}}, 0, 0};
  for (const Json& extent : member.value.at("shape").array()) entry.tensor.shape.push_back(extent.count());
  const Json::Array& offsets = member.value.at("data_offsets").array();
  if (member.value.object_members().size() != 3 || offsets.size() != 2)
    throw Error(where, "dtype, shape and two data_offsets", member.value.dump(0));
  entry.begin = offsets[0].count();
  entry.end = offsets[1].count();
  if (entry.begin > entry.end || entry.end > data_size)
    throw Error(where, "data within the file's " + std::to_string(data_size) + " bytes",
                "data_offsets " + offsets[0].dump() + " to " + offsets[1].dump());
  const std::size_t bytes = tensor_bytes(where, entry.tensor.dtype, entry.tensor.shape);
  if (bytes != entry.end - entry.begin)
    throw Error(where, std::to_string(bytes) + " bytes for its dtype and shape",
                std::to_string(entry.end - entry.begin));
  return entry;
}

/// Sorts the entries by place and refuses holes and overlaps.
inline void check_places(const std::string& source, std::vector<TensorEntry>& entries,
                         std::size_t data_size) {
  std::stable_sort(entries.begin(), entries.end(), [](const TensorEntry& a, const TensorEntry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::size_t place = 0;
  for (const TensorEntry& entry : entries) {
    if (entry.begin != place)
      throw Error(source + ", tensor '" + entry.tensor.name + "'", "data from byte " + std::to_string(place),
                  entry.begin < place ? "an overlap" : "a hole before byte " + std::to_string(entry.begin));
    place = entry.end;
  }
  if (place != data_size)
    throw Error(source, std::to_string(place) + " bytes of data", std::to_string(data_size));
}

/// Where the header begins: behind its length.
inline constexpr std::size_t header_begin = sizeof(std::uint64_t);

/// The header's JSON text at the start of `bytes`. Errors: Error when it is cut short or of no sane length.
inline std::string_view safetensors_header(std::string_view bytes, const std::string& source) {
  if (bytes.size() < header_begin)
    throw Error(source, "a header length of 8 bytes", std::to_string(bytes.size()) + " bytes");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > bytes.size() - header_begin)
    throw Error(
        source, "a header of " + std::to_string(length) + " bytes",
        "a file that ends after " + std::to_string(bytes.size()) + " (truncated or no safetensors file)");
  const std::string_view header = bytes.substr(header_begin, static_cast<std::size_t>(length));
  if (header.empty() || header.front() != '{')
    throw Error(source, "a header that begins with '{'", "another");
  return header;
}

/// Runs `read` and puts `where` before the place of an error of the JSON inside.
template <class Read>
auto located(const std::string& where, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    if (error.where().starts_with(where)) throw;
    throw Error(where + ", " + error.where(), error.expected(), error.found());
  }
}

}  // namespace detail

/// Reads the bytes of a safetensors file; `source` names it in errors. A file without a checksum, of before
/// or of another program, is taken as it is.
///
/// Errors: Error when the file has a checksum (io/checksum.hpp) that is not that of its bytes; Error naming
/// source and tensor when the header is no JSON of the format, a tensor's size is not that of its dtype and
/// shape, data overlap, leave holes, end early or late, or a name comes twice.
/// Source: the format's description in huggingface/safetensors, README.
inline SafetensorsFile parse_safetensors(std::string_view bytes, const std::string& source) {
  const std::string_view text = detail::safetensors_header(bytes, source);
  const std::optional<std::size_t> digits = detail::checksum_place(text, source);
  if (digits) detail::check_checksum(bytes, detail::header_begin + *digits, source);
  const std::string_view data = bytes.substr(detail::header_begin + text.size());
  const Json header = parse_json(text, source + ", header");
  SafetensorsFile file;
  file.checksum = digits.has_value();
  std::vector<detail::TensorEntry> entries;
  for (const Json::Member& member : header.object_members()) {
    if (member.name == "__metadata__") {
      detail::located(source + ", metadata", [&] {
        for (const Json::Member& item : member.value.object_members())
          if (item.name != detail::checksum_name) file.metadata.emplace(item.name, item.value.string());
      });
    } else {
      const std::string where = source + ", tensor '" + member.name + "'";
      entries.push_back(
          detail::located(where, [&] { return detail::read_tensor_entry(where, member, data.size()); }));
    }
  }
  detail::check_places(source, entries, data.size());
  for (detail::TensorEntry& entry : entries) {
    const auto part = std::as_bytes(std::span(data)).subspan(entry.begin, entry.end - entry.begin);
    entry.tensor.data.assign(part.begin(), part.end());
    file.tensors.push_back(std::move(entry.tensor));
  }
  return file;
}

/// Reads the safetensors file at `path`. Errors: as parse_safetensors, and when it cannot be opened.
inline SafetensorsFile read_safetensors(const std::string& path) {
  return parse_safetensors(read_bytes(path), path);
}

/// The bytes of `file` with their checksum: data in the order of the tensors, the header padded so that data
/// begin at a multiple of 8 bytes. Errors: Error naming the tensor when its bytes do not fit its dtype and
/// shape or its name comes twice or is reserved.
inline std::string safetensors_bytes(const SafetensorsFile& file, const std::string& source = "safetensors") {
  Json header = Json::object();
  Json& metadata = header["__metadata__"];
  metadata[detail::checksum_name] = std::string(detail::checksum_text).append(detail::checksum_blank);
  for (const auto& [name, value] : file.metadata) {
    if (name == detail::checksum_name) throw Error(source + ", metadata", "other names than " + name, name);
    metadata[name] = value;
  }
  std::size_t place = 0;
  for (const Tensor& tensor : file.tensors) {
    const std::string where = source + ", tensor '" + tensor.name + "'";
    if (header.find(tensor.name)) throw Error(where, "a name of its own", "one in use");
    const std::size_t bytes = detail::tensor_bytes(where, tensor.dtype, tensor.shape);
    if (bytes != tensor.data.size())
      throw Error(where, std::to_string(bytes) + " bytes", std::to_string(tensor.data.size()));
    Json& entry = header[tensor.name];
    entry["dtype"] = tensor.dtype;
    entry["shape"] = tensor.shape;
    entry["data_offsets"] = Json::Array{place, place + bytes};
    place += bytes;
  }
  std::string text = header.dump(0);
  text.append((8 - text.size() % 8) % 8, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(detail::header_begin, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  bytes.reserve(bytes.size() + text.size() + place);
  bytes += text;
  for (const Tensor& tensor : file.tensors)
    bytes.append(reinterpret_cast<const char*>(tensor.data.data()), tensor.data.size());
  const std::size_t digits = detail::header_begin + detail::checksum_place(text, source).value();
  const std::string sum = detail::checksum_digits(bytes, digits);
  return bytes.replace(digits, sum.size(), sum);
}

/// Writes `file` to `path` at once (temporary file and rename): a crash leaves the old file or the new one.
/// Errors: as safetensors_bytes, and when the file cannot be written.
inline void write_safetensors(const std::string& path, const SafetensorsFile& file) {
  write_file_atomically(path, safetensors_bytes(file, path));
}

}  // namespace chemnne
