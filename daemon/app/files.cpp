#include "files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <iterator>

#include "base/key_file.hpp"
#include "base/secret.hpp"
#include "doctor/examinations.hpp"
#include "storage/key_places.hpp"

namespace madoguchi::app {
namespace {

using base::Code;
using base::make_fault;

constexpr std::uintmax_t max_size = std::uintmax_t{1} << 20;

// What may not be looked at lies in a folder that is there, and is meant.
bool leads_somewhere(const std::filesystem::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 || errno == EACCES;
}

}  // namespace

base::Result<std::string> read_text(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return make_fault(Code::not_found, path.string() + ": " + error.message());
  if (size > max_size) return make_fault(Code::internal, path.string() + ": larger than 1 MiB");
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) return make_fault(Code::internal, path.string() + ": cannot be read");
  return text;
}

base::Result<base::Bytes> read_bytes(const std::filesystem::path& path) {
  const auto text = read_text(path);
  if (!text) return text.error();
  return base::Bytes(text->begin(), text->end());
}

base::Result<base::Bytes> read_key(const std::filesystem::path& path) {
  if (const auto allowed = base::check_secret(path, "a key"); !allowed) return allowed.error();
  return read_bytes(path);
}

base::Result<base::Bytes> read_terminal_key(const std::filesystem::path& path) {
  const auto text = read_key(path);
  if (!text) return text.error();
  std::string hex(text->begin(), text->end());
  while (!hex.empty() && (hex.back() == '\n' || hex.back() == '\r')) hex.pop_back();
  auto key = base::from_hex(hex);
  base::wipe(hex.data(), hex.size());
  if (!key || key->size() != 32) {
    return make_fault(Code::internal, path.string() + ": not 32 bytes in hexadecimal");
  }
  return std::move(*key);
}

settings::NameOfSecret names_of_secrets(std::filesystem::path folder) {
  return [folder = std::move(folder)](const std::string& written, const std::string& place) {
    const auto path = folder / written;
    // Both may come later: the service manager lays the one out, the daemon makes the other.
    const bool comes = doctor::handed_over(path) || path.filename() == storage::key_file_name;
    if (comes || leads_somewhere(path)) return written;
    std::error_code error;
    auto there = path.parent_path();
    while (there.has_relative_path() && !std::filesystem::is_directory(there, error))
      there = there.parent_path();
    return (there / ("(named by " + place + ")")).string();
  };
}

base::Result<void> check_store_folder(const std::filesystem::path& folder) {
  if (!doctor::everybody_adds_to(folder)) return {};
  constexpr const char* what_to_do =
      "; see that what is in it is still what was there, then run chmod 0700 on it, or where others need it "
      "give the store a folder of its own (store.path)";
  return make_fault(Code::storage_unavailable,
                    folder.string() + " can be written to by everybody" + what_to_do);
}

}  // namespace madoguchi::app
