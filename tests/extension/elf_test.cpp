// Libraries that do not say to the loader what they say to a reader of the file.
#include "elf.hpp"

#include <elf.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "fixture.hpp"

namespace madoguchi::extension {
namespace {

base::Bytes library(std::string_view name) {
  return read_file(std::string(BAD_FOLDER) + "/" + std::string(name) + ".so");
}

// Where that program header stands; the first of its type.
std::size_t header_of(const base::Bytes& bytes, Elf64_Word type) {
  Elf64_Ehdr header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    std::memcpy(&segment, bytes.data() + header.e_phoff + i * sizeof segment, sizeof segment);
    if (segment.p_type == type) return header.e_phoff + i * sizeof segment;
  }
  ADD_FAILURE() << "no program header of type " << type;
  return 0;
}

Elf64_Phdr segment_at(const base::Bytes& bytes, std::size_t at) {
  Elf64_Phdr segment{};
  std::memcpy(&segment, bytes.data() + at, sizeof segment);
  return segment;
}

void put_segment(base::Bytes& bytes, std::size_t at, const Elf64_Phdr& segment) {
  std::memcpy(bytes.data() + at, &segment, sizeof segment);
}

// The dynamic section once more, at the end of the file and without its search path; its place there.
std::size_t append_innocent(base::Bytes& bytes) {
  const auto dynamic = segment_at(bytes, header_of(bytes, PT_DYNAMIC));
  const auto at = bytes.size();
  bytes.resize(at + dynamic.p_filesz);
  for (std::size_t i = 0; i + sizeof(Elf64_Dyn) <= dynamic.p_filesz; i += sizeof(Elf64_Dyn)) {
    Elf64_Dyn entry{};
    std::memcpy(&entry, bytes.data() + dynamic.p_offset + i, sizeof entry);
    if (entry.d_tag == DT_RPATH) entry.d_tag = DT_DEBUG;
    std::memcpy(bytes.data() + at + i, &entry, sizeof entry);
  }
  return at;
}

std::size_t place_of(const base::Bytes& bytes, std::string_view text) {
  const auto at = std::search(bytes.begin(), bytes.end(), text.begin(), text.end());
  EXPECT_NE(at, bytes.end()) << text;
  return static_cast<std::size_t>(at - bytes.begin());
}

// Any cut and any changed byte must be survived; what is said of it matters less.
TEST(Elf, survives_any_bytes) {
  const auto good = read_file(std::string(BAD_FOLDER) + "/bad-moody.so");
  EXPECT_EQ(elf_objection(good), "");
  for (std::size_t size = 0; size < good.size(); size += 1 + size / 64) {
    const auto why = elf_objection(base::ByteView(good).first(size));
    // A cut in the section headers, at the end, may spare those that are looked at.
    EXPECT_TRUE(size >= good.size() / 2 || !why.empty()) << size;
  }
  for (std::size_t at = 0; at < 64; ++at) {
    for (const std::uint8_t value : {std::uint8_t{0}, std::uint8_t{0x7F}, std::uint8_t{0xFF}}) {
      auto changed = good;
      changed[at] = value;
      static_cast<void>(elf_objection(changed));
    }
  }
  // The section headers stand at the end.
  for (std::size_t at = good.size() - 40UL * 64; at < good.size(); at += 3) {
    auto changed = good;
    changed[at] = 0xFF;
    static_cast<void>(elf_objection(changed));
  }
}

TEST(Elf, needs_the_systems_libraries_only) {
  const auto good = library("bad-moody");
  const auto named = [&](std::string_view name) {
    auto bytes = good;
    std::copy(name.begin(), name.end(), bytes.begin() + static_cast<long>(place_of(bytes, "libgcc_s.so.1")));
    return elf_objection(bytes);
  };
  EXPECT_EQ(named("libgcc_s.so.1"), "");
  EXPECT_EQ(named("lib/cc_s.so.1"),
            "it needs lib/cc_s.so.1 by its path; only the system's libraries are loaded");
  EXPECT_EQ(named("$ORIGIN_s.so."),
            "it needs $ORIGIN_s.so. by its path; only the system's libraries are loaded");
  EXPECT_EQ(named("${LIB}_s.so.1"),
            "it needs ${LIB}_s.so.1 by its path; only the system's libraries are loaded");
}

// Behind a segment's end the loader has other bytes than those that come next in the file.
TEST(Elf, reads_no_name_beyond_its_segment) {
  auto bytes = library("bad-moody");
  const auto at = header_of(bytes, PT_LOAD);
  auto first = segment_at(bytes, at);
  ASSERT_EQ(first.p_offset, 0U);
  first.p_filesz = place_of(bytes, "libgcc_s.so.1") + 4;
  put_segment(bytes, at, first);
  EXPECT_EQ(elf_objection(bytes), "a needed library without a name");
}

TEST(Elf, has_its_dynamic_section_where_the_loader_reads_it) {
  auto bytes = library("bad-rpath");
  EXPECT_THAT(elf_objection(bytes), testing::HasSubstr("a search path for libraries of its own"));
  const auto innocent = append_innocent(bytes);
  const auto at = header_of(bytes, PT_DYNAMIC);
  auto dynamic = segment_at(bytes, at);
  dynamic.p_offset = innocent;
  put_segment(bytes, at, dynamic);
  EXPECT_EQ(elf_objection(bytes), "a dynamic section that is not loaded from where it stands in the file");
}

TEST(Elf, has_a_dynamic_section_that_ends_within_what_is_loaded) {
  auto bytes = library("bad-moody");
  const auto at = header_of(bytes, PT_DYNAMIC);
  auto dynamic = segment_at(bytes, at);
  for (const std::uint64_t size : {std::uint64_t{0x10000}, ~std::uint64_t{0}}) {
    dynamic.p_filesz = size;
    put_segment(bytes, at, dynamic);
    EXPECT_EQ(elf_objection(bytes), "a dynamic section that is not loaded from where it stands in the file");
  }
}

TEST(Elf, has_one_dynamic_section) {
  auto bytes = library("bad-moody");
  const auto dynamic = segment_at(bytes, header_of(bytes, PT_DYNAMIC));
  put_segment(bytes, header_of(bytes, PT_NOTE), dynamic);
  EXPECT_EQ(elf_objection(bytes), "no dynamic section, or more than one");
  auto none = library("bad-moody");
  put_segment(none, header_of(none, PT_DYNAMIC), segment_at(none, header_of(none, PT_NOTE)));
  EXPECT_EQ(elf_objection(none), "no dynamic section, or more than one");
}

TEST(Elf, has_no_page_in_two_segments) {
  auto bytes = library("bad-rpath");
  const auto innocent = append_innocent(bytes);
  const auto dynamic = segment_at(bytes, header_of(bytes, PT_DYNAMIC));
  const auto note = header_of(bytes, PT_NOTE);
  auto over = segment_at(bytes, note);
  over.p_type = PT_LOAD;
  over.p_offset = innocent;
  over.p_vaddr = dynamic.p_vaddr;
  over.p_filesz = over.p_memsz = dynamic.p_filesz;
  put_segment(bytes, note, over);
  EXPECT_EQ(elf_objection(bytes), "segments that overlap or are out of order");
  // Beside it, but in the page that is mapped with it.
  over.p_vaddr = dynamic.p_vaddr + 0x800;
  over.p_filesz = over.p_memsz = 8;
  put_segment(bytes, note, over);
  EXPECT_EQ(elf_objection(bytes), "segments that overlap or are out of order");
  over.p_vaddr = 0x100000;
  over.p_memsz = ~std::uint64_t{0};
  put_segment(bytes, note, over);
  EXPECT_EQ(elf_objection(bytes), "segments that overlap or are out of order");
  over.p_memsz = over.p_filesz;
  put_segment(bytes, note, over);
  EXPECT_THAT(elf_objection(bytes), testing::HasSubstr("a search path for libraries of its own"))
      << "apart from the others it does no harm";
}

}  // namespace
}  // namespace madoguchi::extension
