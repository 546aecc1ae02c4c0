// One entry of the audit log, made of a closed list of fields: there is none that a name, a document's
// number, a PIN or a My Number could go into.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/actor.hpp"
#include "base/clock.hpp"

namespace madoguchi::audit {

enum class Kind : std::uint8_t {
  decision,     // what the rules made of a case
  overruled,    // "override": a clerk went on where they leave it to the clerk
  pin,          // how a PIN's check or initialisation ended
  key,          // made on a card
  certificate,  // issued, written, in use, refused, revoked
  visit,        // "case": begun, stopped, ended
  policy,       // in force, replaced, refused
  plugin,       // let in, refused, called
  access,       // refused
  daemon,       // began, ended
  audit,        // of the log itself: pruned, found damaged
};
std::string_view name(Kind kind);
std::optional<Kind> kind_named(std::string_view text);

// In the order in which a line has them.
enum class Field : std::uint8_t {
  uid,
  role,
  staff,
  counter,
  reader,
  visit,  // "case"
  policy,
  outcome,
  findings,
  was,
  certificate,
  serial,
  expires_on,
  key,
  slot,
  pin,
  entered_by,
  reason,
  plugin,
  version,
  vendor,
  method,
  count,
  through,
  head,  // a statement as it was found
};
inline constexpr std::size_t field_count = 25;
std::string_view name(Field field);
std::optional<Field> field_named(std::string_view text);
bool is_number(Field field);

// Has somebody had it done with a card or a case? What a program asks for at its hours, such as a reload, is
// no sign that anybody was there.
bool by_a_person(Kind kind, std::string_view uid);

class Entry {
 public:
  // `what` is a stable word, the journal's where the entry tells of a record.
  Entry(base::Instant at, Kind kind, std::string_view what);

  // Nothing is put for an empty value. Of a value that the field cannot have only that there was one is kept
  // ("?"): an entry is never lost for it, and nothing slips in.
  Entry& put(Field field, std::string_view value);
  Entry& put(Field field, std::int64_t value);
  Entry& by(const base::Actor& actor);

  [[nodiscard]] base::Instant at() const { return at_; }
  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] const std::string& what() const { return what_; }
  // Empty where there is none.
  [[nodiscard]] std::string_view get(Field field) const;
  [[nodiscard]] const std::map<Field, std::string>& fields() const { return fields_; }

 private:
  base::Instant at_;
  Kind kind_;
  std::string what_;
  std::map<Field, std::string> fields_;
};

}  // namespace madoguchi::audit
