#include <cstdio>

#include "team.hpp"

int main() {
  const Seen with = seen_with_openmp(), without = seen_without_openmp();
  std::printf("with OpenMP: %zu threads, %s; without: %zu threads, %s\n", with.threads,
              with.at_once ? "at once" : "one after the other", without.threads,
              without.at_once ? "at once" : "one after the other");
  const bool all = with.threads == 3 && without.threads == 3 && with.at_once && without.at_once;
  return all ? 0 : 1;
}
