// The part of JSON Schema (2020-12) that a plugin may describe its methods with. Closed: a keyword that would
// be passed over is a rule that nobody applies. No patterns: what matches them can be made to take for ever.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace madoguchi::extension {

class Schema {
 public:
  Schema() = default;  // takes anything
  // plugin_failed, naming the place: a keyword or type that is not known, or that says nothing of its type.
  static base::Result<Schema> read(const boost::json::object& document);

  struct Mismatch {
    std::string pointer;   // RFC 6901
    std::string expected;  // never repeats the value
  };
  [[nodiscard]] std::optional<Mismatch> mismatch(const boost::json::value& value) const;
  // A value that it takes, with nothing that is not required.
  [[nodiscard]] boost::json::value example() const;
  [[nodiscard]] const boost::json::object& document() const { return document_; }

 private:
  boost::json::object document_;
};

}  // namespace madoguchi::extension
