#include "lane_solver.hpp"
#include <bench_fullchem.hpp>

bench::Group bench::generated_fullchem() { return generated_group<::Fullchem>(); }
