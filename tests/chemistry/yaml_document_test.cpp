#define BOOST_TEST_MODULE chemistry_yaml_document
#include <cmath>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/chemistry/yaml_fields.hpp>

using namespace chemnne;

namespace {

using Kind = YamlNode::Kind;

bool refuses(const std::string& text, const std::string& place, const std::string& part_of_message) {
  try {
    parse_yaml(text, "test.yaml");
  } catch (const Error& error) {
    const std::string message = error.what();
    if (error.where() == "test.yaml" + place && message.find(part_of_message) != std::string::npos)
      return true;
    BOOST_TEST_MESSAGE(message);
  }
  return false;
}

bool is_no_number(const std::string& text) {
  try {
    yaml_number(parse_yaml(text, "test.yaml"));
  } catch (const Error& error) {
    return error.expected() == "a finite number" && error.where() == "test.yaml, line 1, column 1";
  }
  return false;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); }

}  // namespace

BOOST_AUTO_TEST_CASE(yaml_becomes_a_tree_with_places) {
  const YamlNode root = parse_yaml(
      "# a comment\n"
      "name: Chapman   # another\n"
      "species:\n"
      "- name: O3\n"
      "  'long name': \"oz\\u00f6ne\"\n"
      "- {name: NO, charge: 0}\n"
      "empty:\n"
      "text: |\n"
      "  two\n"
      "  lines\n",
      "test.yaml");
  BOOST_TEST((root.kind == Kind::map));
  BOOST_TEST(root.keys.size() == 4u);
  BOOST_TEST(root.items.size() == 4u);
  BOOST_TEST(root.where() == "test.yaml, line 2, column 1");
  BOOST_TEST(root.find("name")->text == "Chapman");
  BOOST_TEST(root.find("name")->where() == "test.yaml, line 2, column 7");
  BOOST_TEST(!root.find("nothing"));
  const YamlNode& species = *root.find("species");
  BOOST_TEST((species.kind == Kind::sequence));
  BOOST_TEST_REQUIRE(species.items.size() == 2u);
  BOOST_TEST(species.items[0].find("long name")->text == "oz\u00f6ne");
  BOOST_TEST(species.items[0].find("long name")->quoted);
  BOOST_TEST(species.items[1].find("name")->text == "NO");  // no boolean, as in YAML 1.1
  BOOST_TEST(species.items[1].line == 6u);
  BOOST_TEST(species.items[1].column == 3u);
  BOOST_TEST(species.items[1].keys[1].column == 14u);
  BOOST_TEST(root.find("empty")->text.empty());
  BOOST_TEST(root.find("empty")->found() == "nothing");
  BOOST_TEST(root.find("text")->text == "two\nlines\n");
}

BOOST_AUTO_TEST_CASE(json_is_yaml) {
  const YamlNode root = parse_yaml(
      "\xef\xbb\xbf{\r\n\t\"a\":[1,-2.5E-3,true,null],\r\n\t\"b\":{\"c\":\"x\\/y "
      "\\\"z\\\"\\n\"},\"d\":[]}\r\n",
      "test.json");
  const YamlNode& list = *root.find("a");
  BOOST_TEST_REQUIRE(list.items.size() == 4u);
  BOOST_TEST(yaml_number(list.items[0]) == 1);
  BOOST_TEST(yaml_number(list.items[1]) == -2.5e-3);
  BOOST_TEST(list.items[1].line == 2u);
  BOOST_TEST(yaml_boolean(list.items[2]));
  BOOST_TEST(list.items[3].text == "null");
  BOOST_TEST(root.find("b")->find("c")->text == "x/y \"z\"\n");
  BOOST_TEST(root.find("d")->items.empty());
}

BOOST_AUTO_TEST_CASE(numbers_are_finite_and_not_quoted) {
  const auto number = [](const std::string& text) { return yaml_number(parse_yaml(text, "test.yaml")); };
  BOOST_TEST(number("1") == 1);
  BOOST_TEST(number("+1.5e+2") == 150);
  BOOST_TEST(number(".5") == 0.5);
  BOOST_TEST(number("6.02214076E23") == 6.02214076e23);
  BOOST_TEST(!std::signbit(number("-0.0")));
  for (const char* text : {"'1'", "\"1\"", "[1]", "{a: 1}", "1x", "x", "+-1", "++1", "+", "-", "inf", ".inf",
                           "nan", ".nan", "0x10", "1e999", "1e-999", "1 2", "~"})
    BOOST_TEST(is_no_number(text), text);
}

BOOST_AUTO_TEST_CASE(what_is_no_yaml_is_refused_with_its_place) {
  BOOST_TEST(refuses("", "", "found nothing"));
  BOOST_TEST(refuses("# only a comment\n", "", "found nothing"));
  BOOST_TEST(
      refuses("{\"a\": 1,\n \"b\": [1, 2}", ", line 2, column 12", "did not find expected ',' or ']'"));
  BOOST_TEST(refuses("{\"a\": 1", ", line 1, column 8", "while parsing a flow mapping"));
  BOOST_TEST(refuses("{\"a\": \"x", ", line 1, column 9", "unexpected end of stream"));
  BOOST_TEST(refuses("a: 1\n b: 2", ", line 2, column 3", "mapping values are not allowed"));
  BOOST_TEST(refuses("a: 1\nb: \xff", ", line 2, column 4", "expected UTF-8 text"));
  BOOST_TEST(refuses("a: \x01", ", line 1, column 4", "control characters"));
  BOOST_TEST(refuses(std::string("a: \0", 4), ", line 1, column 4", "control characters"));
  BOOST_TEST(
      refuses("\xff\xfe"
              "a\0",
              ", line 1, column 1", "expected UTF-8 text"));
  BOOST_TEST(refuses("a: 1\n---\nb: 2\n", ", line 2, column 1", "expected one document"));
}

