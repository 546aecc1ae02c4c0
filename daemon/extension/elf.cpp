#include "elf.hpp"

#include <elf.h>

#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "madoguchi/abi.h"

namespace madoguchi::extension {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half this_machine = EM_AARCH64;
#else
#error "say which ELF machine this is"
#endif

// Reads without ever leaving the bytes.
class Image {
 public:
  explicit Image(base::ByteView bytes) : bytes_(bytes) {}

  template <class T>
  [[nodiscard]] std::optional<T> at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }

  // Up to the NUL, which must come within the section.
  [[nodiscard]] std::optional<std::string_view> text(const Elf64_Shdr& section, std::uint64_t offset) const {
    if (offset >= section.sh_size || section.sh_offset > bytes_.size() ||
        bytes_.size() - section.sh_offset < section.sh_size) {
      return std::nullopt;
    }
    const auto* begin = reinterpret_cast<const char*>(bytes_.data() + section.sh_offset + offset);
    const auto size = strnlen(begin, section.sh_size - offset);
    if (size == section.sh_size - offset) return std::nullopt;
    return std::string_view(begin, size);
  }

  // The same without a section's bounds: within the file.
  [[nodiscard]] std::optional<std::string_view> text(std::uint64_t offset) const {
    if (offset >= bytes_.size()) return std::nullopt;
    const auto* begin = reinterpret_cast<const char*>(bytes_.data() + offset);
    const auto size = strnlen(begin, bytes_.size() - offset);
    if (size == bytes_.size() - offset) return std::nullopt;
    return std::string_view(begin, size);
  }

 private:
  base::ByteView bytes_;
};

std::string header_objection(const Elf64_Ehdr& header) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return "not an ELF file";
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != this_machine) {
    return "built for another architecture (ELF machine " + std::to_string(header.e_machine) +
           ", this one is " + std::to_string(this_machine) + ")";
  }
  if (header.e_type != ET_DYN) return "not a shared object";
  if (header.e_shentsize != sizeof(Elf64_Shdr)) return "an ELF file without readable sections";
  return {};
}

std::optional<Elf64_Shdr> section(const Image& image, const Elf64_Ehdr& header, std::uint64_t index) {
  if (index >= header.e_shnum) return std::nullopt;
  return image.at<Elf64_Shdr>(header.e_shoff + index * sizeof(Elf64_Shdr));
}

std::optional<Elf64_Shdr> section_of_type(const Image& image, const Elf64_Ehdr& header, Elf64_Word type) {
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    const auto found = section(image, header, i);
    if (found && found->sh_type == type) return found;
  }
  return std::nullopt;
}

struct Symbol {
  std::string_view name;
  unsigned char info = 0;
};

// What the library defines; nothing, and `why`, when the tables do not fit the file.
std::vector<Symbol> defined_symbols(const Image& image, const Elf64_Ehdr& header, std::string& why) {
  const auto symbols = section_of_type(image, header, SHT_DYNSYM);
  const auto names = symbols ? section(image, header, symbols->sh_link) : std::nullopt;
  std::vector<Symbol> defined;
  if (!names) {
    why = "no dynamic symbols";
    return defined;
  }
  for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= symbols->sh_size; at += sizeof(Elf64_Sym)) {
    const auto symbol = image.at<Elf64_Sym>(symbols->sh_offset + at);
    const auto name = symbol ? image.text(*names, symbol->st_name) : std::nullopt;
    if (!name) {
      why = "a symbol table that does not fit the file";
      return {};
    }
    if (symbol->st_shndx != SHN_UNDEF) defined.push_back({*name, symbol->st_info});
  }
  return defined;
}

std::string symbols_objection(const Image& image, const Elf64_Ehdr& header) {
  std::string why;
  bool query = false;
  for (const auto& [name, info] : defined_symbols(image, header, why)) {
    const auto binding = ELF64_ST_BIND(info);
    if (binding == STB_GNU_UNIQUE) {
      return "the symbol " + std::string(name) +
             " is unique (STB_GNU_UNIQUE) and would keep it loaded; build with -fno-gnu-unique";
    }
    query =
        query || (name == MADOGUCHI_QUERY_SYMBOL && binding == STB_GLOBAL && ELF64_ST_TYPE(info) == STT_FUNC);
  }
  if (!why.empty() || query) return why;
  return "the function " MADOGUCHI_QUERY_SYMBOL " is not exported";
}

