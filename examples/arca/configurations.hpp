#pragma once
#include <chemnne/model/configuration.hpp>

/// The networks of the tasks on ARCA's Hyde scheme: the first 49 species of the data sets to 49, 100 and 400,
/// and all 400 to 400.
namespace arca {

/// Attached weights of the other tasks are of the paper's parts.
template <std::size_t Inputs, std::size_t Outputs>
struct Task : chemnne::PaperConfiguration<Inputs, Outputs> {};
template <>
struct Task<49, 49> : chemnne::DefaultConfiguration<49, 49> {};

/// Of 49 species ever more are predicted.
template <std::size_t Outputs>
struct Scaled : chemnne::DefaultConfiguration<49, Outputs> {};

}  // namespace arca
