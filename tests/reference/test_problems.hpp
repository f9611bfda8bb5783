#pragma once
#include <cstddef>
#include <vector>

#include "mass_action.hpp"
#include "published_ends.hpp"

namespace test {

/// A test problem as reactions, with its published end.
struct Problem {
  const char* name;
  std::vector<Reaction> reactions;
  PublishedEnd end;
  /// Far below what the problem's small values are.
  double absolute_tolerance;
  /// Smaller values count less in a comparison.
  double negligible = 0;
  /// Relative error of the published end itself.
  double known_to = 0;
  /// Terms cancel to less than the roundings of float.
  bool double_only = false;

  std::vector<double> rates() const {
    std::vector<double> k;
    for (const Reaction& reaction : reactions) k.push_back(reaction.k);
    return k;
  }
};

/// Robertson 1966: 3 species, rate constants over 9 decades.
inline const Problem robertson{.name = "Robertson",
                               .reactions = {{0.04, {0}, {1}}, {3e7, {1, 1}, {1, 2}}, {1e4, {1, 2}, {0, 2}}},
                               .end = robertson_end,
                               .absolute_tolerance = 1e-22,
                               .double_only = true};

/// High irradiance response of photomorphogenesis, Schaefer 1975; its linear terms split into reactions.
inline const Problem hires{.name = "HIRES",
                           .reactions = {{0.0007, {}, {0}},
                                         {1.71, {0}, {1}},
                                         {0.43, {1}, {0}},
                                         {8.32, {1}, {3}},
                                         {8.32, {2}, {0}},
                                         {1.71, {2}, {3}},
                                         {0.43, {3}, {2}},
                                         {0.69, {3}, {5}},
                                         {0.035, {4}, {2}},
                                         {1.71, {4}, {5}},
                                         {280, {5, 7}, {6}},
                                         {0.43, {5}, {4}},
                                         {0.43, {6}, {4, 7}},
                                         {0.69, {6}, {5, 7}},
                                         {0.69, {6}, {7}}},
                           .end = hires_end,
                           .absolute_tolerance = 1e-12};

/// The air pollution model of Verwer 1994; species as in `pollu_end`, ppm and minutes.
inline const Problem pollu{
    .name = "POLLU",
    .reactions = {{0.35, {0}, {1, 2}},       {26.6, {1, 3}, {0}},      {12300, {4, 1}, {0, 5}},
                  {0.86e-3, {6}, {4, 4, 7}}, {0.82e-3, {6}, {7}},      {15000, {6, 5}, {4, 7}},
                  {0.13e-3, {8}, {9, 4, 7}}, {24000, {8, 5}, {10}},    {16500, {10, 1}, {0, 9, 11}},
                  {9000, {10, 0}, {12}},     {0.022, {12}, {10, 0}},   {12000, {9, 1}, {13, 0}},
                  {1.88, {13}, {6, 4}},      {16300, {0, 5}, {14}},    {4.8e6, {2}, {3}},
                  {0.35e-3, {3}, {15}},      {0.0175, {3}, {2}},       {1e8, {15}, {5, 5}},
                  {4.44e11, {15}, {2}},      {1240, {16, 5}, {17, 4}}, {2.1, {18}, {1}},
                  {5.78, {18}, {0, 2}},      {0.0474, {0, 3}, {18}},   {1780, {18, 0}, {19}},
                  {3.12, {19}, {18, 0}}},
    .end = pollu_end,
    .absolute_tolerance = 1e-22};

/// The Oregonator, Field and Noyes 1974: y1' = 77.27 (y2 + y1 (1 - 8.375e-6 y1 - y2)),
/// y2' = (y3 - (1 + y1) y2) / 77.27, y3' = 0.161 (y1 - y3). Source of the end: as in published_ends.hpp.
inline const Problem orego{
    .name = "OREGO",
    .reactions = {{77.27, {1}, {1, 0}},
                  {77.27, {0}, {0, 0}},
                  {77.27 * 8.375e-6, {0, 0}, {0}},
                  {77.27, {0, 1}, {1}},
                  {1 / 77.27, {2}, {2, 1}},
                  {1 / 77.27, {1}, {}},
                  {1 / 77.27, {0, 1}, {0}},
                  {0.161, {0}, {0, 2}},
                  {0.161, {2}, {}}},
    .end = {360, {1, 2, 3}, {0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3}},
    .absolute_tolerance = 1e-6};

/// E5, Enright, Hull, Lindberg 1975, y1, y2 and y4: y1' = -A y1 - B y1 y3, y2' = A y1 - M C y2 y3,
/// y4' = B y1 y3 - C y4 with y3 = y2 - y4, which is exact: as a species y3 would be y2 - y4 to the roundings
/// of 1e-10, and the end is at 1e-22. y1, which drives the others, falls by 290 decades; below 1e-30 it no
/// longer counts. Source of the end: as in published_ends.hpp; y2 and y3, equal there, differ by 1.4e-3.
inline const Problem e5{.name = "E5",
                        .reactions = {{7.89e-10, {0}, {1}},
                                      {1.1e7, {0, 1}, {1, 2}},
                                      {1.1e7, {0, 2}, {0, 0}},
                                      {1.13e9, {1, 1}, {1}},
                                      {1.13e9, {1, 2}, {1, 1, 2}},
                                      {1.13e3, {2}, {}}},
                        .end = {1e13, {1.76e-3, 0, 0}, {0.1152903278711829e-290, 0.8867655517642120e-22, 0}},
                        .absolute_tolerance = 1e-32,
                        .negligible = 1e-30,
                        .known_to = 1.5e-3,
                        .double_only = true};

inline const Problem* const problems[] = {&robertson, &hires, &pollu, &orego, &e5};

}  // namespace test
