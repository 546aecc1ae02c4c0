// A plugin's library in this process: loaded from sealed bytes, held against the ABI, called behind a
// barrier.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "descriptor.hpp"
#include "extension/manifest.hpp"
#include "extension/running.hpp"

namespace madoguchi::extension {

// A line of the plugin's for the log; the level is the ABI's.
using LogLine = std::function<void(int level, std::string_view line)>;

class Library {
 public:
  // Loads the bytes (the library's constructors run) and checks the descriptor before anything is called
  // through it.
  static base::Result<std::unique_ptr<Library>> load(Descriptor bytes, const Manifest& manifest, LogLine log);
  virtual ~Library() = default;

  // A Fault is plugin_failed: the plugin refused, failed, threw, or said more than `longest_answer`.
  virtual base::Result<std::string> call(Verb verb, std::string_view request) = 0;
};

}  // namespace madoguchi::extension
