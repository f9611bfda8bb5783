#define BOOST_TEST_MODULE io_crc32
#include <cstdint>
#include <set>
#include <string>

#include <boost/crc.hpp>
#include <boost/test/unit_test.hpp>

#include <chemnne/io/crc32.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

std::string random_bytes(std::size_t size, std::uint64_t seed) {
  Random random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.index(256));
  return bytes;
}

std::uint32_t by_boost(const std::string& bytes) {
  boost::crc_32_type sum;
  sum.process_bytes(bytes.data(), bytes.size());
  return sum.checksum();
}

}  // namespace

BOOST_AUTO_TEST_CASE(published_values) {
  // The check value of the catalogue of parametrised CRCs (CRC-32/ISO-HDLC), and that of nothing.
  BOOST_TEST(crc32("123456789") == 0xcbf43926u);
  BOOST_TEST(crc32("") == 0u);
}

BOOST_AUTO_TEST_CASE(it_is_that_of_boost_for_every_length_and_place) {
  const std::string bytes = random_bytes(400, 1);
  for (std::size_t length = 0; length <= 100; ++length)
    for (const std::size_t first : {0u, 1u, 7u, 250u}) {
      const std::string part = bytes.substr(first, length);
      BOOST_TEST_REQUIRE(crc32(std::string_view(bytes).substr(first, length)) == by_boost(part));
    }
  const std::string many = random_bytes(1 << 20, 2);
  BOOST_TEST(crc32(many) == by_boost(many));
}

BOOST_AUTO_TEST_CASE(it_goes_on_behind_other_bytes) {
  const std::string_view bytes = "a file in three parts, of which none is a multiple of 16";
  for (std::size_t a = 0; a <= bytes.size(); ++a)
    for (std::size_t b = a; b <= bytes.size(); b += 5)
      BOOST_TEST_REQUIRE(crc32(bytes.substr(b), crc32(bytes.substr(a, b - a), crc32(bytes.substr(0, a)))) ==
                         crc32(bytes));
}

// The sum is linear: two flips pass unseen if they change it by the same bits.
BOOST_AUTO_TEST_CASE(no_two_bits_of_a_file_change_it_alike) {
  std::string bytes = random_bytes(8192, 3);
  const std::uint32_t sound = crc32(bytes);
  std::set<std::uint32_t> changes{0};
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    const auto mask = static_cast<char>(1 << bit % 8);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
    BOOST_TEST_REQUIRE(changes.insert(crc32(bytes) ^ sound).second);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
  }
}
