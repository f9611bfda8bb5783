#include "lane_solver.hpp"
#include <bench_ts1.hpp>

bench::Group bench::generated_ts1() { return generated_group<::Ts1>(); }
