// What a plugin says in words, made fit for a log: a plugin is shown persons' data and may repeat it.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "extension/running.hpp"
#include "library.hpp"

namespace madoguchi::extension {

inline constexpr std::size_t longest_said = 300;

enum class Digits : std::uint8_t { kept, masked };

// Cut to `longest_said` bytes, in valid UTF-8, on one line. Masked: each digit as '#', since all that a
// plugin is told of a person is dates and numbers.
std::string said(std::string_view words, Digits digits);
// Whole, for people's eyes: on one line, without what moves a cursor or turns the order of what is read
// around.
std::string visible(std::string_view words);
// Every text within, and every name of a member; line breaks and tabs become spaces, or are kept.
enum class Breaks : std::uint8_t { spaces, kept };
void make_visible(boost::json::value& value, Breaks breaks = Breaks::spaces);
// Persons' data is in the requests of these only.
inline Digits digits_after(Verb verb) {
  return verb >= Verb::decide ? Digits::masked : Digits::kept;
}

// A plugin's own lines as log entries of the daemon's: `plugin.says`, at debug level whatever the plugin
// thinks of them, digits masked, and only so many in a while; those left out are counted.
LogLine log_lines(base::Log& log, std::string name);

}  // namespace madoguchi::extension
