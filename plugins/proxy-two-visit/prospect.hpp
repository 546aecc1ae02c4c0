// What has become of a case's inquiry, and what becomes of it by a visit that cannot complete the case: the
// same for whoever is told and for what is kept.
#pragma once

#include <optional>

#include "inquiry.hpp"
#include "rules.hpp"

namespace proxy_two_visit {

// The form that the city posted was shown, or its PINs were entered, and that was not good enough. Another
// change of the case's facts is no visit. `mismatch`: a PIN cannot be matched.
bool attempted(const FormRule& rule, const Visit& visit, const Inquiry& inquiry, bool mismatch);

// Of what is kept: the inquiry as it was before the holder came.
inline constexpr std::string_view before_holder = "before_the_holder";

struct BeforeTheHolder {
  Inquiry inquiry{};
  json::object state{};      // as it was kept then
  std::optional<Date> on{};  // the day that the holder was there, or told to be
};
// What a proxy goes on with where it was taken for the holder's own visit, or where that did not complete the
// case: what was asked before is asked still, and the envelope that was opened then stays so.
std::optional<BeforeTheHolder> before_the_holder(const Visit& visit, const json::object& state);

// The last letter did not ask about initialising a PIN, which is what is wanted now.
bool asked_otherwise(const Visit& visit, const Inquiry& inquiry);

struct Prospect {
  std::optional<Inquiry> inquiry{};  // nothing: the holder has not been asked, as far as it is known
  bool failed = false;  // what came back will not do: once it is received, another letter follows

  // For whoever decides. `reset`: the holder is to be asked about initialising a PIN.
  static Prospect of(const Rules& rules, const Visit& visit, bool mismatch, bool reset);
  // A letter is out, or was, and nothing has come of it yet.
  [[nodiscard]] bool waits() const;
  // The holder is being asked, or is to be.
  [[nodiscard]] bool asks() const { return inquiry && inquiry->phase != Phase::second_visit; }
};

}  // namespace proxy_two_visit
