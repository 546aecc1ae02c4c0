// A durable transition of a case, sealed and with its audit entries, against a bare write and fdatasync of
// the same bytes, and against the same rows as they are in SQLite.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "plain_store.hpp"
#include "script.hpp"
#include "suites.hpp"

namespace madoguchi::bench {
namespace {

namespace fs = std::filesystem;

// The floor writes over and over what is there already, so that no sync has to make a file longer.
constexpr std::size_t file_size = 16UL * 1024 * 1024;

std::string bytes_of(const storage::Change& change) {
  const auto& line = change.journal[0];
  const auto& event = change.events[0];
  return change.record->id + change.record->state + change.record->card + change.record->body + line.kind +
         line.body + event.topic + event.type + event.case_id + event.reader + event.data;
}

Measured commits(const std::string& folder, const std::string& transitions) {
  const std::shared_ptr<storage::Store> store = new_store(fs::path(folder) / "bench.db");
  return [store, script = std::make_shared<Script>(transitions)](benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) {
      if (const auto done = store->commit(script->next()); !done)
        throw std::runtime_error(base::describe(done.error()));
    }
  };
}

Measured plain_commits(const std::string& folder, const std::string& transitions) {
  const auto store = std::make_shared<PlainStore>(fs::path(folder) / "plain.db");
  return [store, script = std::make_shared<Script>(transitions)](benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) {
      const auto change = script->next();
      store->commit(change, script->audit_lines());
    }
  };
}

class File {
 public:
  explicit File(const fs::path& path) : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    write(std::string(file_size, '\0'), 0);
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void append(const std::string& bytes) {
    if (at_ + bytes.size() > file_size) at_ = 0;
    write(bytes, at_);
    at_ += bytes.size();
  }

 private:
  void write(const std::string& bytes, std::size_t at) const {
    if (::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at)) !=
            static_cast<ssize_t>(bytes.size()) ||
        ::fdatasync(fd_) != 0)
      throw std::system_error(errno, std::generic_category(), "a write or fdatasync");
  }

  int fd_;
  std::size_t at_ = 0;
};

Measured syncs(const std::string& folder, const std::string& transitions) {
  const auto file = std::make_shared<File>(fs::path(folder) / "bench.raw");
  return [file, script = std::make_shared<Script>(transitions)](benchmark::State& state) {
    double bytes = 0;
    for ([[maybe_unused]] auto _ : state) {
      auto written = bytes_of(script->next());
      written += script->new_beside();
      file->append(written);
      bytes += static_cast<double>(written.size());
    }
    state.counters["bytes"] = bytes / static_cast<double>(state.iterations());
  };
}

}  // namespace

void add_store(Pairs& pairs, Effort effort, const std::string& folder, const std::string& transitions) {
  // Whole renewals of 39 transitions, few enough that a disk's mood does not change within a pair.
  pairs.add({"transition", effort.of(156), commits(folder, transitions), syncs(folder, transitions)});
  pairs.add({"sealing", effort.of(156), commits(folder + "/sealed", transitions),
             plain_commits(folder, transitions)});
}

}  // namespace madoguchi::bench
