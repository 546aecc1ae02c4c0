// A card's memory in one JSON file, replaced as a whole at every change.
#pragma once

#include <string>

#include "base/result.hpp"
#include "simulated_card/image.hpp"

namespace madoguchi::simulated_card {

std::string to_json(const CardImage& image);
// invalid_params, with what is wrong in `inner`, for anything that to_json() could not have written.
base::Result<CardImage> from_json(std::string_view text);

// not_found when there is no such file.
base::Result<CardImage> load(const std::string& path);

class FileMemory : public Memory {
 public:
  explicit FileMemory(std::string path) : path_(std::move(path)) {}
  // Writes beside the file, syncs, renames over it and syncs the folder: after a crash the file is the old
  // image or the new one.
  bool commit(const CardImage& image) override;

 private:
  std::string path_;
};

}  // namespace madoguchi::simulated_card
