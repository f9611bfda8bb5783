#pragma once
#include <csignal>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace test {

/// What a program writes to stderr whose `call` ends it by abort; "it went on" where it does not. The call is
/// made in a process of its own.
inline std::string last_words(auto&& call) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);  // the test's own handler would report a failure
    dup2(ends[1], STDERR_FILENO);
    call();
    _exit(0);
  }
  close(ends[1]);
  std::string words;
  char part[256];
  for (ssize_t count = 0; (count = read(ends[0], part, sizeof part)) > 0;)
    words.append(part, static_cast<std::size_t>(count));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? words : "it went on";
}

}  // namespace test