std::optional<Elf64_Phdr> segment(const Image& image, const Elf64_Ehdr& header, std::uint64_t index) {
  if (index >= header.e_phnum || header.e_phentsize != sizeof(Elf64_Phdr)) return std::nullopt;
  return image.at<Elf64_Phdr>(header.e_phoff + index * sizeof(Elf64_Phdr));
}

// Where in the file stands what is loaded to that address.
std::optional<std::uint64_t> loaded_at(const Image& image, const Elf64_Ehdr& header, std::uint64_t address) {
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto found = segment(image, header, i);
    if (!found || found->p_type != PT_LOAD || address < found->p_vaddr) continue;
    if (address - found->p_vaddr < found->p_filesz) return found->p_offset + (address - found->p_vaddr);
  }
  return std::nullopt;
}

// By the segments, as the loader reads it: sections may say what they like.
std::optional<std::vector<Elf64_Dyn>> dynamic_entries(const Image& image, const Elf64_Ehdr& header) {
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto found = segment(image, header, i);
    if (!found || found->p_type != PT_DYNAMIC) continue;
    std::vector<Elf64_Dyn> entries;
    for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= found->p_filesz; at += sizeof(Elf64_Dyn)) {
      const auto entry = image.at<Elf64_Dyn>(found->p_offset + at);
      if (!entry) return std::nullopt;
      if (entry->d_tag == DT_NULL) return entries;
      entries.push_back(*entry);
    }
    return std::nullopt;
  }
  return std::nullopt;
}

// Only what stands in the verified bytes, and the system's own libraries, may be loaded with it.
std::string entry_objection(const Elf64_Dyn& entry) {
  const auto flags = entry.d_un.d_val;
  switch (entry.d_tag) {
    case DT_TEXTREL:
      return "text relocations; build with -fPIC";
    case DT_FLAGS:
      if ((flags & DF_TEXTREL) != 0) return "text relocations; build with -fPIC";
      return (flags & DF_ORIGIN) != 0 ? "it asks for libraries beside itself (DF_ORIGIN)" : "";
    case DT_FLAGS_1:
      return (flags & DF_1_ORIGIN) != 0 ? "it asks for libraries beside itself (DF_1_ORIGIN)" : "";
    case DT_RPATH:
    case DT_RUNPATH:
      return "a search path for libraries of its own (RPATH or RUNPATH); link without -rpath";
    case DT_AUDIT:
    case DT_DEPAUDIT:
    case DT_FILTER:
    case DT_AUXILIARY:
      return "it has other libraries loaded for it (an audit library or a filter)";
    default:
      return {};
  }
}

std::string dynamic_objection(const Image& image, const Elf64_Ehdr& header) {
  const auto entries = dynamic_entries(image, header);
  if (!entries) return "no dynamic section that fits the file";
  std::optional<std::uint64_t> names;
  for (const auto& entry : *entries) {
    if (auto why = entry_objection(entry); !why.empty()) return why;
    if (entry.d_tag == DT_STRTAB) names = loaded_at(image, header, entry.d_un.d_ptr);
  }
  for (const auto& entry : *entries) {
    if (entry.d_tag != DT_NEEDED) continue;
    const auto name = names ? image.text(*names + entry.d_un.d_val) : std::nullopt;
    if (!name) return "a needed library without a name";
    if (name->find('/') != std::string_view::npos)
      return "it needs " + std::string(*name) + " by its path; only the system's libraries are loaded";
  }
  return {};
}

}  // namespace

std::string elf_objection(base::ByteView library) {
  const Image image(library);
  const auto header = image.at<Elf64_Ehdr>(0);
  if (!header) return "not an ELF file";
  if (auto wrong = header_objection(*header); !wrong.empty()) return wrong;
  if (auto wrong = symbols_objection(image, *header); !wrong.empty()) return wrong;
  return dynamic_objection(image, *header);
}

std::vector<std::string> elf_exports(base::ByteView library) {
  const Image image(library);
  const auto header = image.at<Elf64_Ehdr>(0);
  std::vector<std::string> names;
  if (!header || !header_objection(*header).empty()) return names;
  std::string why;
  for (const auto& symbol : defined_symbols(image, *header, why)) names.emplace_back(symbol.name);
  return names;
}

}  // namespace madoguchi::extension
