#include "admission.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "elf.hpp"

namespace madoguchi::extension {
namespace {

using base::Code;
using base::make_fault;

base::Result<std::string> signer_of(const Folder& folder, const Trust& trust, const Manifest& manifest,
                                    base::ByteView text, bool allow_unsigned) {
  const auto signature = folder.read(manifest.name + ".json.p7s", largest_signature);
  if (!signature) {
    if (signature.error().code != Code::not_found) return signature.error();
    if (allow_unsigned) return std::string();
    return make_fault(Code::plugin_failed, "signature: the manifest is not signed");
  }
  return trust.verify(text, *signature, manifest.vendor);
}

}  // namespace

base::Result<Descriptor> seal(const std::string& name, base::ByteView bytes) {
  Descriptor fd(::memfd_create(("madoguchi-" + name).c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  std::size_t done = 0;
  while (fd.open() && done < bytes.size()) {
    const auto put = ::write(fd.get(), bytes.data() + done, bytes.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) break;
    done += static_cast<std::size_t>(put);
  }
  constexpr int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (!fd.open() || done < bytes.size() || ::fcntl(fd.get(), F_ADD_SEALS, seals) != 0) {
    return make_fault(Code::plugin_failed, std::string("no memory for the library: ") + std::strerror(errno));
  }
  return fd;
}

base::Result<Vouched> vouch(const Folder& folder, const Trust& trust, const std::string& name,
                            bool allow_unsigned) {
  const auto text = folder.read(name + ".json", longest_manifest);
  if (!text) return make_fault(Code::plugin_failed, text.error().inner);
  auto manifest = parse_manifest({reinterpret_cast<const char*>(text->data()), text->size()});
  if (!manifest) return manifest.error();
  if (manifest->name != name) {
    return make_fault(Code::plugin_failed,
                      "manifest: it is of \"" + manifest->name + "\", not of \"" + name + "\"");
  }
  auto signer = signer_of(folder, trust, *manifest, *text, allow_unsigned);
  if (!signer) return signer.error();
  return Vouched{std::move(*manifest), std::string(text->begin(), text->end()), std::move(*signer)};
}

base::Result<Admitted> admit(const Folder& folder, Vouched vouched) {
  const auto library = folder.read(vouched.manifest.library, largest_library);
  if (!library) return make_fault(Code::plugin_failed, library.error().inner);
  if (base::to_hex(base::sha256(*library)) != vouched.manifest.sha256) {
    return make_fault(Code::plugin_failed,
                      "the library is not the one that the manifest names (SHA-256 differs)");
  }
  if (auto why = elf_objection(*library); !why.empty())
    return make_fault(Code::plugin_failed, "library: " + why);
  auto sealed = seal(vouched.manifest.name, *library);
  if (!sealed) return sealed.error();
  return Admitted{std::move(vouched), std::move(*sealed)};
}

}  // namespace madoguchi::extension
