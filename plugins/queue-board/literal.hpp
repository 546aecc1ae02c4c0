// Text put together while compiling, so that what several methods share is written down once.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace queue_board {

template <std::size_t size>
struct Literal {
  std::array<char, size> chars{};
  constexpr Literal() = default;
  constexpr explicit Literal(const char (&text)[size + 1]) { std::copy_n(text, size, chars.begin()); }
  [[nodiscard]] constexpr std::string_view view() const { return {chars.data(), size}; }
};
template <std::size_t with_end>
Literal(const char (&)[with_end]) -> Literal<with_end - 1>;

template <std::size_t a, std::size_t b>
constexpr Literal<a + b> operator+(const Literal<a>& first, const Literal<b>& second) {
  Literal<a + b> both;
  std::copy_n(second.chars.begin(), b, std::copy_n(first.chars.begin(), a, both.chars.begin()));
  return both;
}
template <std::size_t a, std::size_t with_end>
constexpr auto operator+(const Literal<a>& first, const char (&second)[with_end]) {
  return first + Literal(second);
}
template <std::size_t with_end, std::size_t b>
constexpr auto operator+(const char (&first)[with_end], const Literal<b>& second) {
  return Literal(first) + second;
}

}  // namespace queue_board
