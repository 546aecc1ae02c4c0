#include "elf.hpp"

#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <limits>
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

  // What stands at `offset` of a piece of the file, up to the NUL, which must come within the piece.
  [[nodiscard]] std::optional<std::string_view> text(std::uint64_t begin, std::uint64_t size,
                                                     std::uint64_t offset) const {
    if (offset >= size || begin > bytes_.size() || bytes_.size() - begin < size) return std::nullopt;
    const auto* first = reinterpret_cast<const char*>(bytes_.data() + begin + offset);
    const auto length = strnlen(first, size - offset);
    if (length == size - offset) return std::nullopt;
    return std::string_view(first, length);
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
    const auto name = symbol ? image.text(names->sh_offset, names->sh_size, symbol->st_name) : std::nullopt;
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

// What the loader goes by: sections may say what they like.
struct Segments {
  std::vector<Elf64_Phdr> loaded;
  std::vector<Elf64_Phdr> dynamic;
};

std::optional<Segments> segments_of(const Image& image, const Elf64_Ehdr& header) {
  Segments segments;
  if (header.e_phentsize != sizeof(Elf64_Phdr)) return std::nullopt;
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto found = image.at<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr));
    if (!found) return std::nullopt;
    if (found->p_type == PT_LOAD) segments.loaded.push_back(*found);
    if (found->p_type == PT_DYNAMIC) segments.dynamic.push_back(*found);
  }
  return segments;
}

// In order, and no page in two of them: the loader maps whole pages, a later one over an earlier one, and
// what was read of the earlier one in the file would not be what it has.
bool apart(const std::vector<Elf64_Phdr>& loaded) {
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::uint64_t free_from = 0;
  for (const auto& segment : loaded) {
    const auto size = std::max(segment.p_filesz, segment.p_memsz);
    const auto end = segment.p_vaddr + size;
    if (end < segment.p_vaddr || end > std::numeric_limits<std::uint64_t>::max() - page) return false;
    if (segment.p_vaddr / page * page < free_from) return false;
    free_from = (end + page - 1) / page * page;
  }
  return true;
}

// The segment in whose bytes of the file that address stands.
const Elf64_Phdr* loaded_at(const Segments& segments, std::uint64_t address) {
  const auto found = std::find_if(segments.loaded.begin(), segments.loaded.end(), [&](const Elf64_Phdr& s) {
    return address >= s.p_vaddr && address - s.p_vaddr < s.p_filesz;
  });
  return found == segments.loaded.end() ? nullptr : &*found;
}

// The loader reads the dynamic section at its address, not at its place in the file, and of several the last.
std::string segments_objection(const Segments& segments) {
  if (!apart(segments.loaded)) return "segments that overlap or are out of order";
  if (segments.dynamic.size() != 1) return "no dynamic section, or more than one";
  const auto& dynamic = segments.dynamic.front();
  const auto* in = loaded_at(segments, dynamic.p_vaddr);
  const bool whole = in != nullptr && dynamic.p_filesz <= in->p_filesz - (dynamic.p_vaddr - in->p_vaddr);
  if (whole && in->p_offset + (dynamic.p_vaddr - in->p_vaddr) == dynamic.p_offset) return {};
  return "a dynamic section that is not loaded from where it stands in the file";
}

std::optional<std::vector<Elf64_Dyn>> dynamic_entries(const Image& image, const Elf64_Phdr& dynamic) {
  std::vector<Elf64_Dyn> entries;
  for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= dynamic.p_filesz; at += sizeof(Elf64_Dyn)) {
    const auto entry = image.at<Elf64_Dyn>(dynamic.p_offset + at);
    if (!entry) return std::nullopt;
    if (entry->d_tag == DT_NULL) return entries;
    entries.push_back(*entry);
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

// A path, or a word that the loader puts one in for ($ORIGIN), would lead it away from the system's.
std::string needed_objection(const Image& image, const Segments& segments, std::uint64_t address) {
  const auto* in = loaded_at(segments, address);
  const auto name =
      in == nullptr ? std::nullopt : image.text(in->p_offset, in->p_filesz, address - in->p_vaddr);
  if (!name) return "a needed library without a name";
  if (name->find_first_of("/$") == std::string_view::npos) return {};
  return "it needs " + std::string(*name) + " by its path; only the system's libraries are loaded";
}

std::string dynamic_objection(const Image& image, const Elf64_Ehdr& header) {
  const auto segments = segments_of(image, header);
  if (!segments) return "segments that do not fit the file";
  if (auto why = segments_objection(*segments); !why.empty()) return why;
  const auto entries = dynamic_entries(image, segments->dynamic.front());
  if (!entries) return "no dynamic section that fits the file";
  std::uint64_t names = 0;
  for (const auto& entry : *entries) {
    if (auto why = entry_objection(entry); !why.empty()) return why;
    if (entry.d_tag == DT_STRTAB) names = entry.d_un.d_ptr;
  }
  for (const auto& entry : *entries) {
    if (entry.d_tag != DT_NEEDED) continue;
    if (auto why = needed_objection(image, *segments, names + entry.d_un.d_val); !why.empty()) return why;
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
