#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <netcdf.h>
#include <netcdf_mem.h>
#include <sys/stat.h>

#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// A NetCDF file of which each failing call is an Error that names the file and the variable.
///
/// Shapes: a variable is read and written whole, flat, row-major (last dimension fastest). Numbers are
/// converted between the type in the file and the vector's. Not for use from several threads at once (nor is
/// NetCDF-C).
class NetcdfFile {
 public:
  /// Opens for reading. Errors: Error with NetCDF's reason (missing, truncated, not NetCDF).
  static NetcdfFile open(const std::string& path) {
    int id = -1;
    check(nc_open(path.c_str(), NC_NOWRITE, &id), path);
    return {id, path};
  }
  /// Creates an empty NetCDF-4 file, replacing what is there.
  static NetcdfFile create(const std::string& path) {
    int id = -1;
    check(nc_create(path.c_str(), NC_NETCDF4 | NC_CLOBBER, &id), path);
    return {id, path};
  }
  /// Puts the NetCDF-4 file that fill(file) defines and writes at `path` at once, as write_file_atomically
  /// does.
  ///
  /// It is made in memory: on a disk that is full HDF5 cannot close a file, and ends the process by a fault
  /// when it exits.
  template <class Fill>
  static void make(const std::string& path, const Fill& fill) {
    int id = -1;
    check(nc_create_mem(path.c_str(), NC_NETCDF4, 0, &id), path);
    NetcdfFile file(id, path);
    fill(file);
    NC_memio content{};
    check(nc_close_memio(std::exchange(file.id_, -1), &content), path);
    const std::unique_ptr<void, decltype(&std::free)> memory(content.memory, &std::free);
    write_file_atomically(path, {static_cast<const char*>(content.memory), content.size});
  }
  NetcdfFile(NetcdfFile&& other) noexcept
      : id_(std::exchange(other.id_, -1)), path_(std::move(other.path_)) {}
  NetcdfFile& operator=(NetcdfFile&&) = delete;
  ~NetcdfFile() {
    if (id_ >= 0) nc_close(id_);
  }

  /// Closes and reports what writing to the disk made of it; the destructor cannot.
  void close() { check(nc_close(std::exchange(id_, -1)), path_); }

  /// Whether there is a variable of that name.
  bool has(const std::string& name) const {
    int variable = 0;
    return nc_inq_varid(id_, name.c_str(), &variable) == NC_NOERR;
  }

  /// Length of a dimension. Errors: Error when the file has none of that name.
  std::size_t dimension(const std::string& name) const {
    int dimension_id = 0;
    std::size_t length = 0;
    check(nc_inq_dimid(id_, name.c_str(), &dimension_id), path_ + ": dimension " + name);
    check(nc_inq_dimlen(id_, dimension_id, &length), path_ + ": dimension " + name);
    return length;
  }

  void define_dimension(const std::string& name, std::size_t length) {
    int dimension_id = 0;
    if (length == 0) throw Error(path_ + ": dimension " + name, "a length above zero", "0");
    check(nc_def_dim(id_, name.c_str(), length, &dimension_id), path_ + ": dimension " + name);
  }

  /// Reads a variable whose dimensions must be exactly `dimensions`, in that order. Errors: Error, before
  /// memory is taken, when it has more values than the file can hold.
  template <class Value>
  std::vector<Value> read(const std::string& name, const std::vector<const char*>& dimensions) const {
    const int variable = find(name, dimensions);
    std::vector<Value> values = room_for<Value>(name, variable);
    if constexpr (std::is_same_v<Value, std::string>) {
      std::vector<char*> words(values.size(), nullptr);
      check(nc_get_var_string(id_, variable, words.data()), where(name));
      std::transform(words.begin(), words.end(), values.begin(), text_of);
      check(nc_free_string(words.size(), words.data()), where(name));
    } else if constexpr (std::is_same_v<Value, int>) {
      check(nc_get_var_int(id_, variable, values.data()), where(name));
    } else if constexpr (std::is_same_v<Value, float>) {
      check(nc_get_var_float(id_, variable, values.data()), where(name));
    } else {
      static_assert(std::is_same_v<Value, double>, "NetcdfFile reads std::string, int, float and double");
      check(nc_get_var_double(id_, variable, values.data()), where(name));
    }
    return values;
  }

