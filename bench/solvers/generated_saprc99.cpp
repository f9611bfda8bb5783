#include "lane_solver.hpp"
#include <bench_saprc99.hpp>

bench::Group bench::generated_saprc99() { return generated_group<::Saprc99>(); }
