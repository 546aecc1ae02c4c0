// Whether a good form answers the letter that the case waits for, as far as its own record tells.
#pragma once

#include <madoguchi/visit.hpp>
#include <optional>
#include <vector>

#include "inquiry.hpp"

namespace proxy_two_visit {

struct Standing {
  enum class Kind : std::uint8_t {
    counts,
    ended,            // its letter's last day has passed, whatever day is told for the form
    superseded,       // another letter was made since its own was posted
    unrecorded,       // it is no known letter's, and what is known to be posted came before this round
    asked_otherwise,  // its letter asked the holder about something else
  };
  Kind kind = Kind::counts;
  Letter letter;  // of a form that does not count

  // `to_a_reset`: a PIN is initialised by it, for which only a letter counts that asked about that and whose
  // posting is on record.
  static Standing of(const Inquiry& inquiry, const madoguchi::plugin::Document& form, Date today,
                     bool to_a_reset = false);
  // Of the first form that counts, else of the first; `forms` has one at least.
  static Standing best(const Inquiry& inquiry, const std::vector<madoguchi::plugin::Document>& forms,
                       Date today, bool to_a_reset = false);
  // Of the form of a letter that asked about a PIN beside a renewal, which is not set anew before the posting
  // is on record; nothing for any other.
  static std::optional<Standing> of_unposted(const Inquiry& inquiry,
                                             const std::vector<madoguchi::plugin::Document>& forms,
                                             Date today);
};

}  // namespace proxy_two_visit
