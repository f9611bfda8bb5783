#pragma once
#include <array>
#include <cstddef>

namespace chemnne {

/// Rosenbrock methods for dc/dt = f(c), in the form that needs no product with J: with M = I - gamma h J,
///
///     Y_i = c + sum_{j<i} a_ij K_j,    M K_i = gamma (h f(Y_i) + sum_{j<i} c_ij K_j),
///     c(t + h) = c + sum_i m_i K_i,    error = sum_i e_i K_i.
///
/// With dc/dt = f(t, c), where a method has `time` and `slope`, stages take f(t + time_i h, Y_i), and
/// gamma slope_i h^2 df/dt(t, c) is added on the right side.
///
/// `order` is that of the solution; the error estimate is of order `order`, so steps follow its root of that
/// degree. Where `new_tendency` is false a stage takes the tendency of the stage before it. Both methods are
/// L-stable and stiffly accurate.
///
/// Rodas3: 4 stages, order 3(2). Source: Sandu et al., Atmos. Environ. 31 (1997) 3459, table 3.
struct Rodas3 {
  static constexpr std::size_t stages = 4;
  static constexpr int order = 3;
  static constexpr double gamma = 0.5;
  static constexpr std::array<std::array<double, 4>, 4> a{{{}, {0}, {2, 0}, {2, 0, 1}}};
  static constexpr std::array<std::array<double, 4>, 4> c{{{}, {4}, {1, -1}, {1, -1, -8.0 / 3}}};
  static constexpr std::array<double, 4> m{2, 0, 1, 1};
  static constexpr std::array<double, 4> e{0, 0, 0, 1};
  static constexpr std::array<bool, 4> new_tendency{true, false, true, true};
};

/// Rodas4: 6 stages, order 4(3). `d`: c(t + x h) = (1 - x) c + x (c(t + h) + (1 - x) (D_0 + x D_1)), D_k =
/// sum_j d_kj K_j, of order 3. Source: Hairer, Wanner, Solving Ordinary Differential Equations II, 2nd ed.
/// (1996), section IV.7 and the program RODAS.
struct Rodas4 {
  static constexpr std::size_t stages = 6;
  static constexpr int order = 4;
  static constexpr double gamma = 0.25;
  static constexpr std::array<std::array<double, 6>, 6> a{
      {{},
       {1.544},
       {0.9466785280815826, 0.2557011698983284},
       {3.314825187068521, 2.896124015972201, 0.9986419139977817},
       {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
       {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1}}};
  static constexpr std::array<std::array<double, 6>, 6> c{
      {{},
       {-5.6688},
       {-2.430093356833875, -0.2063599157091915},
       {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
       {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
       {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054}}};
  static constexpr std::array<double, 6> m{
      1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1, 1};
  static constexpr std::array<double, 6> e{0, 0, 0, 0, 0, 1};
  static constexpr std::array<bool, 6> new_tendency{true, true, true, true, true, true};
  static constexpr std::array<double, 6> time{0, 0.386, 0.21, 0.63, 1, 1};
  static constexpr std::array<double, 6> slope{0.25, -0.1043, 0.1035, -0.0362, 0, 0};
  static constexpr std::array<std::array<double, 6>, 2> d{
      {{10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662},
       {-0.6762803392801253, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872}}};
};

}  // namespace chemnne
