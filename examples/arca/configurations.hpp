#pragma once
#include <chemnne/model/configuration.hpp>

/// The networks of the tasks on ARCA's Hyde scheme: the first 49 species of the data sets to 49, 100 and 400,
/// and all 400 to 400.
namespace arca {

template <std::size_t Inputs, std::size_t Outputs>
struct Task : chemnne::DefaultConfiguration<Inputs, Outputs> {};

}  // namespace arca
