#include "doctor/listening.hpp"

#include <charconv>
#include <fstream>
#include <sstream>
#include <string>

namespace madoguchi::doctor {
namespace {

namespace fs = std::filesystem;

// One socket may have been bound by another way to the same folder.
fs::path resolved(const fs::path& path) {
  std::error_code error;
  const auto absolute = fs::absolute(path, error);
  const auto folder = fs::weakly_canonical(absolute.parent_path(), error);
  return (error ? absolute.parent_path() : folder) / absolute.filename();
}

// Num RefCount Protocol Flags Type St Inode Path (proc(5))
bool accepts(const std::string& flags) {
  constexpr unsigned long accepting = 0x10000;  // __SO_ACCEPTCON
  unsigned long bits = 0;
  const auto* end = flags.data() + flags.size();
  return std::from_chars(flags.data(), end, bits, 16).ec == std::errc() && (bits & accepting) != 0;
}

}  // namespace

bool listens(const fs::path& socket) {
  const auto own = resolved(socket);
  std::ifstream table("/proc/net/unix");
  for (std::string line; std::getline(table, line);) {
    std::istringstream fields(line);
    std::string number, references, protocol, flags, type, state, inode, path;
    fields >> number >> references >> protocol >> flags >> type >> state >> inode >> std::ws;
    if (!std::getline(fields, path) || !path.starts_with('/') || !accepts(flags)) continue;
    // The daemon's own is bound beside its place, and moved there once it can be used.
    const auto bound = resolved(path);
    if (bound == own || bound == own.string() + ".new") return true;
  }
  return false;
}

}  // namespace madoguchi::doctor
