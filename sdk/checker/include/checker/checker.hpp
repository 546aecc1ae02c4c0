// What a vendor needs beside a compiler: a plugin to start from, the check of the whole contract, and a
// signature.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace madoguchi::checker {

struct Finding {
  enum class Kind : std::uint8_t { passed, warned, failed };
  Kind kind = Kind::passed;
  std::string about;  // e.g. "decide: the same answer twice"
  std::string what;   // what was seen; empty when there is nothing to add
};

struct Report {
  boost::json::object plugin;  // name, version, vendor, sha256, hooks, as far as they are known
  std::vector<Finding> findings;
  [[nodiscard]] bool good() const;  // nothing failed
};
boost::json::object to_json(const Report& report);
std::string to_text(const Report& report);

struct CheckOptions {
  std::filesystem::path host_program;       // madoguchi-plugin-host
  boost::json::object section;              // a section that the plugin must accept
  int calls = 2'000;                        // how often each hook is called for time and memory
  std::chrono::milliseconds deadline{250};  // that a counter would give it
};

// Takes `<name>.json` and the library beside it through the contract, in a process of the plugin's own:
// manifest, digest, symbols, ABI, describe, check, create, every hook with good and hostile requests, twice
// the same, time, memory.
Report check(const std::filesystem::path& manifest, const CheckOptions& options);

// Writes `<manifest>.p7s`; its path.
base::Result<std::filesystem::path> sign(const std::filesystem::path& manifest,
                                         const std::filesystem::path& certificate,
                                         const std::filesystem::path& key);

// Copies the plugin to start from, `my-rules` renamed, to `folder`, which must not be there yet or be empty.
base::Result<void> make_new(const std::filesystem::path& from, const std::string& name,
                            const std::filesystem::path& folder);

}  // namespace madoguchi::checker
