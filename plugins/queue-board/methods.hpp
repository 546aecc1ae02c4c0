// The methods queue-board.<verb>, for front-ends.
#pragma once

#include <string_view>

#include "answers.hpp"

namespace queue_board {
namespace declared {

inline constexpr Literal office(
    R"("office": {"type": "string", "description": "the office's id", "minLength": 1, "examples": ["citizens-division"]})");
inline constexpr Literal ticket(
    R"("ticket": {"type": "string", "description": "as printed", "minLength": 1, "maxLength": 10, "examples": ["A101"]})");
inline constexpr Literal nothing(R"("params": {"type": "object", "additionalProperties": false},)");
inline constexpr auto of_a_ticket =
    R"("params": {"type": "object", "additionalProperties": false, "required": ["office", "ticket"], "properties": {)" +
    office + ", " + ticket + "}},";

inline constexpr Literal by_clerks(R"("roles": ["clerk"], "touches": "plugin",)");
inline constexpr Literal by_all(
    R"("roles": ["clerk", "supervisor", "admin", "display"], "touches": "plugin", "reads": true,)");

inline constexpr auto take =
    R"({"verb": "take", "summary": "A new ticket. The reception of a case is judged by its taken_at (facts.at), so a closed office gives none.",)" +
    by_clerks +
    R"("params": {"type": "object", "additionalProperties": false, "required": ["office", "procedure"], "properties": {)" +
    office + R"(,
     "procedure": {"type": "string", "description": "a procedure of the policy's section queue-board", "minLength": 1, "examples": ["renewal"]},
     "priority": {"type": "boolean", "description": "is called before those without, e.g. with a reservation"},
     "accept_closed": {"type": "boolean", "description": "gives one although nobody is received at this hour; before the day's opening it counts as taken then, after the last reception what comes of it has to be allowed by hand"}}},
   "result": )" +
    answers::ticket + "}";

inline constexpr auto call_next =
    R"({"verb": "call_next", "summary": "Calls the next person to a window; whoever was called there before has been served.",)" +
    by_clerks +
    R"("params": {"type": "object", "additionalProperties": false, "required": ["office", "window"], "properties": {)" +
    office + R"(,
     "window": {"type": "string", "description": "where to", "minLength": 1, "maxLength": 10, "examples": ["9"]},
     "procedures": {"type": "array", "description": "only these; all when absent", "maxItems": 12, "items": {"type": "string"}}}},
   "result": )" +
    answers::called + "}";

inline constexpr auto recall =
    R"({"verb": "recall", "summary": "Calls a ticket once more, also one whose holder did not come before.",)" +
    by_clerks +
    R"("params": {"type": "object", "additionalProperties": false, "required": ["office", "ticket"], "properties": {)" +
    office + ", " + ticket + R"(,
     "window": {"type": "string", "description": "where to; as before when absent", "minLength": 1, "maxLength": 10}}},
   "result": )" +
    answers::line + "}";

inline constexpr auto ended =
    R"({"verb": "no_show", "summary": "Nobody came; the ticket can be called once more until the day ends.",)" +
    by_clerks + of_a_ticket + R"("result": )" + answers::line + R"(},
  {"verb": "serve", "summary": "Whoever was called has been served.",)" +
    by_clerks + of_a_ticket + R"("result": )" + answers::line + R"(},
  {"verb": "withdraw", "summary": "Whoever holds the ticket has gone.",)" +
    by_clerks + of_a_ticket + R"("result": )" + answers::line + "}";

inline constexpr auto feed =
    R"({"verb": "feed", "summary": "Suspends an office's line, which then shows no live information, or resumes it.",)" +
    by_clerks +
    R"("params": {"type": "object", "additionalProperties": false, "required": ["office", "live"], "properties": {)" +
    office + R"(, "live": {"type": "boolean", "description": "whether it is kept up to date"}}},
   "result": )" +
    answers::line + "}";

inline constexpr auto told =
    R"({"verb": "ticket", "summary": "Where one ticket stands.",)" + by_all + of_a_ticket + R"("result": )" +
    answers::ticket + R"(},
  {"verb": "status", "summary": "The lines of all offices, or of one: waiting people, numbers called, an estimate; that reception is closed; or that there is no live information.",)" +
    by_all + R"("params": {"type": "object", "additionalProperties": false, "properties": {)" + office +
    R"(}}, "result": {"type": "object", "required": ["as_of", "offices"], "properties": {)" + answers::lines +
    R"(}}},
  {"verb": "snapshot", "summary": "The lines of all offices for a web server: as data, and as a page that needs nothing else.",)" +
    by_all + nothing +
    R"("result": {"type": "object", "required": ["as_of", "offices", "html"], "properties": {)" +
    answers::lines + R"(, "html": {"type": "string"}}}},
  {"verb": "waits", "summary": "How long people waited at an office, by weekday and hour.",)" +
    by_all +
    R"("params": {"type": "object", "additionalProperties": false, "required": ["office"], "properties": {)" +
    office + R"(}},
   "result": )" +
    answers::waits + R"(},
  {"verb": "report", "summary": "What became of today's tickets and of those of the last days.",
   "roles": ["clerk", "supervisor", "admin"], "touches": "plugin", "reads": true,)" +
    nothing + R"("result": )" + answers::report + "}";

inline constexpr auto all =
    "[" + take + "," + call_next + "," + recall + "," + ended + "," + feed + "," + told + "]";

}  // namespace declared

inline constexpr std::string_view methods = declared::all.view();

}  // namespace queue_board
