// What the plugin says of its methods.
#include <array>

#include "methods.hpp"

namespace proxy_two_visit {
namespace {

// One text of several, each a constant with a name.
template <const std::string_view&... parts>
struct Joined {
  static constexpr auto characters = [] {
    std::array<char, (parts.size() + ...)> all{};
    std::size_t at = 0;
    const auto add = [&](std::string_view part) {
      for (const char c : part) all[at++] = c;
    };
    (add(parts), ...);
    return all;
  }();
  static constexpr std::string_view text{characters.data(), characters.size()};
};

constexpr std::string_view item = R"({"type": "object", "required": ["case", "phase"], "properties": {
    "case": {"type": "string"},
    "phase": {"enum": ["none", "to_mail", "mailed", "returned", "lapsed", "second_visit"]},
    "round": {"type": "integer", "description": "how many letters the case has needed so far"},
    "office": {"type": "string"},
    "purpose": {"type": "string"},
    "first_visit_on": {"type": "string"},
    "reasons": {"type": "array", "items": {"type": "string"},
      "description": "why it takes another visit, as the codes behind `proxy.`"},
    "certificates": {"type": "array", "items": {"type": "object", "properties": {
      "certificate": {"enum": ["signature", "authentication"]},
      "action": {"enum": ["renew", "issue_new", "reset_pin", "undecided"]}}}},
    "pins": {"type": "array", "items": {"type": "string"}, "description": "those that could not be matched"},
    "pin_resets": {"type": "array", "items": {"type": "string"},
      "description": "of a renewal: the lost PINs that the holder is asked about too, and that are set anew at the second visit; these stay `forgotten` or `locked` in its facts"},
    "likely_days": {"type": "integer",
      "description": "from the visit to the next, as it was told; absent: the city has not said"},
    "likely_on": {"type": "string"},
    "letter": {"type": "object",
      "properties": {"issued_on": {"type": "string"}, "return_by": {"type": "string"}}},
    "mailed_on": {"type": "string"},
    "not_told_apart": {"type": "object", "properties": {"ja": {"type": "string"}, "en": {"type": "string"}},
      "description": "the letter that is out has the days of another one that asked otherwise: only what both asked about will count; in words"},
    "returned_on": {"type": "string"},
    "lapsed_on": {"type": "string"},
    "second_visit_on": {"type": "string"},
    "overdue": {"type": "boolean"},
    "days_left": {"type": "integer"},
    "form": {"type": "object",
      "description": "the form of the last letter, for the facts' documents at the second visit, with `sealed` as it is brought; beside it these facts need `visit`, `first_visit_on`, `at`, and `pins` that did not match as `unverified`, those of `pin_resets` excepted",
      "properties": {"type": {"enum": ["reply_form"]}, "source": {"enum": ["city"]},
        "issued_on": {"type": "string"}, "expires_on": {"type": "string"}}}}})";
// The common rest of the methods that list, and of those that touch a case.
constexpr std::string_view listing =
    R"("states": "cases", "touches": "nothing", "roles": ["clerk", "supervisor"],
  "result": {"type": "object", "required": ["items"], "properties": {"next": {"type": "string"},
    "items": {"type": "array", "items": )";
constexpr std::string_view listed = R"(}}},
  "params": {"type": "object", "additionalProperties": false, "properties": {"office": {"type": "string",
    "minLength": 1, "maxLength": 64, "description": "only those whose first visit was at that office"})";
constexpr std::string_view touching = R"("touches": "case", "roles": ["clerk", "supervisor"], "result": )";
constexpr std::string_view day = R"({"type": "string", "minLength": 10, "maxLength": 10,
  "examples": ["2026-02-12"], "description": )";

constexpr std::string_view to_mail = R"([
  {"verb": "to_mail", "summary": "Inquiries whose letter has still to be posted.", )";
constexpr std::string_view overdue = R"(}}},
  {"verb": "overdue",
   "summary": "Inquiries that were posted and whose term has passed without the second visit.", )";
constexpr std::string_view lapsing = R"(}}},
  {"verb": "lapsing", "summary": "Inquiries whose term ends within so many days.", )";
constexpr std::string_view list = R"(, "within_days": {"type": "integer", "minimum": 0, "maximum": 365,
    "description": "0: today"}}, "required": ["within_days"]}},
  {"verb": "list", "summary": "All cases with an inquiry, or those of one phase.", )";
