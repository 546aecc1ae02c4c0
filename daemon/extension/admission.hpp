// From a name in the configuration to bytes that may be loaded, or the reason why not. Nothing of the plugin
// runs here.
#pragma once

#include <string>

#include "descriptor.hpp"
#include "extension/manifest.hpp"
#include "folder.hpp"
#include "trust.hpp"

namespace madoguchi::extension {

// A manifest that may be believed.
struct Vouched {
  Manifest manifest;
  std::string text;    // the manifest's own
  std::string signer;  // subject; empty: unsigned
};

// `<name>.json` and `<name>.json.p7s`, each opened once.
base::Result<Vouched> vouch(const Folder& folder, const Trust& trust, const std::string& name,
                            bool allow_unsigned);

// The verified bytes of a library, in memory of its own that nobody can change any more (memfd, sealed).
struct Admitted : Vouched {
  Descriptor bytes;
};

// The library that the manifest names, opened once.
base::Result<Admitted> admit(const Folder& folder, Vouched vouched);

// Any bytes as an Admitted's; for a library that was read and verified elsewhere.
base::Result<Descriptor> seal(const std::string& name, base::ByteView bytes);

}  // namespace madoguchi::extension
