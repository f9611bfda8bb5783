#define BOOST_TEST_MODULE chemistry_name_index
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/name_index.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(case_does_not_matter_unless_it_tells_names_apart) {
  detail::NameIndex names;
  BOOST_TEST(names.add("Cl", 7));
  BOOST_TEST(names.find("cL").value() == 7u);
  BOOST_TEST(!names.find("C").has_value());
  BOOST_TEST(!names.add("Cl", 8));
  BOOST_TEST(names.find("Cl").value() == 7u);
  BOOST_TEST(names.add("CL", 9));
  BOOST_TEST(names.find("Cl").value() == 7u);
  BOOST_TEST(names.find("CL").value() == 9u);
  BOOST_TEST(!names.find("cl").has_value());
}
