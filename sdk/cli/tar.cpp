#include "tar.hpp"

#include <array>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <stdexcept>

namespace madoguchi::cli {
namespace {

constexpr std::size_t block = 512;

struct Header {
  std::array<char, 100> name;
  std::array<char, 8> mode, uid, gid;
  std::array<char, 12> size, modified;
  std::array<char, 8> checksum;
  char type;
  std::array<char, 100> link;
  std::array<char, 6> magic;
  std::array<char, 2> version;
  std::array<char, 32> user, group;
  std::array<char, 8> major, minor;
  std::array<char, 155> prefix;
  std::array<char, 12> rest;
};
static_assert(sizeof(Header) == block);

template <std::size_t Size>
void put_octal(std::array<char, Size>& field, std::uint64_t value) {
  static_cast<void>(std::snprintf(field.data(), Size, "%0*llo", static_cast<int>(Size - 1),
                                  static_cast<unsigned long long>(value)));
}

}  // namespace

void Tar::add(std::string_view name, std::string_view content, std::int64_t modified) {
  Header header{};
  if (name.size() >= header.name.size()) throw std::length_error("a name in an archive");
  name.copy(header.name.data(), name.size());
  put_octal(header.mode, 0600);
  put_octal(header.uid, 0);
  put_octal(header.gid, 0);
  put_octal(header.size, content.size());
  put_octal(header.modified, static_cast<std::uint64_t>(modified));
  header.type = '0';
  std::memcpy(header.magic.data(), "ustar", 6);
  std::memcpy(header.version.data(), "00", 2);
  header.checksum.fill(' ');
  std::array<unsigned char, block> bytes{};
  std::memcpy(bytes.data(), &header, block);
  const auto sum = std::accumulate(bytes.begin(), bytes.end(), 0U);
  static_cast<void>(std::snprintf(header.checksum.data(), header.checksum.size(), "%06o", sum));
  bytes_.append(reinterpret_cast<const char*>(&header), block);
  bytes_.append(content);
  bytes_.append((block - content.size() % block) % block, '\0');
}

std::string Tar::finish() {
  bytes_.append(2 * block, '\0');
  return std::move(bytes_);
}

}  // namespace madoguchi::cli
