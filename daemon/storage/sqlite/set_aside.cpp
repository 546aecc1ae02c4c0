#include "storage/set_aside.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <system_error>

#include "base/calendar.hpp"
#include "sqlite/rows.hpp"

namespace madoguchi::storage {
namespace {

namespace fs = std::filesystem;

// The time stands behind the mark, as `madoguchi store restore` writes it. What somebody has put there under
// a name of their own is theirs to look after.
bool is_copy(const std::string& name, const std::string& store) {
  const auto begin = store + set_aside_mark;
  constexpr std::string_view like = "00000000-000000";
  return name.starts_with(begin) && std::equal(name.begin() + static_cast<std::ptrdiff_t>(begin.size()),
                                               name.end(), like.begin(), like.end(), [](char c, char form) {
                                                 return form == '0' ? c >= '0' && c <= '9' : c == form;
                                               });
}

// Nothing for a stamp that is no time.
std::optional<base::Instant> stamped_at(std::string_view name) {
  constexpr std::size_t length = 15;
  const std::string stamp(name.substr(name.size() - length));
  return base::parse_time(stamp.substr(0, 4) + "-" + stamp.substr(4, 2) + "-" + stamp.substr(6, 2) + "T" +
                          stamp.substr(9, 2) + ":" + stamp.substr(11, 2) + ":" + stamp.substr(13, 2) +
                          "+09:00");
}

// Neither column is sealed, in no version of the store.
base::Result<std::map<std::string, base::Instant>> last_changes(const fs::path& path) {
  auto connection = Connection::open(path);
  if (!connection) return connection.error();
  connection->leave_log();
  if (auto only = connection->execute("PRAGMA query_only = ON"); !only) return only.error();
  auto statement = connection->prepare("SELECT state, max(updated_at) FROM cases GROUP BY state");
  if (!statement) return statement.error();
  Query rows(*statement);
  std::map<std::string, base::Instant> found;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return found;
    found.emplace(rows.text(0), instant(rows.integer(1)));
  }
}

SetAside seen(const fs::directory_entry& entry) {
  std::error_code error;
  SetAside copy{entry.path(), static_cast<std::int64_t>(entry.file_size(error)), {}, {}, {}};
  const auto written = std::chrono::file_clock::to_sys(entry.last_write_time(error));
  copy.written_at = std::chrono::time_point_cast<base::Instant::duration>(written);
  copy.put_aside_at = stamped_at(entry.path().filename().string()).value_or(copy.written_at);
  if (auto changes = last_changes(entry.path())) copy.last_changed = std::move(*changes);
  return copy;
}

}  // namespace

std::string set_aside_stamp(base::Instant at) {
  std::string stamp;
  for (const char c : base::format_time(at).substr(0, std::string_view("0000-00-00T00:00:00").size()))
    if (c != '-' && c != ':') stamp += c == 'T' ? '-' : c;
  return stamp;
}

std::vector<SetAside> stores_set_aside(const fs::path& store) {
  std::vector<SetAside> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(store.parent_path(), error)) {
    const bool plain = entry.is_regular_file(error) && !entry.is_symlink(error);
    if (plain && is_copy(entry.path().filename(), store.filename())) found.push_back(seen(entry));
  }
  std::sort(found.begin(), found.end(),
            [](const SetAside& one, const SetAside& other) { return one.path < other.path; });
  return found;
}

base::Result<void> remove_set_aside(const fs::path& path) {
  // The store last: what could be left behind is found again by its name.
  for (const auto* suffix : {"-wal", "-shm", ""}) {
    std::error_code error;
    fs::remove(path.string() + suffix, error);
    if (error)
      return base::make_fault(base::Code::storage_unavailable,
                              path.string() + suffix + ": " + error.message());
  }
  return {};
}

}  // namespace madoguchi::storage
