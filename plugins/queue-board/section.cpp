#include "section.hpp"

#include <algorithm>

namespace queue_board {
namespace {

using madoguchi::plugin::City;
using madoguchi::plugin::Section;

Procedure read_procedure(Section& section, const std::vector<Procedure>& others) {
  Procedure procedure;
  procedure.id = section.text("id").value_or("");
  procedure.letter = section.text("letter").value_or("");
  procedure.first_number = static_cast<int>(section.integer("first_number", 1, 9000, 1));
  if (procedure.id.empty()) section.complain("id", "expected the procedure's name");
  // "A" and "A1" would both come to A11.
  if (std::any_of(procedure.letter.begin(), procedure.letter.end(),
                  [](char c) { return c >= '0' && c <= '9'; }))
    section.complain("letter", "expected no digits: they would run into the number");
  for (const Procedure& other : others) {
    if (other.id == procedure.id) section.complain("id", "\"" + procedure.id + "\" is listed twice");
    if (other.letter == procedure.letter && other.first_number != procedure.first_number)
      section.complain("first_number", "expected " + std::to_string(other.first_number) + " as for \"" +
                                           other.id + "\": one letter has one row of numbers");
  }
  return procedure;
}

void read_line(Section& section, std::vector<Hall>& offices) {
  const auto id = section.text("office").value_or("");
  Hall line;
  section.each("procedures",
               [&](Section& one) { line.procedures.push_back(read_procedure(one, line.procedures)); });
  section.not_empty("procedures");
  if (!section.has("procedures")) section.complain("procedures", "expected what a ticket can be taken for");
  line.pace.windows = static_cast<int>(section.integer("windows", 1, 50, 1));
  line.pace.minutes_a_person = static_cast<int>(section.integer("minutes_a_person", 1, 240, 15));
  const auto office = std::find_if(offices.begin(), offices.end(), [&](const Hall& o) { return o.id == id; });
  if (office == offices.end()) return section.complain("office", "no office \"" + id + "\" in this policy");
  if (office->feeds) return section.complain("office", "\"" + id + "\" is listed twice");
  if (office->label.ja.empty())
    return section.complain("office", "\"" + id + "\" has no queue_label: people would not find its line");
  office->feeds = true;
  office->procedures = std::move(line.procedures);
  office->pace = line.pace;
}

}  // namespace

const Procedure* Hall::procedure(std::string_view wanted) const {
  const auto found =
      std::find_if(procedures.begin(), procedures.end(), [&](const Procedure& p) { return p.id == wanted; });
  return found == procedures.end() ? nullptr : &*found;
}

std::vector<Hall> read_offices(Section& section, const City& city) {
  std::vector<Hall> offices;
  for (const auto& id : city.offices) {
    Hall office;
    office.id = id;
    office.name = {id, id};
    if (const auto* told = city.office(id)) {
      office.name = told->name;
      if (told->queue_label) office.label = *told->queue_label;
    } else {
      office.label = office.name;
    }
    offices.push_back(std::move(office));
  }
  section.not_empty("offices");
  if (section.has("offices")) {
    section.each("offices", [&](Section& one) { read_line(one, offices); });
    return offices;
  }
  std::size_t lines = 0;
  for (Hall& office : offices) {
    office.feeds = !office.label.ja.empty() && lines < most_lines;
    lines += office.feeds ? 1 : 0;
    office.procedures = {{"renewal", "A", 101}, {"pin_reset", "B", 101}, {"expiry_check", "C", 101}};
  }
  return offices;
}

}  // namespace queue_board
