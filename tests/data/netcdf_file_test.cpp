#define BOOST_TEST_MODULE data_netcdf_file
#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/netcdf_file.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;
using test::TemporaryFolder;

namespace {

/// A small file that says it has a compressed variable of these two lengths, of which nothing is written.
void write_sparse(const std::string& path, std::size_t a, std::size_t b, nc_type type = NC_FLOAT) {
  NetcdfFile::make(path, [&](NetcdfFile& file) {
    constexpr std::size_t chunk = 1 << 14;
    file.define_dimension("a", a);
    file.define_dimension("b", b);
    file.define_variable("huge", type, {"a", "b"}, std::array{std::min(a, chunk), std::min(b, chunk)});
  });
}

template <class Value>
std::string reading(const std::string& path) {
  return message_of([&] { NetcdfFile::open(path).read<Value>("huge", {"a", "b"}); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_number_of_values_that_no_file_has_is_an_error_before_memory_is_taken) {
  const TemporaryFolder folder;
  const std::string path = folder.file("sparse.nc");
  constexpr std::size_t two_to_32 = std::size_t{1} << 32;
  // 2^64 values, which wrap to none; 2^64 + 2^32; 2^60, which could be counted; 4e9, which could be in
  // memory.
  for (const auto& [a, b] : {std::pair{two_to_32, two_to_32}, std::pair{two_to_32, two_to_32 + 1},
                             std::pair{two_to_32 / 4, two_to_32 / 4}, std::pair{two_to_32, std::size_t{1}}}) {
    write_sparse(path, a, b);
    for (const std::string& message : {reading<float>(path), reading<double>(path), reading<int>(path)}) {
      BOOST_TEST(contains(message, "sparse.nc: variable huge: expected "), message);
      BOOST_TEST(!contains(message, "NetCDF call"), message);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_compresses_as_well_as_can_be_is_read) {
  const TemporaryFolder folder;
  const std::string path = folder.file("zeros.nc");
  const std::vector<double> zeros(4'000'000);
  const std::size_t all = zeros.size();
  int file = 0, dimension = 0, variable = 0;
  BOOST_REQUIRE(nc_create(path.c_str(), NC_NETCDF4, &file) == NC_NOERR);
  BOOST_REQUIRE(nc_def_dim(file, "a", all, &dimension) == NC_NOERR);
  BOOST_REQUIRE(nc_def_var(file, "huge", NC_DOUBLE, 1, &dimension, &variable) == NC_NOERR);
  BOOST_REQUIRE(nc_def_var_chunking(file, variable, NC_CHUNKED, &all) == NC_NOERR);
  BOOST_REQUIRE(nc_def_var_deflate(file, variable, 1, 1, 9) == NC_NOERR);
  BOOST_REQUIRE(nc_put_var_double(file, variable, zeros.data()) == NC_NOERR);
  BOOST_REQUIRE(nc_close(file) == NC_NOERR);
  BOOST_TEST(std::filesystem::file_size(path) * 700 < all * sizeof(double));
  BOOST_TEST((NetcdfFile::open(path).read<double>("huge", {"a"}) == zeros));
}

BOOST_AUTO_TEST_CASE(texts_that_were_never_written_are_empty) {
  const TemporaryFolder folder;
  const std::string path = folder.file("texts.nc");
  NetcdfFile::make(path, [](NetcdfFile& file) {
    file.define_dimension("a", 3);
    file.define_variable("name", NC_STRING, {"a"});
  });
  BOOST_TEST((NetcdfFile::open(path).read<std::string>("name", {"a"}) == std::vector<std::string>(3)));
}

BOOST_AUTO_TEST_CASE(another_number_of_values_is_not_written) {
  const TemporaryFolder folder;
  const std::vector<float> two(2);
  const std::string message = message_of([&] {
    NetcdfFile::make(folder.file("file.nc"), [&](NetcdfFile& file) {
      file.define_dimension("a", 3);
      file.define_variable("v", NC_FLOAT, {"a"});
      file.write("v", std::span(two));
    });
  });
  BOOST_TEST(contains(message, "file.nc: variable v: expected 3 values, found 2 values"), message);
  BOOST_TEST(!std::filesystem::exists(folder.file("file.nc")));
}
