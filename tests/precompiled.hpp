#pragma once
// What nearly every test includes, parsed once for all of them; each test still includes what it uses. No
// header of chemnne: tests of a header are not to see others first.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/framework.hpp>
#include <boost/test/test_tools.hpp>
#include <boost/test/tree/auto_registration.hpp>
#include <boost/test/tree/global_fixture.hpp>
#include <boost/test/tree/test_case_template.hpp>

// Boost's configuration, read here, would have set this by the name of the test's module, which comes later;
// its unit_test.hpp, which the tests include, makes main() where it is set.
#define BOOST_TEST_MAIN
