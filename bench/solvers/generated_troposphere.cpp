#include "lane_solver.hpp"
#include <bench_troposphere.hpp>

bench::Group bench::generated_troposphere() { return generated_group<::Troposphere>(); }
