#pragma once
#include <cstdio>

#include <unistd.h>

namespace test {

/// What work() prints, to standard output and to standard error together.
template <class Work>
long printed_bytes(const Work& work) {
  std::FILE* const capture = std::tmpfile();
  const int output = dup(1), errors = dup(2);
  std::fflush(nullptr);
  dup2(fileno(capture), 1);
  dup2(fileno(capture), 2);
  work();
  std::fflush(nullptr);
  dup2(output, 1);
  dup2(errors, 2);
  close(output);
  close(errors);
  std::fseek(capture, 0, SEEK_END);
  const long bytes = std::ftell(capture);
  std::fclose(capture);
  return bytes;
}

}  // namespace test
