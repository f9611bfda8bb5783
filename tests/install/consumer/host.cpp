#include <cstdio>

#include <chemnne/emulator.hpp>
#include <chemnne/support/version.hpp>

int main() { std::printf("%.*s\n", static_cast<int>(chemnne::version.size()), chemnne::version.data()); }
