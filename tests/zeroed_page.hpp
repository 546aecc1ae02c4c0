// What a torn or lost sector leaves of a store that has ended.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace madoguchi::tests {

// Fills the page of the file in which the text stands with zeros.
inline void zero_page_with(const std::filesystem::path& store, const std::string& text) {
  constexpr std::size_t page = 4096;
  std::fstream file(store, std::ios::binary | std::ios::in | std::ios::out);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto found = bytes.find(text);
  if (found == std::string::npos) throw std::runtime_error("not in the store: " + text);
  file.clear();
  file.seekp(static_cast<std::streamoff>(found / page * page));
  file << std::string(page, '\0');
  if (!file.flush()) throw std::runtime_error("cannot write " + store.string());
}

}  // namespace madoguchi::tests
