#define BOOST_TEST_MODULE io_safetensors
#include <cstdlib>
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/io/safetensors.hpp>
#include <chemnne/support/random.hpp>

using chemnne::Error;
using chemnne::SafetensorsFile;

namespace {

SafetensorsFile small_file() {
  const std::vector<float> weights{1, -2.5f, 3, 4, 5, 6};
  const std::vector<double> mean{0.1};
  const std::vector<std::int64_t> step{-3};
  return {
      {chemnne::make_tensor<float>("encoder.weight", {2, 3}, weights),
       chemnne::make_tensor<double>("mean", {1}, mean), chemnne::make_tensor<std::int64_t>("step", {}, step),
       chemnne::make_tensor<float>("empty", {0, 4}, {})},
      {{"species", "[\"O3\",\"NO\"]"},
       {"note",
        "Gr\xC3\xBC\xC3\x9F"
        "e \"quoted\"\n"}}};
}

std::string with_header(const std::string& header, const std::string& data) {
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size());
  return bytes + header + data;
}

/// A directory of its own, removed at the end.
struct Directory {
  std::string path;
  Directory() {
    char name[] = "/tmp/chemnne_safetensors_XXXXXX";
    path = mkdtemp(name);
  }
  ~Directory() { std::filesystem::remove_all(path); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_comes_back_as_it_was_written) {
  const Directory directory;
  const std::string path = directory.path + "/model.safetensors";
  const SafetensorsFile file = small_file();
  write_safetensors(path, file);
  write_safetensors(path, file);  // replaces the first
  const SafetensorsFile back = chemnne::read_safetensors(path);
  BOOST_CHECK(back.tensors == file.tensors);
  BOOST_CHECK(back.metadata == file.metadata);
  BOOST_TEST(chemnne::tensor_values<float>(back.at("encoder.weight"))[1] == -2.5f);
  BOOST_TEST(chemnne::tensor_values<std::int64_t>(back.at("step"))[0] == -3);
  BOOST_CHECK_THROW(chemnne::tensor_values<float>(back.at("mean")), Error);
  BOOST_CHECK_THROW(back.at("missing"), Error);
  const auto entries = std::filesystem::directory_iterator(directory.path);
  BOOST_TEST(std::distance(begin(entries), end(entries)) == 1);  // no temporary file is left
}

BOOST_AUTO_TEST_CASE(the_layout_is_that_of_the_format) {
  // Written out by hand from the format's description: length 8 bytes little-endian, JSON, data.
  const std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} )";
  const std::string bytes = with_header(header, std::string("\0\0\x80\x3f\0\0\0\x40", 8));
  const SafetensorsFile file = chemnne::parse_safetensors(bytes, "by hand");
  BOOST_TEST(chemnne::tensor_values<float>(file.at("a")) == (std::vector<float>{1, 2}));
  BOOST_TEST((safetensors_bytes(file).size() - 8) % 8 == 0u);
}

BOOST_AUTO_TEST_CASE(truncation_at_any_byte_and_trailing_bytes_are_refused) {
  const std::string bytes = safetensors_bytes(small_file());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    BOOST_CHECK_THROW(chemnne::parse_safetensors(std::string_view(bytes).substr(0, length), "cut"), Error);
  BOOST_CHECK_THROW(chemnne::parse_safetensors(bytes + '\0', "long"), Error);
}

BOOST_AUTO_TEST_CASE(unsound_headers_are_refused_by_name) {
  const std::pair<const char*, const char*> headers[] = {
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", "'a'"},   // size
      {R"({"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}})", "'a'"},   // dtype
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}})", "'a'"},  // past the end
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}})", "'a'"},   // reversed
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "'a'"},   // hole in front
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "file"},  // bytes left over
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       "'b'"},  // overlap
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}})",
       "\"a\""},  // the same name twice
      {R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", "'a'"},
      {R"({"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,8]}})", "'a'"},  // 2^67 bytes
      {R"({"a":{"dtype":"F32","data_offsets":[0,8]}})", "'a'"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}})", "'a'"},
      {R"({"a":[0,8]})", "'a'"},
      {R"({"__metadata__":{"x":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "metadata"},
      {R"([])", "file"},
      {R"({"a")", "file"}};
  for (const auto& [header, name] : headers) {
    try {
      chemnne::parse_safetensors(with_header(header, "12345678"), "file");
      BOOST_ERROR(std::string("accepted: ") + header);
    } catch (const Error& error) {
      BOOST_TEST(std::string(error.what()).find(name) != std::string::npos, error.what());
      BOOST_TEST(std::string(error.what()).starts_with("file"), error.what());
    }
  }
}

// Files without a checksum, as other programs write them (those with one: checksum_test).
BOOST_AUTO_TEST_CASE(flipped_bits_in_the_header_are_refused_or_read_but_never_crash) {
  const std::string sound = with_header(
      R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[],"data_offsets":[8,16]}})",
      "12345678abcdefgh");
  const std::size_t header_end = sound.size() - 16;
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < 8 * header_end; ++bit) {
    std::string bytes = sound;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    try {
      for (const chemnne::Tensor& tensor : chemnne::parse_safetensors(bytes, "flipped").tensors)
        BOOST_TEST(tensor.data.size() <= 16u);
    } catch (const Error&) {
      ++refused;
    }
  }
  BOOST_TEST(refused >
             4 * header_end);  // flips within names and of one type to another of the same size may pass
  BOOST_CHECK_THROW(chemnne::parse_safetensors(std::string(8, '\xff') + sound.substr(8), "length"), Error);
}

BOOST_AUTO_TEST_CASE(unsound_files_are_not_written) {
  const Directory directory;
  SafetensorsFile file = small_file();
  file.tensors[1].name = file.tensors[0].name;
  BOOST_CHECK_THROW(write_safetensors(directory.path + "/twice", file), Error);
  file = small_file();
  file.tensors[0].shape = {2, 2};
  BOOST_CHECK_THROW(write_safetensors(directory.path + "/shape", file), Error);
  BOOST_CHECK_THROW(chemnne::make_tensor<float>("a", {3}, std::vector<float>{1, 2}), Error);
  BOOST_CHECK_THROW(write_safetensors(directory.path + "/no/such/folder", small_file()), Error);
  BOOST_TEST(std::filesystem::is_empty(directory.path));
}
