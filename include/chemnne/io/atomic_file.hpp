#pragma once
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chemnne/support/error.hpp>

namespace chemnne {

namespace detail {

/// A file under a temporary name of its own beside its final one; removed unless `publish` was reached.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& path) : path_(path) {
    struct stat there {};
    if (stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode))
      throw Error(path, "a file or nothing", "a folder or device");
    // Other threads, hosts of one file system, and processes that were killed have names of their own.
    for (unsigned number = 0; descriptor_ < 0; ++number) {
      temporary_ = path + ".part-" + std::to_string(getpid()) + '-' + std::to_string(number);
      descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (descriptor_ < 0 && errno != EEXIST) fail("a place where a file can be made");
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!published_) unlink(temporary_.c_str());
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail("a file that takes " + std::to_string(bytes.size()) + " more bytes");
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void publish() {
    if (fsync(descriptor_) != 0) fail("a file that reaches the disk");
    const int status = close(descriptor_);
    descriptor_ = -1;
    if (status != 0) fail("a file that closes");
    if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail("a file that can be replaced");
    published_ = true;
    bring_name_to_disk();
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    throw Error(path_, expected, std::strerror(errno));
  }

  /// The folder's entry, which a crash could lose although the content is on the disk. Not all file systems
  /// can: then it comes there in its time.
  void bring_name_to_disk() const {
    const std::size_t slash = path_.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    fsync(descriptor);
    close(descriptor);
  }

  std::string path_;
  std::string temporary_;
  int descriptor_ = -1;
  bool published_ = false;
};

}  // namespace detail

/// Puts `bytes` at `path` at once: readers, and a run after a crash, see the old file or the whole new one.
///
/// A temporary file beside it is written, brought to the disk (fsync) and renamed.
/// Errors: Error naming the path and the system's reason; the old file is then untouched.
inline void write_file_atomically(const std::string& path, std::string_view bytes) {
  detail::TemporaryFile file(path);
  file.write(bytes);
  file.publish();
}

/// Makes sure, before hours of work, that a file can be made at `path`. Errors: Error naming the path and the
/// system's reason.
inline void require_place_for_file(const std::string& path) { detail::TemporaryFile probe(path); }

}  // namespace chemnne
