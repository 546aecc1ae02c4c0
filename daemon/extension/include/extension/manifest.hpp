// What is known of a plugin before anything of it runs: its manifest, a JSON file beside the library.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace madoguchi::extension {

enum class Hook : std::uint8_t { decide, schedule, advance, call };
inline constexpr std::array<std::string_view, 4> hook_names{"decide", "schedule", "advance", "call"};
inline std::string_view to_text(Hook hook) {
  return hook_names.at(static_cast<std::size_t>(hook));
}

// A set of hooks, as the ABI's bits.
struct Hooks {
  std::uint32_t bits = 0;
  [[nodiscard]] bool has(Hook hook) const { return (bits >> static_cast<unsigned>(hook) & 1U) != 0; }
  void add(Hook hook) { bits |= 1U << static_cast<unsigned>(hook); }
  // A plugin that says what may be done, or when: its silence is a denial.
  [[nodiscard]] bool rules() const { return has(Hook::decide) || has(Hook::schedule); }
  bool operator==(const Hooks&) const = default;
};

struct Manifest {
  std::string name;     // lower-case letters, digits and '-', beginning with a letter
  std::string version;  // of the plugin
  std::string vendor;
  std::uint32_t abi_major = 0;
  std::uint32_t abi_minor = 0;
  Hooks hooks;
  std::string library;  // file name, without a folder
  std::string sha256;   // of the library, lower-case hexadecimal
};

inline constexpr std::size_t longest_manifest = std::size_t{16} * 1024;

// plugin_failed, with what is wrong in `inner`: not JSON, a member unknown, missing or not of its form.
base::Result<Manifest> parse_manifest(std::string_view text);

// Names become file names and the first part of codes.
bool is_plugin_name(std::string_view name);

}  // namespace madoguchi::extension
