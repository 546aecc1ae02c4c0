// The methods queue-board.<verb>, for front-ends.
#pragma once

#include <string_view>

namespace queue_board {

inline constexpr std::string_view methods = R"([
  {"verb": "take", "summary": "A new ticket. The reception of a case is judged by its taken_at (facts.at).",
   "roles": ["clerk"], "touches": "plugin",
   "params": {"type": "object", "additionalProperties": false, "required": ["office", "procedure"], "properties": {
     "office": {"type": "string", "description": "the office's id", "minLength": 1, "examples": ["citizens-division"]},
     "procedure": {"type": "string", "description": "a procedure of the policy's section queue-board", "minLength": 1, "examples": ["renewal"]},
     "priority": {"type": "boolean", "description": "is called before those without, e.g. with a reservation"}}},
   "result": {"type": "object", "required": ["ticket", "taken_at", "ahead", "wait"], "properties": {
     "ticket": {"type": "string"}, "taken_at": {"type": "string"}, "ahead": {"type": "integer"}, "wait": {"type": "object"}}}},
  {"verb": "call_next", "summary": "Calls the next person to a window; whoever was called there before has been served.",
   "roles": ["clerk"], "touches": "plugin",
   "params": {"type": "object", "additionalProperties": false, "required": ["office", "window"], "properties": {
     "office": {"type": "string", "description": "the office's id", "minLength": 1, "examples": ["citizens-division"]},
     "window": {"type": "string", "description": "where to", "minLength": 1, "maxLength": 10, "examples": ["9"]},
     "procedures": {"type": "array", "description": "only these; all when absent", "maxItems": 12, "items": {"type": "string"}}}},
   "result": {"type": "object", "required": ["office", "waiting"], "properties": {
     "office": {"type": "string"}, "ticket": {"type": "string", "description": "absent when nobody waits"},
     "taken_at": {"type": "string"}, "waiting": {"type": "integer"}}}},
  {"verb": "recall", "summary": "Calls a ticket once more, also one whose holder did not come before.",
   "roles": ["clerk"], "touches": "plugin",
   "params": {"type": "object", "additionalProperties": false, "required": ["office", "ticket"], "properties": {
     "office": {"type": "string", "description": "the office's id", "minLength": 1, "examples": ["citizens-division"]},
     "ticket": {"type": "string", "description": "as printed", "minLength": 1, "maxLength": 10, "examples": ["A101"]},
     "window": {"type": "string", "description": "where to; as before when absent", "minLength": 1, "maxLength": 10}}},
   "result": {"type": "object", "required": ["office", "waiting"], "properties": {
     "office": {"type": "string"}, "waiting": {"type": "integer"}}}},
  {"verb": "no_show", "summary": "Nobody came; the ticket can be called once more until the day ends.",
   "roles": ["clerk"], "touches": "plugin",
   "params": {"type": "object", "additionalProperties": false, "required": ["office", "ticket"], "properties": {
     "office": {"type": "string", "description": "the office's id", "minLength": 1, "examples": ["citizens-division"]},
     "ticket": {"type": "string", "description": "as printed", "minLength": 1, "maxLength": 10, "examples": ["A101"]}}},
   "result": {"type": "object", "required": ["office", "waiting"], "properties": {
     "office": {"type": "string"}, "waiting": {"type": "integer"}}}},
  {"verb": "serve", "summary": "Whoever was called has been served.",
   "roles": ["clerk"], "touches": "plugin",
   "params": {"type": "object", "additionalProperties": false, "required": ["office", "ticket"], "properties": {
     "office": {"type": "string", "description": "the office's id", "minLength": 1, "examples": ["citizens-division"]},
     "ticket": {"type": "string", "description": "as printed", "minLength": 1, "maxLength": 10, "examples": ["A101"]}}},
   "result": {"type": "object", "required": ["office", "waiting"], "properties": {
     "office": {"type": "string"}, "waiting": {"type": "integer"}}}},
  {"verb": "withdraw", "summary": "Whoever holds the ticket has gone.",
   "roles": ["clerk"], "touches": "plugin",
   "params": {"type": "object", "additionalProperties": false, "required": ["office", "ticket"], "properties": {
     "office": {"type": "string", "description": "the office's id", "minLength": 1, "examples": ["citizens-division"]},
     "ticket": {"type": "string", "description": "as printed", "minLength": 1, "maxLength": 10, "examples": ["A101"]}}},
   "result": {"type": "object", "required": ["office", "waiting"], "properties": {
     "office": {"type": "string"}, "waiting": {"type": "integer"}}}},
  {"verb": "feed", "summary": "Suspends an office's line, which then shows no live information, or resumes it.",
   "roles": ["clerk"], "touches": "plugin",
   "params": {"type": "object", "additionalProperties": false, "required": ["office", "live"], "properties": {
     "office": {"type": "string", "description": "the office's id", "minLength": 1, "examples": ["citizens-division"]},
     "live": {"type": "boolean", "description": "whether it is kept up to date"}}},
   "result": {"type": "object", "required": ["office", "live"], "properties": {
     "office": {"type": "string"}, "live": {"type": "boolean"}}}},
  {"verb": "ticket", "summary": "Where one ticket stands.",
   "roles": ["clerk", "supervisor", "admin", "display"], "touches": "plugin", "reads": true,
   "params": {"type": "object", "additionalProperties": false, "required": ["office", "ticket"], "properties": {
     "office": {"type": "string", "description": "the office's id", "minLength": 1, "examples": ["citizens-division"]},
     "ticket": {"type": "string", "description": "as printed", "minLength": 1, "maxLength": 10, "examples": ["A101"]}}},
   "result": {"type": "object", "required": ["ticket", "state", "taken_at"], "properties": {
     "ticket": {"type": "string"}, "state": {"type": "string", "enum": ["waiting", "called", "absent"]}, "taken_at": {"type": "string"}}}},
  {"verb": "status", "summary": "The lines of all offices: waiting people, numbers called, an estimate; or that there is no live information.",
   "roles": ["clerk", "supervisor", "admin", "display"], "touches": "plugin", "reads": true,
   "params": {"type": "object", "additionalProperties": false},
   "result": {"type": "object", "required": ["as_of", "offices"], "properties": {
     "as_of": {"type": "string"}, "offices": {"type": "array", "items": {"type": "object", "required": ["office", "live"], "properties": {
       "office": {"type": "string"}, "live": {"type": "boolean"}, "waiting": {"type": "integer"}}}}}}},
  {"verb": "waits", "summary": "How long people waited at an office, by weekday (1 Monday to 7 Sunday) and hour.",
   "roles": ["clerk", "supervisor", "admin", "display"], "touches": "plugin", "reads": true,
   "params": {"type": "object", "additionalProperties": false, "required": ["office"], "properties": {
     "office": {"type": "string", "description": "the office's id", "minLength": 1, "examples": ["citizens-division"]}}},
   "result": {"type": "object", "required": ["office", "waits"], "properties": {
     "office": {"type": "string"}, "waits": {"type": "array", "items": {"type": "object"}}}}},
  {"verb": "report", "summary": "What became of today's tickets and of those of the last days.",
   "roles": ["clerk", "supervisor", "admin"], "touches": "plugin", "reads": true,
   "params": {"type": "object", "additionalProperties": false},
   "result": {"type": "object", "required": ["as_of", "offices"], "properties": {
     "as_of": {"type": "string"}, "offices": {"type": "array", "items": {"type": "object"}}}}},
  {"verb": "snapshot", "summary": "The lines of all offices for a web server: as data, and as a page that needs nothing else.",
   "roles": ["clerk", "supervisor", "admin", "display"], "touches": "plugin", "reads": true,
   "params": {"type": "object", "additionalProperties": false},
   "result": {"type": "object", "required": ["as_of", "offices", "html"], "properties": {
     "as_of": {"type": "string"}, "offices": {"type": "array", "items": {"type": "object"}}, "html": {"type": "string"}}}}
])";

}  // namespace queue_board