  /// Defines a variable of the given NetCDF type and returns its identifier. A `chunk` (one length a
  /// dimension) makes it compressed (shuffle and deflate 2).
  int define_variable(const std::string& name, nc_type type, const std::vector<const char*>& dimensions,
                      std::span<const std::size_t> chunk = {}) {
    std::vector<int> identifiers;
    for (const char* const dimension : dimensions) {
      identifiers.push_back(0);
      check(nc_inq_dimid(id_, dimension, &identifiers.back()), where(name));
    }
    int variable = 0;
    check(nc_def_var(id_, name.c_str(), type, static_cast<int>(identifiers.size()), identifiers.data(),
                     &variable),
          where(name));
    if (!chunk.empty()) {
      check(nc_def_var_chunking(id_, variable, NC_CHUNKED, chunk.data()), where(name));
      check(nc_def_var_deflate(id_, variable, 1, 1, 2), where(name));
    }
    return variable;
  }

  /// Writes all values of a variable. Errors: Error when their number is not the product of its dimensions.
  template <class Value>
  void write(const std::string& name, std::span<const Value> values) {
    const int variable = identifier(name);
    require_count(name, variable, values.size());
    if constexpr (std::is_same_v<Value, std::string>) {
      std::vector<const char*> words;
      for (const std::string& value : values) words.push_back(value.c_str());
      check(nc_put_var_string(id_, variable, words.data()), where(name));
    } else if constexpr (std::is_same_v<Value, int>) {
      check(nc_put_var_int(id_, variable, values.data()), where(name));
    } else if constexpr (std::is_same_v<Value, float>) {
      check(nc_put_var_float(id_, variable, values.data()), where(name));
    } else {
      static_assert(std::is_same_v<Value, double>, "NetcdfFile writes std::string, int, float and double");
      check(nc_put_var_double(id_, variable, values.data()), where(name));
    }
  }

  /// A text attribute of a variable (its identifier) or of the file (NC_GLOBAL).
  void write_attribute(int variable, const std::string& name, const std::string& text) {
    check(nc_put_att_text(id_, variable, name.c_str(), text.size(), text.c_str()),
          path_ + ": attribute " + name);
  }

  /// All attributes of the file as text; numbers are joined by ", ".
  std::map<std::string, std::string> attributes() const {
    int number = 0;
    check(nc_inq_natts(id_, &number), path_);
    std::map<std::string, std::string> found;
    for (int index = 0; index < number; ++index) {
      char name[NC_MAX_NAME + 1] = {};
      check(nc_inq_attname(id_, NC_GLOBAL, index, name), path_);
      found[name] = attribute_text(name);
    }
    return found;
  }

 private:
  NetcdfFile(int id, std::string path) : id_(id), path_(std::move(path)) {}

  static void check(int code, const std::string& where) {
    if (code != NC_NOERR) throw Error(where, "a NetCDF call to succeed", nc_strerror(code));
  }

  std::string where(const std::string& variable) const { return path_ + ": variable " + variable; }

  int identifier(const std::string& name) const {
    int variable = 0;
    check(nc_inq_varid(id_, name.c_str(), &variable), where(name));
    return variable;
  }

  /// Values of a variable. Errors: Error when their number is none that a computer can count.
  std::size_t count(const std::string& name, int variable) const {
    std::size_t product = 1;
    for (const int id : shape(name, variable)) {
      std::size_t length = 0;
      check(nc_inq_dimlen(id_, id, &length), where(name));
      if (length > 0 && product > std::numeric_limits<std::size_t>::max() / length)
        throw Error(where(name), "a number of values that fits into memory", "dimensions beyond it");
      product *= length;
    }
    return product;
  }

