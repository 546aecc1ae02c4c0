// What these tests have in common: a folder that goes with the test, and a log that remembers.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "../temporary_folder.hpp"
#include "base/log.hpp"
#include "storage/keyring.hpp"

namespace madoguchi::app {

using Folder = tests::TemporaryFolder;

// A key that the stores of these tests are sealed with.
inline storage::Keyring a_ring() {
  storage::Keyring ring;
  ring.keys.push_back(storage::SealingKey::from_text(std::string(64, '1')).value());
  return ring;
}

struct RememberingLog : base::Log {
  void write(base::Level, std::string_view id, std::initializer_list<base::Field> fields) override {
    std::string line(id);
    for (const auto& field : fields) {
      if (const auto* text = std::get_if<std::string>(&field.value)) line.append(" ").append(*text);
    }
    lines.push_back(std::move(line));
  }
  std::vector<std::string> lines{};
};

}  // namespace madoguchi::app
