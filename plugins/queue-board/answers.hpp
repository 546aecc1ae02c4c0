// What the methods answer, as schemas.
#pragma once

#include "literal.hpp"

namespace queue_board::answers {

inline constexpr Literal words(
    R"({"type": "object", "required": ["ja", "en"], "properties": {"ja": {"type": "string"}, "en": {"type": "string"}}})");

inline constexpr Literal wait(R"({"type": "object", "description": "how long somebody waits: a guess",
  "required": ["minutes", "from", "estimate"], "properties": {
    "minutes": {"type": "integer", "minimum": 0},
    "from": {"type": "string", "enum": ["free", "pace", "history", "policy"], "description": "made from: a window is free; the pace of the last hour; this hour of this weekday; minutes_a_person and windows"},
    "estimate": {"type": "boolean", "enum": [true]}}})");

inline constexpr Literal reception(
    R"({"type": "object", "description": "when the office receives; absent: not known",
  "required": ["open", "in_time", "today"], "properties": {
    "open": {"type": "boolean"},
    "in_time": {"type": "boolean", "description": "open, and not after the last reception"},
    "today": {"type": "array", "description": "intervals, HH:MM-HH:MM", "items": {"type": "string"}},
    "last_reception": {"type": "string", "description": "RFC 3339, while it is open"},
    "next_opening": {"type": "string", "description": "RFC 3339, while nobody is received"}}})");

// For citizens: a line and a ticket have it.
inline constexpr auto told =
    R"("reception": )" + reception +
    R"(, "notice": {"type": "object", "description": "that reception is closed and when it opens next, or that there is no live information", "required": ["ja", "en"], "properties": {"ja": {"type": "string"}, "en": {"type": "string"}}})";

inline constexpr auto line_members = R"("office": {"type": "string"}, "name": )" + words + R"(, "label": )" +
                                     words + ", " + told + R"(,
  "live": {"type": "boolean", "description": "whether there is live information; without it no number is told"},
  "waiting": {"type": "integer", "minimum": 0},
  "waiting_by_procedure": {"type": "object", "description": "how many, by the procedure's id", "additionalProperties": true},
  "called": {"type": "array", "description": "who is called now", "items": {
    "type": "object", "required": ["ticket", "window", "called_at"], "properties": {
      "ticket": {"type": "string"}, "window": {"type": "string"}, "called_at": {"type": "string", "description": "RFC 3339"}}}},
  "absent": {"type": "array", "description": "tickets that were called, and nobody came so far", "items": {"type": "string"}},
  "wait": )" + wait;

inline constexpr Literal ticket_members(R"("ticket": {"type": "string"}, "procedure": {"type": "string"},
  "state": {"type": "string", "enum": ["waiting", "called", "absent"]},
  "taken_at": {"type": "string", "description": "RFC 3339. Of one taken before the day's opening: that opening, once it has come, and in the reply of take already"},
  "called_at": {"type": "string", "description": "RFC 3339; once it was called"},
  "window": {"type": "string", "description": "once it was called"},
  "ahead": {"type": "integer", "minimum": 0, "description": "how many are called before, while it waits"})");

inline constexpr auto line =
    R"({"type": "object", "required": ["office", "name", "live"], "properties": {)" + line_members + "}}";
inline constexpr auto ticket =
    R"({"type": "object", "required": ["office", "ticket", "procedure", "state", "taken_at"], "properties": {"office": {"type": "string"}, )" +
    ticket_members + R"(, "wait": )" + wait + ", " + told + "}}";
inline constexpr auto called =
    R"({"type": "object", "description": "the ticket; where nobody waits, the line", "required": ["office", "waiting"], "properties": {)" +
    line_members + ", " + ticket_members + "}}";

inline constexpr auto lines =
    R"("as_of": {"type": "string", "description": "RFC 3339"}, "offices": {"type": "array", "items": )" +
    line + "}";

inline constexpr Literal counts(R"("day": {"type": "string", "description": "YYYY-MM-DD"},
  "taken": {"type": "integer", "minimum": 0}, "served": {"type": "integer", "minimum": 0},
  "no_show": {"type": "integer", "minimum": 0, "description": "were called, and nobody came"},
  "left": {"type": "integer", "minimum": 0, "description": "went before they were called, or still waited when the day ended"})");

inline constexpr auto report =
    R"({"type": "object", "required": ["as_of", "offices"], "properties": {"as_of": {"type": "string", "description": "RFC 3339"},
  "offices": {"type": "array", "items": {"type": "object", "required": ["office", "today", "days"], "properties": {
    "office": {"type": "string"},
    "today": {"type": "object", "description": "taken is the sum of the others", "required": ["day", "taken", "served", "no_show", "left", "waiting", "called", "absent"], "properties": {)" +
    counts +
    R"(, "waiting": {"type": "integer", "minimum": 0}, "called": {"type": "integer", "minimum": 0}, "absent": {"type": "integer", "minimum": 0}}},
    "days": {"type": "array", "description": "that have ended, oldest first", "items": {"type": "object", "required": ["day", "taken", "served", "no_show", "left"], "properties": {)" +
    counts + "}}}}}}}}";

inline constexpr Literal waits(R"({"type": "object", "required": ["office", "waits"], "properties": {
  "office": {"type": "string"},
  "waits": {"type": "array", "description": "hours of which nothing is known are left out", "items": {
    "type": "object", "required": ["weekday", "from", "people", "minutes"], "properties": {
      "weekday": {"type": "integer", "minimum": 1, "maximum": 7, "description": "Monday is 1"},
      "from": {"type": "string", "description": "HH:MM, the hour in which they came"},
      "people": {"type": "integer", "minimum": 1},
      "minutes": {"type": "integer", "minimum": 0, "description": "that each waited, on average"}}}}}})");

}  // namespace queue_board::answers
