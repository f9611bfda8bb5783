#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace test {

/// A test problem's start, its end, and the state there as it was published.
struct PublishedEnd {
  double time;
  std::vector<double> start;
  std::vector<double> end;
};

// Published end values: Mazzia, Magherini, Test Set for Initial Value Problem Solvers, release 2.4, Bari 2008
// (RADAU5 in quadruple precision, tolerance 1.1e-18). At rtol 1e-10 the global error of BDF is some tens to
// hundreds of local errors: 1e-7 leaves that room and still fails on a wrong digit or a wrong Jacobian.
inline constexpr double published_tolerance = 1e-7;

inline const PublishedEnd robertson_end{
    1e11, {1, 0, 0}, {0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050}};

inline const PublishedEnd hires_end{
    321.8122,
    {1, 0, 0, 0, 0, 0, 0, 0.0057},
    {0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
     0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2}};

/// Species: NO2 NO O3P O3 HO2 OH HCHO CO ALD MEO2 C2O3 CO2 PAN CH3O HNO3 O1D SO2 SO4 NO3 N2O5; ppm, minutes.
inline const PublishedEnd pollu_end{
    60,
    {0, 0.2, 0, 0.04, 0, 0, 0.1, 0.3, 0.01, 0, 0, 0, 0, 0, 0, 0, 0.007, 0, 0, 0},
    {0.5646255480022769e-1, 0.1342484130422339,    0.4139734331099427e-8, 0.5523140207484359e-2,
     0.2018977262302196e-6, 0.1464541863493966e-6, 0.7784249118997964e-1, 0.3245075353396018,
     0.7494013383880406e-2, 0.1622293157301561e-7, 0.1135863833257075e-7, 0.2230505975721359e-2,
     0.2087162882798630e-3, 0.1396921016840158e-4, 0.8964884856898295e-2, 0.4352846369330103e-17,
     0.6899219696263405e-2, 0.1007803037365946e-3, 0.1772146513969984e-5, 0.5682943292316392e-4}};

/// max |c - expected| / expected
inline double largest_relative_error(const std::vector<double>& c, const std::vector<double>& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < c.size(); ++i)
    largest = std::max(largest, std::abs(c[i] - expected[i]) / std::abs(expected[i]));
  return largest;
}

}  // namespace test
