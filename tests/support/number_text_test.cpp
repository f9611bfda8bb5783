#define BOOST_TEST_MODULE support_number_text
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "foreign_locale.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/support/number_text.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;
using test::message_of;

namespace {

/// Doubles of random bits: all magnitudes, denormal ones, infinite ones and NaN; and ones of few digits.
std::vector<double> all_kinds() {
  std::vector<double> values{0, -0.0, 1, 0.5, 1.5, 100, 1e5, 123456.5, 999999.5, 1e300, 5e-324, 1.0 / 3};
  for (const double value : {std::numeric_limits<double>::max(), std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()})
    values.insert(values.end(), {value, -value});
  Random random(3);
  for (int i = 0; i < 2000; ++i) values.push_back(std::bit_cast<double>(random.bits()));
  for (int i = 0; i < 2000; ++i) values.push_back(std::pow(10, random.uniform(-7, 7)));
  return values;
}

std::string printed(const char* format, int digits, double value) {
  char text[400];
  std::snprintf(text, sizeof text, format, digits, value);
  return text;
}

float narrowed(double value) {
  return std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())
             ? std::numeric_limits<float>::infinity()
             : static_cast<float>(value);
}

/// Every text that there is of a number.
std::string texts_of(double value) {
  return number_text(value) + ' ' + number_text(narrowed(value)) + ' ' + number_text(value, 6) + ' ' +
         fixed_text(value, 3) + ' ' + scientific_text(value, 2);
}

bool same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

}  // namespace

BOOST_AUTO_TEST_CASE(digits_are_those_that_printf_writes_in_c) {
  for (const double value : all_kinds())
    for (const int digits : {0, 1, 3, 6, 9, 17}) {
      BOOST_TEST(number_text(value, digits) == printed("%.*g", digits, value));
      BOOST_TEST(fixed_text(value, digits) == printed("%.*f", digits, value));
      BOOST_TEST(scientific_text(value, digits) == printed("%.*e", digits, value));
    }
}

BOOST_AUTO_TEST_CASE(the_shortest_text_reads_back_as_the_same_bits) {
  for (const double value : all_kinds()) {
    if (std::isnan(value)) continue;
    const std::string text = number_text(value);
    BOOST_TEST(same(parse_number(text, "here"), value), text);
    BOOST_TEST(text.size() <= printed("%.*g", 17, value).size());
    const float narrow = narrowed(value);
    BOOST_TEST(static_cast<float>(parse_number(number_text(narrow), "here")) == narrow);
  }
  BOOST_TEST(number_text(0.1f) == "0.1");
  BOOST_TEST(std::isnan(parse_number("nan").value()));
}

BOOST_AUTO_TEST_CASE(no_locale_changes_a_text_or_a_number) {
  const std::vector<double> values = all_kinds();
  std::vector<std::string> in_c;
  for (const double value : values) in_c.push_back(texts_of(value));
  const test::ForeignLocale german;
  std::ostringstream stream;
  stream << 1234.5;
  BOOST_TEST(stream.str() == "1.234,5");  // the locale is there
  if (test::ForeignLocale::in_c())
    BOOST_TEST(printed("%.*f", 1, 1.5) == "1,5");
  else
    std::puts("skipped: no locale de_DE.UTF-8, and localedef cannot make it (Debian: locales)");
  for (std::size_t i = 0; i < values.size(); ++i) {
    BOOST_TEST(texts_of(values[i]) == in_c[i]);
    if (!std::isnan(values[i])) BOOST_TEST(same(parse_number(number_text(values[i]), "here"), values[i]));
  }
  BOOST_TEST(parse_number("1.5").value() == 1.5);
  BOOST_TEST(!parse_number("1,5"));
}

BOOST_AUTO_TEST_CASE(the_whole_of_a_text_is_the_number_or_it_is_none) {
  BOOST_TEST(parse_number("+4").value() == 4);
  BOOST_TEST(parse_number(".5").value() == 0.5);
  BOOST_TEST(parse_number("1.").value() == 1);
  BOOST_TEST(parse_number("-2.5e-3").value() == -2.5e-3);
  BOOST_TEST(parse_number("inf").value() == std::numeric_limits<double>::infinity());
  for (const std::string text :
       {"", "+", "-", "+-1", "++1", "1 ", " 1", "1x", "1,5", "1.234,5", "0x10", "1e", "."})
    BOOST_TEST(message_of([&] { parse_number(text, "here"); }) ==
               "here: expected a number, found '" + text + "'");
  for (const std::string text : {"1e400", "-1e400", "1e-400"})
    BOOST_TEST(message_of([&] { parse_number(text, "here"); }) ==
               "here: expected a number in the range of double, found '" + text + "'");
}
