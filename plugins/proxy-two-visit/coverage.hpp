// Whether the holder was asked about what is about to be done: an answer to one question is none to another.
#pragma once

#include <string>
#include <string_view>

#include "inquiry.hpp"
#include "rules.hpp"

namespace proxy_two_visit {

// What the holder has not been asked about, as it is spoken of; empty: nothing.
struct Unasked {
  std::string ja;
  std::string en;
  bool in_part = false;  // what else is to be done was asked about

  [[nodiscard]] bool any() const { return !ja.empty(); }
  // What comes before the words of another letter.
  [[nodiscard]] std::string said_ja() const;
  [[nodiscard]] std::string said_en() const;
};

// `pin_resets`: which PINs are initialised by the visit, as the decision has it. Whether a certificate is
// renewed or issued anew is the same question: which of them it is may turn out at the counter only.
Unasked not_asked(const Inquiry& inquiry, const std::vector<madoguchi::plugin::Document>& forms,
                  const madoguchi::plugin::Visit& visit, const json::array& pin_resets);

// By itself or beside a renewal.
bool asks_to_reset(const Letter& letter, std::string_view pin);

// A letter that has not been posted yet still asks what would be asked now.
bool asks_the_same(const Rules& rules, const Letter& letter, const madoguchi::plugin::Visit& visit);

}  // namespace proxy_two_visit
