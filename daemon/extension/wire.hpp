// How the daemon and a plugin's own process speak over a socket pair: frames of a kind, a status and a
// document.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace madoguchi::extension {

struct Frame {
  // Requests are a Verb's number, `load` the first of them all (a manifest); the others come back.
  static constexpr std::uint8_t load = 0;
  static constexpr std::uint8_t answer = 128;
  static constexpr std::uint8_t log = 129;
  static constexpr std::uint8_t answered = 0;  // statuses of an answer
  static constexpr std::uint8_t failed = 1;
  static constexpr std::uint8_t refused = 2;

  std::uint8_t kind = 0;
  std::uint8_t status = 0;   // of an answer, or the level of a log line
  std::uint16_t number = 0;  // of a request, and of its answer
  std::string document;
};

// Longer than any answer; a request is as long as facts and a policy section make it.
inline constexpr std::size_t longest_document = std::size_t{8} << 20;

// When a frame has to be through; none: whenever.
using Deadline = std::optional<std::chrono::steady_clock::time_point>;

// ended: the other side is gone, or speaks another language; nonsense: it spoke out of turn.
enum class Wire : std::uint8_t { done, late, ended, nonsense };

Wire send(int fd, std::uint8_t kind, std::uint8_t status, std::uint16_t number, std::string_view document,
          Deadline deadline);
Wire receive(int fd, Frame& frame, Deadline deadline);
// There is something to be received, or the other side is gone.
bool waiting(int fd);

}  // namespace madoguchi::extension
