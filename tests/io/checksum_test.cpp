#define BOOST_TEST_MODULE io_checksum
#include <string>
#include <utility>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/crc.hpp>
#include <boost/test/unit_test.hpp>

#include <chemnne/io/safetensors.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;
using test::contains;

namespace {

const std::string attached = CHEMNNE_SOURCE_DIRECTORY "/examples/troposphere.safetensors";

SafetensorsFile small_file() {
  return {.tensors = {make_tensor<float>("weight", {3}, std::vector<float>{1, -2, 3})},
          .metadata = {{"a", "first"}, {"run", "a \"chemnne_checksum\" in quotes"}}};
}

bool refused(const std::string& bytes) {
  return test::message_of([&] { parse_safetensors(bytes, "file"); }).starts_with("file");
}

std::string flipped(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
  return bytes;
}

std::size_t header_bytes(const std::string& bytes) {
  return 8 + detail::safetensors_header(bytes, "file").size();
}

/// A file of these bytes behind a header of this text.
std::string with_header(std::string header, const std::string& data) {
  header.append((8 - header.size() % 8) % 8, ' ');
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(header.size() >> 8 * i & 0xffu);
  return bytes + header + data;
}

}  // namespace

BOOST_AUTO_TEST_CASE(it_is_the_sum_of_the_file_with_its_digits_as_zeros) {
  std::string bytes = safetensors_bytes(small_file());
  BOOST_TEST(parse_safetensors(bytes, "file").checksum);
  BOOST_TEST((parse_safetensors(bytes, "file").metadata == small_file().metadata));
  const std::string text = "with these digits as 0: ";
  const std::size_t digits = bytes.find(text) + text.size();
  const std::string stated = bytes.substr(digits, 8);
  bytes.replace(digits, 8, "00000000");
  boost::crc_32_type sum;
  sum.process_bytes(bytes.data(), bytes.size());
  BOOST_TEST(std::stoul(stated, nullptr, 16) == sum.checksum());
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_and_pairs_of_them_are_refused) {
  const std::string bytes = safetensors_bytes(small_file());
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit)
    BOOST_TEST(refused(flipped(bytes, bit)), "bit " << bit % 8 << " of byte " << bit / 8);
  // Pairs but for one in the entry's name with one in its text, which make another file without a checksum.
  const std::size_t name = bytes.find("\"chemnne_checksum\":"), text = bytes.find("\"crc32 of"),
                    end = bytes.find(" as 0: ") + 7;
  const auto hides = [&](std::size_t a, std::size_t b) {
    return a / 8 >= name && a / 8 < text && b / 8 >= text && b / 8 < end;
  };
  Random random(2);
  for (int trial = 0; trial < 50'000; ++trial) {
    const std::size_t a = random.index(8 * bytes.size()), b = random.index(8 * bytes.size());
    if (a == b || hides(a, b) || hides(b, a)) continue;
    BOOST_TEST_REQUIRE(refused(flipped(flipped(bytes, a), b)), a << " and " << b);
  }
}

BOOST_AUTO_TEST_CASE(bursts_cuts_and_additions_are_refused) {
  const std::string bytes = safetensors_bytes(small_file());
  for (std::size_t first = 0; first + 4 <= bytes.size(); ++first)
    for (const char fill : {'\0', '\xff', ' ', 'a'}) {
      std::string damaged = bytes;
      damaged.replace(first, 4, std::string(4, fill));
      if (damaged != bytes) BOOST_TEST(refused(damaged), "4 bytes from " << first);
    }
  for (std::size_t length = 0; length < bytes.size(); ++length) BOOST_TEST(refused(bytes.substr(0, length)));
  for (const std::size_t more : {1u, 3u, 4u, 8u, 4096u}) {
    BOOST_TEST(refused(bytes + std::string(more, '\0')));
    BOOST_TEST(refused(bytes + std::string(more, 'a')));
  }
}

BOOST_AUTO_TEST_CASE(flipped_bits_of_the_attached_weights_are_refused) {
  std::string bytes = read_text_file(attached);
  BOOST_TEST(parse_safetensors(bytes, "file").checksum);
  const std::size_t header = header_bytes(bytes);
  const auto check = [&](std::size_t bit) {
    const std::size_t at = bit / 8;
    const char sound = bytes[at];
    bytes[at] = static_cast<char>(sound ^ (1 << bit % 8));
    BOOST_TEST_REQUIRE(refused(bytes), "bit " << bit % 8 << " of byte " << at);
    bytes[at] = sound;
  };
  for (std::size_t bit = 0; bit < 8 * 200; ++bit) check(bit);  // the length, and the entry itself
  Random random(1);
  for (int trial = 0; trial < 1000; ++trial) check(8 * 200 + random.index(8 * (header - 200)));
  for (int trial = 0; trial < 1000; ++trial) check(8 * header + random.index(8 * (bytes.size() - header)));
}

BOOST_AUTO_TEST_CASE(a_file_without_one_is_read_and_says_so) {
  const std::string header = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  const SafetensorsFile file = parse_safetensors(with_header(header, "abcd"), "file");
  BOOST_TEST(!file.checksum);
  BOOST_TEST(parse_safetensors(safetensors_bytes(file), "file").checksum);  // written anew it has one
}

BOOST_AUTO_TEST_CASE(a_part_of_the_entry_is_damage) {
  for (const char* const entry :
       {R"("chemnne_checksum":"12345678")", R"("chemnne_checksum":"")",
        R"("other":"crc32 of this file with these digits as 0: 12345678")",
        R"("chemnne_checksum":"crc32 of this file with these digits as 0: 1234567")",
        R"("chemnne_checksum":"crc32 of this file with these digits as 0: 123456789")"}) {
    const std::string message = test::message_of([&] {
      parse_safetensors(with_header(std::string(R"({"__metadata__":{)") + entry + "}}", ""), "file");
    });
    BOOST_TEST(contains(message, "file, metadata"), message);
    BOOST_TEST(contains(message, "damaged"), message);
  }
  SafetensorsFile file = small_file();
  file.metadata["chemnne_checksum"] = "mine";
  BOOST_TEST(contains(test::message_of([&] { safetensors_bytes(file); }), "chemnne_checksum"));
}

// As docs/guide_host.md tells writers of other programs: metadata in any order, digits 0, then the sum.
BOOST_AUTO_TEST_CASE(other_programs_can_write_one) {
  std::string bytes =
      with_header(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"__metadata__":{"b":"c",)"
                  R"("chemnne_checksum":"crc32 of this file with these digits as 0: 00000000","d":"e"}})",
                  "abcd");
  boost::crc_32_type sum;
  sum.process_bytes(bytes.data(), bytes.size());
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08x", static_cast<unsigned>(sum.checksum()));
  BOOST_TEST(refused(bytes));
  bytes.replace(bytes.find("00000000"), 8, digits);
  const SafetensorsFile file = parse_safetensors(bytes, "file");
  BOOST_TEST(file.checksum);
  BOOST_TEST((file.metadata == std::map<std::string, std::string>{{"b", "c"}, {"d", "e"}}));
}