  /// Dimensions cost nothing: a small file can claim more values than any memory has. Written values are
  /// compressed by deflate to a 1032nd at most (zlib.net/zlib_tech.html), which bounds what can be there.
  template <class Value>
  std::vector<Value> room_for(const std::string& name, int variable) const {
    const std::size_t values = count(name, variable);
    nc_type type = NC_NAT;
    std::size_t bytes = 0;
    check(nc_inq_vartype(id_, variable, &type), where(name));
    check(nc_inq_type(id_, type, nullptr, &bytes), where(name));
    struct stat file {};
    const bool local = stat(path_.c_str(), &file) == 0;  // else an address that NetCDF reads from
    constexpr std::size_t deflate = 1032;
    if (local && values / deflate > static_cast<std::size_t>(file.st_size) / std::max<std::size_t>(bytes, 1))
      throw Error(where(name), "values that the file can hold",
                  std::to_string(values) + " in " + std::to_string(file.st_size) + " bytes");
    try {
      return std::vector<Value>(values);
    } catch (const std::exception&) {  // bad_alloc, length_error
      throw Error(where(name), "a number of values that fits into memory", std::to_string(values));
    }
  }

  /// A text that was never written is no text at all.
  static std::string text_of(const char* text) { return text ? text : ""; }

  std::vector<int> shape(const std::string& name, int variable) const {
    int rank = 0;
    check(nc_inq_varndims(id_, variable, &rank), where(name));
    std::vector<int> identifiers(static_cast<std::size_t>(rank));
    check(nc_inq_vardimid(id_, variable, identifiers.data()), where(name));
    return identifiers;
  }

  int find(const std::string& name, const std::vector<const char*>& dimensions) const {
    const int variable = identifier(name);
    std::string expected, found;
    for (const char* const dimension : dimensions) expected += std::string(" ") + dimension;
    for (const int id : shape(name, variable)) {
      char dimension[NC_MAX_NAME + 1] = {};
      check(nc_inq_dimname(id_, id, dimension), where(name));
      found += std::string(" ") + dimension;
    }
    if (found != expected) throw Error(where(name), "dimensions" + expected, "dimensions" + found);
    return variable;
  }

  void require_count(const std::string& name, int variable, std::size_t found) const {
    const std::size_t expected = count(name, variable);
    if (found != expected)
      throw Error(where(name), std::to_string(expected) + " values", std::to_string(found) + " values");
  }

  std::string attribute_text(const std::string& name) const {
    const std::string place = path_ + ": attribute " + name;
    nc_type type = NC_NAT;
    std::size_t length = 0;
    check(nc_inq_att(id_, NC_GLOBAL, name.c_str(), &type, &length), place);
    if (type == NC_CHAR) {
      std::string text(length, '\0');
      check(nc_get_att_text(id_, NC_GLOBAL, name.c_str(), text.data()), place);
      return text;
    }
    if (type == NC_STRING) {
      std::vector<char*> words(length, nullptr);
      check(nc_get_att_string(id_, NC_GLOBAL, name.c_str(), words.data()), place);
      std::string text;
      for (std::size_t i = 0; i < length; ++i) (text += i > 0 ? ", " : "") += text_of(words[i]);
      check(nc_free_string(length, words.data()), place);
      return text;
    }
    std::vector<double> numbers(length);
    check(nc_get_att_double(id_, NC_GLOBAL, name.c_str(), numbers.data()), place);
    std::string text;
    for (std::size_t i = 0; i < length; ++i) (text += i > 0 ? ", " : "") += number_text(numbers[i], 6);
    return text;
  }

  int id_;
  std::string path_;
};

}  // namespace chemnne
