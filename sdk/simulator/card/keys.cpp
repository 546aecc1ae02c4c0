#include "simulated_card/keys.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <utility>
#include <vector>

namespace madoguchi::simulated_card {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".key";

std::vector<fs::path> keys_in(const std::string& folder) {
  std::vector<fs::path> keys;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == suffix) keys.push_back(at->path());
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

base::Bytes read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

KeySource ready_keys(std::string folder) {
  return [folder = std::move(folder)] {
    for (const auto& key : keys_in(folder)) {
      auto bytes = read(key);
      std::error_code error;
      // Of several who have read it only one removes it.
      if (!bytes.empty() && fs::remove(key, error) && !error) return bytes;
    }
    return generate_rsa_2048();
  };
}

base::Result<void> stock(const std::string& folder, int count) {
  std::error_code error;
  fs::create_directories(folder, error);
  const auto batch = std::to_string(std::random_device{}());
  for (int made = 0; made < count; ++made) {
    const auto key = generate_rsa_2048();
    const auto name = batch + "-" + std::to_string(made);
    const auto part = fs::path(folder) / (name + ".part");
    const auto whole = fs::path(folder) / (name + std::string(suffix));
    std::ofstream file(part, std::ios::binary);
    file.write(reinterpret_cast<const char*>(key.data()), static_cast<std::streamsize>(key.size()));
    file.close();
    if (file) fs::rename(part, whole, error);
    if (!file || error)
      return base::make_fault(base::Code::storage_unavailable, "cannot write " + whole.string());
  }
  return {};
}

}  // namespace madoguchi::simulated_card