BOOST_AUTO_TEST_CASE(what_mechanisms_do_without_is_refused) {
  BOOST_TEST(refuses("a: 1\nb: 2\na: 3", ", line 3, column 1", "every key once, found 'a' again"));
  BOOST_TEST(refuses("{b: 1, \"b\": 2}", ", line 1, column 8", "every key once"));
  BOOST_TEST(refuses("a: &x [1]\nb: *x", ", line 1, column 4", "the anchor 'x'"));
  BOOST_TEST(refuses("a: &x 1", ", line 1, column 4", "the anchor 'x'"));
  BOOST_TEST(refuses("a: &x {b: 1}", ", line 1, column 4", "the anchor 'x'"));
  BOOST_TEST(refuses("a: *x", ", line 1, column 4", "the alias 'x'"));
  BOOST_TEST(refuses("a: !!str 1", ", line 1, column 4", "the tag 'tag:yaml.org,2002:str'"));
  BOOST_TEST(refuses("[a, b]: 1", ", line 1, column 1", "a key that is a text"));
  BOOST_TEST(
      refuses("%YAML 1.1\n%TAG !a! b\n---\na: 1", ", line 2, column 1", "without directives for tags"));
}

BOOST_AUTO_TEST_CASE(messages_quote_the_beginning_of_long_texts) {
  // 59 bytes, then one of two: half a character is not quoted.
  const YamlNode node = parse_yaml(std::string(59, 'x') + "\u00e9" + std::string(100, 'y'), "test.yaml");
  BOOST_TEST(node.found() == "'" + std::string(59, 'x') + "...'");
  BOOST_TEST(parse_yaml(std::string(60, 'x'), "test.yaml").found() == "'" + std::string(60, 'x') + "'");
  BOOST_TEST(parse_yaml("''", "test.yaml").found() == "an empty text");
}

BOOST_AUTO_TEST_CASE(depth_is_bounded) {
  BOOST_CHECK_NO_THROW(parse_yaml(nested(64), "test.yaml"));
  BOOST_TEST(refuses(nested(65), ", line 1, column 66", "at most 64 nested levels"));
  BOOST_TEST(refuses(nested(100000), ", line 1, column 66", "at most 64 nested levels"));
  std::string maps;
  for (int i = 0; i < 100000; ++i) maps += "{\"a\":";
  BOOST_TEST(refuses(maps, ", line 1, column 322", "at most 64 nested levels"));
}

/// Every beginning of a document is read or refused with an Error.
BOOST_AUTO_TEST_CASE(truncated_documents_are_read_or_refused) {
  const std::string text = "{\"a\": [1, {\"b\": \"\\u00e9\"}], 'c': ~, d: {e: [[], {}]}}\n";
  int refused = 0;
  for (std::size_t length = 0; length < text.size() - 1; ++length) {
    try {
      parse_yaml(text.substr(0, length), "test.yaml");
    } catch (const Error& error) {
      ++refused;
      BOOST_TEST(!error.where().empty());
    }
  }
  BOOST_TEST(refused == static_cast<int>(text.size()) - 1);
  BOOST_CHECK_NO_THROW(parse_yaml(text, "test.yaml"));
}

BOOST_AUTO_TEST_CASE(fields_know_their_keys) {
  const YamlNode map = parse_yaml("{A: 2, B: -1, flag: true, name: x, __own: [1]}", "test.yaml");
  static constexpr std::string_view known[] = {"A", "B", "flag", "name"};
  const YamlFields fields(map, known, "a thing");
  BOOST_TEST(fields.number("A", 1) == 2);
  BOOST_TEST(fields.number("C", 7) == 7);
  BOOST_TEST(fields.positive("A", 1) == 2);
  BOOST_TEST(fields.text("name") == "x");
  const auto says = [](const char* part) {
    return [part](const Error& error) { return std::string(error.what()).find(part) != std::string::npos; };
  };
  BOOST_CHECK_EXCEPTION(fields.positive("B", 1), Error,
                        says("column 11: expected a number above 0, found '-1'"));
  BOOST_CHECK_EXCEPTION(fields.not_negative("B", 1), Error, says("not below 0"));
  BOOST_CHECK_EXCEPTION(fields.require("C"), Error, says("expected the key 'C' in a thing, found none"));
  BOOST_CHECK_EXCEPTION(
      YamlFields(map, std::span(known).first(2), "a thing"), Error,
      says("line 1, column 15: expected in a thing one of the keys 'A', 'B', or a key of one's "
           "own that begins with '__', found the unknown key 'flag'"));
  BOOST_CHECK_EXCEPTION(YamlFields(map.items[0], known, "a thing"), Error, says("a thing, a map, found '2'"));
}