constexpr std::string_view status = R"(,
    "phase": {"enum": ["to_mail", "mailed", "returned", "lapsed", "second_visit"]}}}},
  {"verb": "status",
   "summary": "Where a case's inquiry stands, and the form to give with the second visit's facts.",
   "params": {"type": "object", "additionalProperties": false}, "reads": true, )";
constexpr std::string_view letter = R"(},
  {"verb": "letter",
   "summary": "What stands on the letter, but for the holder; all of it is fixed by the first call.",
   "touches": "case", "roles": ["clerk", "supervisor"],
   "result": {"type": "object", "required": ["letter", "reprint", "round"], "properties": {
     "reprint": {"type": "boolean"}, "round": {"type": "integer"}, "purpose": {"type": "string"},
     "reasons": {"type": "array", "items": {"type": "string"}},
     "letter": {"type": "object",
       "required": ["case", "issued_on", "return_by", "office", "contact", "certificates"],
       "properties": {
         "kind": {"enum": ["inquiry"]}, "case": {"type": "string"}, "applied_on": {"type": "string"},
         "issued_on": {"type": "string"}, "return_by": {"type": "string"},
         "city": {"type": "object", "properties": {"name": {"type": "string"}}},
         "office": {"type": "object", "properties": {"name": {"type": "string"}}},
         "contact": {"type": "object", "properties": {"phone": {"type": "string"}, "fax": {"type": "string"},
           "url": {"type": "string"}}},
         "certificates": {"type": "array", "items": {"type": "object", "properties": {
           "certificate": {"enum": ["signature", "authentication"]},
           "action": {"enum": ["renew", "issue_new", "reset_pin", "undecided"]}}}},
         "pins": {"type": "array", "items": {"type": "string"},
           "description": "absent: those of the certificates, and the resident register's; none: the card has none"},
         "pin_resets": {"type": "array", "items": {"type": "string"},
           "description": "beside a renewal: which of the PINs are to be set anew, so that the holder writes new ones; absent: none"}}}}},
   "params": {"type": "object", "additionalProperties": false, "properties": {
     "anew": {"type": "boolean",
       "description": "another letter with dates of today; the form of one that was posted before no longer counts"},
     "return_by": )";
constexpr std::string_view mailed = R"("the last day of the form, where the city's rules have no term"}}}},
  {"verb": "mailed", "summary": "The letter was posted.",
   "params": {"type": "object", "additionalProperties": false, "properties": {
     "again": {"type": "boolean",
       "description": "the same letter once more, with the term that stands on it"},
     "return_by": )";
constexpr std::string_view mailed_on = R"("as of `letter`, for one that was printed elsewhere"},
     "on": )";
constexpr std::string_view mailed_end = R"("when; otherwise today"}}}, )";
constexpr std::string_view returned = R"(},
  {"verb": "returned", "summary": "The holder's answer has come back before the second visit.",
   "params": {"type": "object", "additionalProperties": false, "properties": {"on": )";
constexpr std::string_view lapsed = R"(},
  {"verb": "lapsed", "summary": "Records that the term has passed without the second visit.",
   "params": {"type": "object", "additionalProperties": false}, )";
constexpr std::string_view end = "}]";

}  // namespace

const std::string_view methods =
    Joined<to_mail, listing, item, listed, overdue, listing, item, listed, lapsing, listing, item, listed,
           list, listing, item, listed, status, touching, item, letter, day, mailed, day, mailed_on, day,
           mailed_end, touching, item, returned, day, mailed_end, touching, item, lapsed, touching, item,
           end>::text;

}  // namespace proxy_two_visit
