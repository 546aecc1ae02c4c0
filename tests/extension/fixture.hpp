// Folders of plugins that may be tampered with, and vendors who sign.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "../temporary_folder.hpp"
#include "base/bytes.hpp"
#include "base/log.hpp"
#include "extension/plugins.hpp"
#include "policy/policy.hpp"

namespace madoguchi::extension {

using tests::TemporaryFolder;

base::Bytes read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, base::ByteView bytes);
std::string as_text(base::ByteView bytes);
base::ByteView as_bytes(std::string_view text);

// A certificate of its own signing, with its key.
struct Vendor {
  Vendor(const TemporaryFolder& folder, const std::string& name,
         const char* extended_key_usage = "codeSigning", std::chrono::seconds begins = std::chrono::hours(-1),
         std::chrono::seconds ends = std::chrono::hours(1));
  void sign(const std::filesystem::path& manifest) const;  // writes the .p7s beside it
  std::filesystem::path certificate;
  std::filesystem::path key;
};

class KeptLog : public base::Log {
 public:
  void write(base::Level, std::string_view id, std::initializer_list<base::Field> fields) override;
  std::string text;
};

// bad_<fault> of bad/, as it was built, in a folder of one's own.
void put(const TemporaryFolder& folder, const std::string& name);

// Writes into the library of bad_constructor what its constructor does ("<deed>:<of what>", bad/plugin.cpp),
// and the digest of that into the manifest.
void put_deed(const TemporaryFolder& folder, const std::string& name, std::string_view deed);
// The first `from` in the file as `to`.
void change(const std::filesystem::path& file, std::string_view from, std::string_view to);

PluginConfig configured(const std::string& name, Isolation isolation = Isolation::none);
HostConfig host(const TemporaryFolder& folder, std::vector<PluginConfig> plugins);

// A city that never closes, with that section for the plugin.
policy::Policy policy_with(const std::string& plugin, boost::json::object section);
policy::Facts visit();

}  // namespace madoguchi::extension
