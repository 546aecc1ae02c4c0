// Utsunomiya's policy with the plugins that ship, and the base case of the decision cases to differ from.
#pragma once

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "extension/plugins.hpp"
#include "policy/decision.hpp"
#include "policy/policy.hpp"

namespace madoguchi::plugins {

class KeptLog : public base::Log {
 public:
  void write(base::Level, std::string_view id, std::initializer_list<base::Field> fields) override;
  std::string text;
};

// The policy that ships, its text changed by `changes` (each found exactly once).
struct Change {
  std::string_view from;
  std::string_view to;
};
std::string policy_text(std::initializer_list<Change> changes = {});

class City {
 public:
  explicit City(const std::string& text = policy_text(), std::vector<std::string> order = {});
  // What is complained about in a policy: "line: key: message", in order.
  static std::vector<std::string> complaints(const std::string& text, std::vector<std::string> order = {});
  static std::vector<std::string> notices(const std::string& text);
  // `facts` as in contract/decision.md, as JSON; a decision must come of it.
  policy::Decision decide(const boost::json::object& facts, const policy::CaseSoFar& so_far = {});

  policy::Policy policy;
  KeptLog log;
  extension::Plugins::Built built;
};

// Where the shipped plugins were built.
std::string plugin_folder();

// The base case, and a member of it set by a path such as "/visitor/role".
class Facts {
 public:
  Facts();
  Facts with(std::string_view pointer, boost::json::value value) const;
  Facts with_document(boost::json::object document) const;
  Facts at(std::string_view time) const;  // "2026-02-12 10:00", Japan's
  [[nodiscard]] const boost::json::object& json() const { return json_; }

 private:
  boost::json::object json_;
};
Facts proxy();                                      // with everything that a proxy needs for one visit
Facts representative(std::string_view birth_date);  // of a child, with their licence

std::set<std::string> codes(const policy::Decision& decision);
std::set<std::string> missing(const policy::Decision& decision);

}  // namespace madoguchi::plugins
