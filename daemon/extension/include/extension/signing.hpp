// For vendors: the signature that a counter's administrator can trust.
#pragma once

#include <filesystem>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace madoguchi::extension {

// CMS SignedData (RFC 5652) in DER, detached, over these bytes of a manifest. Certificate and key are PEM
// files; a key with a pass phrase asks for it on the terminal. internal, naming the file, when that cannot
// be.
base::Result<base::Bytes> sign_manifest(base::ByteView manifest, const std::filesystem::path& certificate,
                                        const std::filesystem::path& key);

}  // namespace madoguchi::extension
