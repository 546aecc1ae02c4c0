// The plugin's section of the policy.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "form_rule.hpp"

namespace proxy_two_visit {

// The part of a code behind "proxy.", as the state and the clients have it.
inline constexpr std::string_view pin_mismatch = "pin_mismatch";
inline constexpr std::string_view reset_needs_inquiry = "pin_reset_needs_inquiry";
// No codes: what the case's own record says.
inline constexpr std::string_view letter_lapsed = "letter_lapsed";
inline constexpr std::string_view asked_about_less = "asked_about_less";

struct Rules {
  FormRule form;
  std::vector<std::string> also_bring;  // document types, beside the form
  bool pins_must_match = true;
  bool pin_reset_needs_inquiry = true;
  bool pin_reset_by_holder_only = false;
  // From the first visit to the likely second one; absent: the city has not said, and nobody guesses.
  std::optional<int> likely_days;
  City city;

  // The form that is posted may have ended before anybody can come with it.
  [[nodiscard]] bool form_ends_too_soon() const {
    return likely_days && form.term_days() && *form.term_days() < *likely_days;
  }
  // As visitors are told: from the application, or from the later visit that another letter comes of.
  [[nodiscard]] std::string likely_ja(std::optional<Date> later = {}) const {
    if (!likely_days) return "窓口でお尋ねください";
    const auto from = later ? madoguchi::plugin::date_in_japanese(*later) : std::string("申請");
    return from + "からおおむね" + std::to_string(*likely_days) + "日";
  }
  // For the case's record, where a city that has not said so says nothing.
  [[nodiscard]] std::string until_ja(std::string_view visit, std::optional<Date> later = {}) const {
    return likely_days ? std::string(visit) + "の来庁までの目安:" + likely_ja(later) : "";
  }
  [[nodiscard]] std::string until_en(std::string_view visit, std::optional<Date> later = {}) const {
    return likely_days ? " Until the " + std::string(visit) + " visit: " + likely_en(later) : "";
  }
  [[nodiscard]] std::string likely_en(std::optional<Date> later = {}) const {
    if (!likely_days) return "please ask at the counter";
    const auto from = later ? madoguchi::plugin::date_in_english(*later) : std::string("the application");
    return "about " + std::to_string(*likely_days) + " days from " + from;
  }
};

}  // namespace proxy_two_visit
