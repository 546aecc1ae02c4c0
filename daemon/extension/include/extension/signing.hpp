// For vendors: the signature that a counter's administrator can trust.
#pragma once

#include <filesystem>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace madoguchi::extension {

// CMS SignedData (RFC 5652) in DER, detached, over these bytes of a manifest. Certificate and key are PEM
// files; a key with a pass phrase asks for it on the terminal. internal, naming the file, when that cannot
// be.
base::Result<base::Bytes> sign_manifest(base::ByteView manifest, const std::filesystem::path& certificate,
                                        const std::filesystem::path& key);

// Why no counter would take what is signed with this certificate today, for a manifest with that vendor.
base::Result<void> may_sign(const std::filesystem::path& certificate, const std::string& vendor);
// The subject of the signer, or why no counter would take this signature, whomever it trusts.
base::Result<std::string> signer_of(base::ByteView manifest, base::ByteView signature,
                                    const std::string& vendor);

}  // namespace madoguchi::extension
