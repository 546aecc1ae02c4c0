// What the tools share: files, policies with their versions, and deciding by one of them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "policy/decision.hpp"
#include "policy_tools/tools.hpp"
#include "rules.hpp"
#include "settings/policy_book.hpp"

namespace madoguchi::policy_tools {

constexpr int good = 0;
constexpr int not_so = 1;
constexpr int unreadable = 2;

base::Result<std::string> read_file(const std::string& path);

// One policy as it was found: its files, and what loading them gave.
struct Opened {
  std::vector<settings::PolicyText> texts;
  settings::Loaded<settings::PolicyBook> book;
};
// Nothing, after saying why, when there is no such file.
std::optional<Opened> open_policy(const Setting& setting, const std::string& path);
// The same, and complaints are said and count as nothing.
std::optional<Opened> open_valid_policy(const Setting& setting, const std::string& path);

// The rules of every version of a policy, each made when it is first asked for.
class VersionRules {
 public:
  // `setting` and `book` outlive them.
  VersionRules(const Setting& setting, const settings::PolicyBook& book) : setting_(setting), book_(book) {}
  Rules& of(const policy::Policy& version);
  // The days after that one, for a decision by `version`, or by `changed` in its place.
  policy::Outlook outlook(base::Date day, const policy::Policy& version, const policy::Policy& changed);

 private:
  const Setting& setting_;
  const settings::PolicyBook& book_;
  std::map<const policy::Policy*, std::unique_ptr<Rules>> rules_;
};

void say(std::ostream& to, const std::vector<settings::Complaint>& complaints, std::string_view kind);

// A document in a file, or itself. Nothing after saying why.
std::optional<boost::json::value> read_json(const Setting& setting, const std::string& file_or_text);

std::string text_of(const Setting& setting, const policy::Text& text);
// "offices[0].hours (policy.yaml:80:5)".
std::string place_of(const policy::Rule& rule);

}  // namespace madoguchi::policy_tools
