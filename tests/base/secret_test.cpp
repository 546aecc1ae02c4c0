#include "base/secret.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <array>
#include <concepts>
#include <cstdint>
#include <fstream>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <type_traits>

#include "base/log.hpp"

namespace madoguchi::base {
namespace {

// What must not compile, said so that it would fail if it did.
static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
template <class T>
concept printable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!printable<Secret>);
static_assert(!std::is_constructible_v<decltype(Field::value), Secret>);

std::string shown(const Secret& secret) {
  const auto bytes = secret.reveal();
  return {bytes.begin(), bytes.end()};
}

// The object's own memory, which is where its bytes are.
bool holds(const Secret& secret, std::string_view text) {
  const std::string_view memory(reinterpret_cast<const char*>(&secret), sizeof secret);
  return memory.find(text) != std::string_view::npos;
}

TEST(Secret, C6_moving_leaves_nothing_behind) {
  Secret first("ABC123DEF");
  EXPECT_TRUE(holds(first, "ABC123DEF"));
  Secret second(std::move(first));
  EXPECT_EQ(shown(second), "ABC123DEF");
  EXPECT_FALSE(holds(first, "ABC"));  // NOLINT(bugprone-use-after-move): that is the point
  second = Secret("9");
  EXPECT_EQ(shown(second), "9");
  EXPECT_FALSE(holds(second, "BC123"));
}

TEST(Secret, C6_destruction_wipes) {
  alignas(Secret) unsigned char memory[sizeof(Secret)];
  auto* secret = new (memory) Secret("ABC123DEF");
  secret->~Secret();
  const std::string_view left(reinterpret_cast<const char*>(memory), sizeof memory);
  EXPECT_EQ(left.find("ABC123DEF"), std::string_view::npos);
}

TEST(Secret, an_overlong_text_is_refused_whole) {
  const std::string text(Secret::capacity + 1, 'x');
  const Secret secret(text);
  EXPECT_TRUE(secret.overlong());
  EXPECT_TRUE(secret.empty());
  EXPECT_FALSE(holds(secret, "xx"));
  EXPECT_FALSE(Secret(text.substr(1)).overlong());
}

TEST(Secret, a_duplicate_is_made_on_purpose) {
  const Secret secret("1234");
  EXPECT_EQ(shown(secret.duplicate()), "1234");
}

// Sanitizers have bytes of their own in dead frames, and AddressSanitizer locks no page for anybody.
#ifndef MADOGUCHI_SANITIZED
[[gnu::noinline]] void leave_on_stack(std::string_view text, std::uintptr_t& where) {
  std::array<volatile char, 4096> frame;
  for (std::size_t i = 0; i < frame.size(); ++i) frame[i] = text[i % text.size()];
  where = reinterpret_cast<std::uintptr_t>(frame.data());
}

[[gnu::noinline]] bool left_at(std::uintptr_t frame) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): no pointer leads to a frame that has gone
  const auto* at = reinterpret_cast<const volatile char*>(frame);
  return at[2048] == 'Q' || at[2049] == 'Q';
}

TEST(Secret, C6_the_stack_of_those_who_have_returned_is_wiped) {
  std::uintptr_t frame = 0;
  leave_on_stack("QQ", frame);
  EXPECT_TRUE(left_at(frame)) << "otherwise this test shows nothing";
  wipe_stack();
  EXPECT_FALSE(left_at(frame));
}

// Kilobytes of the mapping around this address that the kernel keeps from being swapped out.
long locked_around(const void* address) {
  std::ifstream maps("/proc/self/smaps");
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  bool here = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char between = '\0';
    std::istringstream range(line);
    if (range >> std::hex >> begin >> between >> end && between == '-')
      here = begin <= wanted && wanted < end;
    if (here && line.starts_with("Locked:")) return std::stol(line.substr(7));
  }
  return -1;
}

TEST(Secret, C6_is_not_swapped_out) {
  rlimit limit{};
  ::getrlimit(RLIMIT_MEMLOCK, &limit);
  if (limit.rlim_cur < 1 << 16) GTEST_SKIP() << "nothing may be locked here";
  struct FreeMapping {
    void operator()(void* at) const { ::munmap(at, 4096); }
  };
  const std::unique_ptr<void, FreeMapping> page(
      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  EXPECT_EQ(locked_around(page.get()), 0) << "otherwise this test shows nothing";
  auto* secret = new (page.get()) Secret("1234");
  EXPECT_EQ(locked_around(page.get()), 4);
  secret->~Secret();
}
#endif

}  // namespace
}  // namespace madoguchi::base
