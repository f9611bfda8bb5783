#pragma once
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// Runs a program found on the PATH with `arguments` (its name first) inside `directory`; no shell comes
/// between. What it prints goes to the file `log` there. Its locale is C.UTF-8, whatever ours is: in the
/// locale C gnuplot warns of each sign that is not ASCII. Returns its exit status, -1: it could not be
/// started.
inline int run_program(const std::vector<std::string>& arguments, const std::string& directory,
                       const std::string& log) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  static char locale[] = "LC_ALL=C.UTF-8";
  std::vector<char*> environment{locale};
  for (char** variable = environ; *variable; ++variable)
    if (std::string_view(*variable).substr(0, 7) != "LC_ALL=") environment.push_back(*variable);
  environment.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t process = 0;
  const int error = posix_spawnp(&process, argv[0], &actions, nullptr, argv.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return -1;
  int status = 0;
  while (waitpid(process, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// A text in gnuplot's single quotes, where nothing is substituted, and to be shown letter for letter.
inline std::string gnuplot_text(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c == '\n' ? ' ' : c;
  }
  return quoted + "' noenhanced";
}

/// A folder of figures drawn by gnuplot: `name.gp` (run inside the folder, draws `name.part`), its data files
/// and `name.png`, which is there whole or not at all.
///
/// A missing or failing gnuplot is no error: scripts and data stay, and `trouble` says what happened.
class GnuplotFigures {
 public:
  /// Makes the folder. `program`: the command to run. Errors: Error when the folder cannot be made.
  explicit GnuplotFigures(std::string directory, std::string program = "gnuplot")
      : directory_(std::move(directory)), program_(std::move(program)) {
    std::error_code error;
    std::filesystem::create_directories(directory_, error);
    if (error) throw Error(directory_, "a folder that can be made", error.message());
  }

  /// Writes a data file for the scripts, which name it without the folder.
  void write_data(const std::string& file, const std::string& text) const {
    write_file_atomically(path(file), text);
  }

  /// Draws `name.png` of the given size in pixels with the commands `script`. True: the picture is there.
  bool draw(const std::string& name, int width, int height, const std::string& script) {
    write_file_atomically(path(name + ".gp"), preamble(name, width, height) + script);
    std::filesystem::remove(path(name + ".png"));
    const int status = run_program({program_, name + ".gp"}, directory_, name + ".log");
    if (std::filesystem::exists(path(name + ".log")) && std::filesystem::is_empty(path(name + ".log")))
      std::filesystem::remove(path(name + ".log"));
    if (status == 0 && is_whole_png(path(name + ".part"))) {
      std::filesystem::rename(path(name + ".part"), path(name + ".png"));
      return true;
    }
    std::filesystem::remove(path(name + ".part"));  // what a failed run left is no picture
    trouble_ = status == -1 ? program_ + " could not be started: is it installed (Debian: gnuplot-nox)?"
                            : program_ + " failed, see figures/" + name + ".log";
    return false;
  }

  /// The path of a file of the folder.
  std::string path(const std::string& file) const { return directory_ + "/" + file; }
  /// Why pictures are missing; empty when none is.
  const std::string& trouble() const { return trouble_; }

 private:
  /// gnuplot does not see that a disk is full. A PNG ends with the chunk IEND and its checksum (ISO/IEC
  /// 15948).
  static bool is_whole_png(const std::string& file) {
    return file_exists(file) && read_bytes(file).ends_with("IEND\xae\x42\x60\x82");
  }

  static std::string preamble(const std::string& name, int width, int height) {
    return "set terminal pngcairo enhanced rounded background '#ffffff' font 'DejaVu Sans,11' size " +
           std::to_string(width) + "," + std::to_string(height) + "\nset encoding utf8\nset output '" + name +
           ".part'\n"
           "set border 3 linecolor '#555555'\nset tics nomirror out textcolor '#333333'\n"
           "set grid linecolor '#e4e4e4' linewidth 1 linetype 1\nset key samplen 2 spacing 1.1\n";
  }

  std::string directory_;
  std::string program_;
  std::string trouble_;
};

}  // namespace chemnne
