// What every step begins with, selecting an application and a file in it, and how a card's refusal becomes a
// fault.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "mynumber/card.hpp"
#include "smartcard/channel.hpp"

namespace madoguchi::mynumber {

// Status words of ISO/IEC 7816-4 tables 5 and 6 that steps tell apart.
namespace status {
inline constexpr std::uint16_t end_of_file = 0x6282;
inline constexpr std::uint16_t security = 0x6982;
inline constexpr std::uint16_t blocked_iso = 0x6983;
inline constexpr std::uint16_t blocked_jicsap = 0x6984;
inline constexpr std::uint16_t no_file = 0x6A82;
inline constexpr std::uint16_t no_record = 0x6A83;
inline constexpr std::uint16_t no_key = 0x6A88;
inline constexpr std::uint16_t bad_offset = 0x6B00;
}  // namespace status

// Makes the application current. Sends nothing when it already is: selecting it again would drop the PINs
// verified in it. Otherwise all rights are gone, whether the card takes the SELECT or not. An application
// that is not there: card.unknown for JPKI, without which nothing can be done, and not_found for the others.
base::Result<void> select_application(smartcard::Channel& card, CardState& state, Application application);

// Makes an elementary file of the current application current; not_found when the card has none of that id.
base::Result<void> select_file(smartcard::Channel& card, std::uint16_t file);

// card.refused: the command and its status word, in details.
base::Fault refused(std::string_view command, smartcard::StatusWord status, std::string_view inner = {});

// The same of what only reads: with an execution error (64xx, 65xx, 6F00; ISO/IEC 7816-4 5.6) the card has
// told nothing about what it holds, and may the next time; that is card.mute, and never taken for absent.
base::Fault not_read(std::string_view command, smartcard::StatusWord status, std::string_view inner = {});

// A fault of the PIN codes with details.pin, and details.tries_left where it is known.
base::Fault pin_fault(base::Code code, PinName pin, std::optional<int> tries_left = std::nullopt);

// Did the card answer, so that only this one file or PIN cannot be had? Else nothing came back at all.
bool is_cards_answer(const base::Fault& fault);

// The answer, nullopt where the card answered that there is none to have, or the transport's fault.
template <class T>
base::Result<std::optional<T>> if_any(base::Result<T> result) {
  if (result) return std::optional<T>(std::move(*result));
  if (is_cards_answer(result.error())) return std::optional<T>();
  return result.error();
}

}  // namespace madoguchi::mynumber
