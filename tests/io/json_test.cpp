#define BOOST_TEST_MODULE io_json
#include <cstring>
#include <limits>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/io/json.hpp>
#include <chemnne/support/random.hpp>

using chemnne::Error;
using chemnne::Json;
using chemnne::parse_json;

BOOST_AUTO_TEST_CASE(the_example_of_rfc_8259_section_13) {
  const Json json = parse_json(R"({ "Image": { "Width":  800, "Height": 600, "Title": "View from 15th Floor",
    "Thumbnail": { "Url": "http://www.example.com/image/481989943", "Height": 125, "Width": 100 },
    "Animated" : false, "IDs": [116, 943, 234, 38793] } })");
  const Json& image = json.at("Image");
  BOOST_TEST(image.at("Width").count() == 800u);
  BOOST_TEST(image.at("Thumbnail").at("Url").string() == "http://www.example.com/image/481989943");
  BOOST_TEST(!image.at("Animated").boolean());
  BOOST_TEST(image.at("IDs").numbers() == (std::vector<double>{116, 943, 234, 38793}));
  BOOST_TEST(image.find("Depth") == nullptr);
  BOOST_CHECK_THROW(image.at("Depth"), Error);
  BOOST_CHECK_THROW(image.at("Title").number(), Error);
}

BOOST_AUTO_TEST_CASE(texts_of_the_grammar_are_read) {
  const char* texts[] = {"null",    " true ",   "false\n",     "0",        "-0",
                         "-0.5e+7", "1E-2",     "123456789",   "\"\"",     "[]",
                         "{}",      "[[],{}]",  "\t[ 1 ,\r2]", "\"\\/\"",  "{\"\":{\"a\":[null]}}",
                         "5e-324",  "\"\x7f\"", "[true,null]", "[-1.5e0]", "\"a\\tb\""};
  for (const char* text : texts) BOOST_CHECK_NO_THROW(parse_json(text));
}

BOOST_AUTO_TEST_CASE(texts_outside_the_grammar_are_refused) {
  const char* texts[] = {"",
                         " ",
                         "nul",
                         "True",
                         "01",
                         "-",
                         "+1",
                         ".5",
                         "1.",
                         "1e",
                         "1e+",
                         "0x1",
                         "NaN",
                         "Infinity",
                         "1 2",
                         "[1,]",
                         "[,1]",
                         "[1 2]",
                         "[",
                         "]",
                         "{",
                         "{a:1}",
                         "{\"a\"}",
                         "{\"a\":",
                         "{\"a\":1",
                         "{\"a\":1,}",
                         "{'a':1}",
                         "{1:1}",
                         "\"",
                         "\"\\x\"",
                         "\"\\",
                         "\"\\u12\"",
                         "\"\\u12g4\"",
                         "\"\n\"",
                         "\"\t\"",
                         "// c\n1",
                         "[1]]",
                         "1e400",
                         "-1e999",
                         "\"\\ud800\"",
                         "\"\\udc00\"",
                         "\"\\ud800\\u0041\"",
                         "\xEF\xBB\xBF[]",
                         "{\"a\":1,\"b\":2,\"a\":3}"};
  for (const char* text : texts) BOOST_CHECK_THROW(parse_json(text), Error);
  BOOST_CHECK_THROW(parse_json(std::string_view("\"a\0b\"", 5)), Error);
  BOOST_CHECK_THROW(parse_json(std::string_view("1\0", 2)), Error);
}

BOOST_AUTO_TEST_CASE(an_error_names_source_line_column_and_byte) {
  try {
    parse_json("{\n  \"a\": 1,\n  \"b\": ?\n}", "state.json");
    BOOST_ERROR("no error");
  } catch (const Error& error) {
    BOOST_TEST(error.where() == "state.json, line 3, column 8 (byte 19)");
    BOOST_TEST(error.found() == "'?'");
  }
}

BOOST_AUTO_TEST_CASE(escapes_mean_their_characters) {
  BOOST_TEST(parse_json(R"("\"\\\/\b\f\n\r\t")").string() == "\"\\/\b\f\n\r\t");
  // UTF-8 of U+0024, U+00E9, U+20AC, U+1F600: the table of RFC 3629, section 3, worked by hand.
  BOOST_TEST(parse_json(R"("\u0024\u00E9\u20ac\uD83D\uDE00")").string() ==
             "$\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  BOOST_TEST(parse_json("\"\xC3\xA9\"").string() == "\xC3\xA9");
  BOOST_TEST(Json(std::string("a\"\\\n\x01\x7f\xC3\xA9")).dump() == "\"a\\\"\\\\\\n\\u0001\x7f\xC3\xA9\"");
}

BOOST_AUTO_TEST_CASE(depth_is_limited) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  BOOST_CHECK_NO_THROW(parse_json(nested(65)));
  BOOST_CHECK_THROW(parse_json(nested(66)), Error);
  BOOST_CHECK_THROW(parse_json(std::string(1 << 20, '[')), Error);
  BOOST_CHECK_THROW(parse_json(nested(3), "JSON", 1), Error);
}

BOOST_AUTO_TEST_CASE(numbers_come_back_bit_for_bit) {
  chemnne::Random random(7);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t bits = random.bits();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    const double back = parse_json(Json(value).dump()).number();
    BOOST_REQUIRE(std::memcmp(&value, &back, sizeof value) == 0);
  }
  BOOST_TEST(Json(0.1).dump() == "0.1");
  BOOST_TEST(Json(49).dump() == "49");
  BOOST_TEST(Json(std::numeric_limits<double>::infinity()).dump() == "null");
  BOOST_CHECK_THROW(Json(1.5).count(), Error);
  BOOST_CHECK_THROW(Json(-1).count(), Error);
}

BOOST_AUTO_TEST_CASE(members_keep_their_order_and_text_comes_back_as_the_same_value) {
  Json json;
  json["z"] = 1;
  json["a"]["inner"] = Json(std::vector<std::string>{"O3", "NO"});
  json["m"] = Json::Array{Json::object(), true, Json()};
  json["z"] = "changed";
  BOOST_TEST(json.dump(0) == R"({"z":"changed","a":{"inner":["O3","NO"]},"m":[{},true,null]})");
  BOOST_TEST(json.dump() == R"({
  "z": "changed",
  "a": {
    "inner": ["O3", "NO"]
  },
  "m": [
    {},
    true,
    null
  ]
})");
  BOOST_CHECK(parse_json(json.dump()) == json);
  BOOST_CHECK(parse_json(json.dump(0)) == json);
}

BOOST_AUTO_TEST_CASE(mutated_text_is_read_or_refused_but_never_worse) {
  const std::string sound =
      R"({"a":[1,2.5e-3,"x\u00e9\ud83d\ude00"],"b":{"c":null,"d":[true,false,{}]},"e":"\n\\"})";
  chemnne::Random random(11);
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = sound;
    for (std::size_t k = 0; k <= random.index(3); ++k) {
      const std::size_t place = random.index(text.size());
      const std::size_t kind = random.index(3);
      if (kind == 0) text[place] = static_cast<char>(random.index(256));
      if (kind == 1) text.erase(place, 1 + random.index(4));
      if (kind == 2) text.insert(place, 1, sound[random.index(sound.size())]);
      if (text.empty()) break;
    }
    try {
      const Json json = parse_json(text);
      BOOST_REQUIRE(parse_json(json.dump()) == json);
    } catch (const Error&) {
      ++refused;
    }
  }
  BOOST_TEST(refused > 10000);  // most mutations break the grammar: the parser is not merely permissive
}
