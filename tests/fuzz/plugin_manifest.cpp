// A plugin's manifest, before anybody has vouched for it.
#include "extension/manifest.hpp"

#include "target.hpp"

using namespace madoguchi;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto manifest = extension::parse_manifest(fuzz::text_of({data, size}));
  if (!manifest) {
    fuzz::claim(manifest.error().code == base::Code::plugin_failed, "a manifest's fault is the plugin's");
    return 0;
  }
  fuzz::claim(extension::is_plugin_name(manifest->name), "a name may become a file's");
  fuzz::claim(manifest->library.find('/') == std::string::npos && manifest->library != ".." &&
                  manifest->library.find('\0') == std::string::npos,
              "a library is in the plugins' folder");
  fuzz::claim(manifest->sha256.size() == 64 && base::from_hex(manifest->sha256), "a digest is one");
  return 0;
}
