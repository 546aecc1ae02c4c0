#include "rpc/scratch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/container/pmr/global_resource.hpp>
#include <boost/json/parse.hpp>
#include <cstring>
#include <vector>

#include "rpc/codec.hpp"

namespace madoguchi::rpc {
namespace {

// Memory that looks at what is given back.
class Inspecting final : public boost::json::memory_resource {
 public:
  std::size_t given = 0;
  std::size_t returned = 0;
  bool all_wiped = true;

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    ++given;
    return boost::container::pmr::new_delete_resource()->allocate(size, alignment);
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override {
    ++returned;
    const auto* bytes = static_cast<const unsigned char*>(memory);
    all_wiped = all_wiped && std::all_of(bytes, bytes + size, [](unsigned char b) { return b == 0; });
    boost::container::pmr::new_delete_resource()->deallocate(memory, size, alignment);
  }
  [[nodiscard]] bool do_is_equal(const boost::json::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

TEST(Scratch, AsksForNothingWhileAMessageIsSmall) {
  Inspecting upstream;
  Scratch memory(upstream);
  const auto value = parse(
      R"({"jsonrpc":"2.0","id":7,"method":"cases.verify_pin","params":{"case":"2026-000123-longer-than-inline",)"
      R"("pin":"authentication","value":"1357","entered_by":"holder","staff":"a012","expected_tries_left":3}})",
      memory);
  ASSERT_TRUE(value);
  EXPECT_EQ(upstream.given, 0U);
}

TEST(Scratch, WipesWhatItGaveOut) {
  Inspecting upstream;
  Scratch memory(upstream);
  auto* small = static_cast<char*>(memory.allocate(32, 1));
  std::memset(small, 0x5A, 32);
  for (std::size_t size : {Scratch::first_size, Scratch::first_size * 10, std::size_t(3)}) {
    std::memset(memory.allocate(size, 1), 0x5A, size);
  }
  memory.release();
  EXPECT_TRUE(std::all_of(small, small + 32, [](char c) { return c == 0; }));
  EXPECT_GE(upstream.given, 2U);
  EXPECT_EQ(upstream.returned, upstream.given);
  EXPECT_TRUE(upstream.all_wiped);
  EXPECT_EQ(memory.allocate(32, 1), small);
}

TEST(Scratch, KeepsAlignment) {
  Scratch memory;
  for (std::size_t alignment = 1; alignment <= alignof(std::max_align_t); alignment *= 2) {
    for (std::size_t size : {std::size_t(1), std::size_t(7), Scratch::first_size + 1}) {
      const auto address = reinterpret_cast<std::uintptr_t>(memory.allocate(size, alignment));
      EXPECT_EQ(address % alignment, 0U) << size << " at " << alignment;
    }
  }
}

}  // namespace
}  // namespace madoguchi::rpc
