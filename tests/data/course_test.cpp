#define BOOST_TEST_MODULE data_course
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/course.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(a_constant_is_the_same_at_all_times) {
  const Course course(3);
  BOOST_TEST(course.is_constant());
  for (const double time : {-1e9, 0.0, 1e9}) BOOST_TEST(course.at(time) == 3);
  BOOST_TEST(course.kinks().empty());
  BOOST_TEST(course.jumps().empty());
}

BOOST_AUTO_TEST_CASE(between_its_times_it_is_interpolated_and_held_at_the_ends) {
  const Course course({10, 20, 40}, {1, 3, -1}, Between::interpolated);
  BOOST_TEST(course.at(0) == 1);
  BOOST_TEST(course.at(10) == 1);
  BOOST_TEST(course.at(15) == 2);
  BOOST_TEST(course.at(20) == 3);
  BOOST_TEST(course.at(30) == 1);
  BOOST_TEST(course.at(41) == -1);
  BOOST_TEST(course.kinks().size() == 3);
  BOOST_TEST(course.jumps().empty());
}

BOOST_AUTO_TEST_CASE(stairs_have_a_value_from_its_time_on) {
  const Course course({10, 20, 40}, {1, 3, -1}, Between::stairs);
  BOOST_TEST(course.at(0) == 1);
  BOOST_TEST(course.at(19.999) == 1);
  BOOST_TEST(course.at(20) == 3);
  BOOST_TEST(course.at(39.999) == 3);
  BOOST_TEST(course.at(40) == -1);
  BOOST_TEST(course.jumps().size() == 3);
  BOOST_TEST(course.kinks().empty());
}

BOOST_AUTO_TEST_CASE(one_time_alone_is_a_value) {
  for (const Between between : {Between::interpolated, Between::stairs})
    for (const double time : {0.0, 5.0, 9.0}) BOOST_TEST(Course({5}, {2}, between).at(time) == 2);
}
