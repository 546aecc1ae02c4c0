// The plugin's section of a policy, as read.
#pragma once

#include <madoguchi/section.hpp>

#include <string>
#include <vector>

#include "estimate.hpp"

namespace queue_board {

using madoguchi::plugin::Words;

struct Procedure {
  std::string id;
  std::string letter;  // before the number, may be empty
  int first_number = 1;
};

// An office, and the line that it keeps here.
struct Hall {
  std::string id;
  Words name;
  Words label;         // under which the city shows the line
  bool feeds = false;  // whether it keeps one; the members below are for those that do
  std::vector<Procedure> procedures;
  Pace pace;
  [[nodiscard]] const Procedure* procedure(std::string_view wanted) const;
};

// As many as fit into what the daemon keeps for a plugin, with what is known of each one's waits.
inline constexpr std::size_t most_lines = 12;

inline constexpr std::string_view section_schema = R"({
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "offices": {
      "description": "the offices that keep their line here, the others showing no live information; without it each with a queue_label does (the first twelve), for the purposes of a visit",
      "type": "array", "minItems": 1, "maxItems": 12,
      "items": {
        "type": "object", "additionalProperties": false, "required": ["office", "procedures"],
        "properties": {
          "office": {"description": "an office of this policy with a queue_label", "type": "string"},
          "procedures": {
            "description": "what a ticket can be taken for",
            "type": "array", "minItems": 1, "maxItems": 12,
            "items": {
              "type": "object", "additionalProperties": false, "required": ["id"],
              "properties": {
                "id": {"description": "its name for front-ends", "type": "string", "minLength": 1, "maxLength": 40},
                "letter": {"description": "before the number on the ticket", "type": "string", "maxLength": 4, "default": ""},
                "first_number": {"description": "of a day; procedures with one letter share their numbers", "type": "integer", "minimum": 1, "maximum": 9000, "default": 1}
              }
            }
          },
          "windows": {"description": "that serve this line", "type": "integer", "minimum": 1, "maximum": 50, "default": 1},
          "minutes_a_person": {"description": "at the counter; for the estimate while nothing better is known", "type": "integer", "minimum": 1, "maximum": 240, "default": 15}
        }
      }
    }
  }
})";

// All offices of the city, in its order.
std::vector<Hall> read_offices(madoguchi::plugin::Section& section, const madoguchi::plugin::City& city);

}  // namespace queue_board
