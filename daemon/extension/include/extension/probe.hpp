// For vendors' tools: a library looked at and started without a counter's trust.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "extension/manifest.hpp"
#include "extension/running.hpp"

namespace madoguchi::extension {

// Empty, or why a counter would not load these bytes.
std::string library_objection(base::ByteView library);
// What a library defines for others to use.
std::vector<std::string> exported_symbols(base::ByteView library);

// In a process of its own, as a counter would. `manifest_text` is the manifest as it was read.
base::Result<std::unique_ptr<Running>> start_probe(const std::string& manifest_text, base::ByteView library,
                                                   const std::filesystem::path& host_program,
                                                   std::size_t memory_bytes, base::Log& log);

}  // namespace madoguchi::extension
