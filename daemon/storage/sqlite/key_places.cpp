#include "storage/key_places.hpp"

namespace madoguchi::storage {

std::vector<std::filesystem::path> KeyPlaces::all() const {
  std::vector<std::filesystem::path> files;
  if (given) files.push_back(*given);
  files.insert(files.end(), former.begin(), former.end());
  // The daemon's own seals where no other is meant to.
  files.insert(given ? files.end() : files.begin(), own);
  return files;
}

KeyPlaces key_places(const std::string& key, const std::vector<std::string>& former,
                     const std::filesystem::path& folder, const std::filesystem::path& state,
                     const std::optional<std::filesystem::path>& credential) {
  KeyPlaces places;
  places.given = key.empty() ? credential : std::optional(folder / key);
  for (const auto& name : former) places.former.push_back(folder / name);
  places.own = state / key_file_name;
  return places;
}

}  // namespace madoguchi::storage
