#include "extension/probe.hpp"

#include "elf.hpp"
#include "isolated.hpp"

namespace madoguchi::extension {

std::string library_objection(base::ByteView library) {
  return elf_objection(library);
}

std::vector<std::string> exported_symbols(base::ByteView library) {
  return elf_exports(library);
}

base::Result<std::unique_ptr<Running>> start_probe(const std::string& manifest_text, base::ByteView library,
                                                   const std::filesystem::path& host_program,
                                                   std::size_t memory_bytes, base::Log& log) {
  auto manifest = parse_manifest(manifest_text);
  if (!manifest) return manifest.error();
  auto sealed = seal(manifest->name, library);
  if (!sealed) return sealed.error();
  const Admitted admitted{{std::move(*manifest), manifest_text, {}}, std::move(*sealed)};
  return start_isolated(admitted, host_program, memory_bytes, log, opening_deadline);
}

}  // namespace madoguchi::extension
