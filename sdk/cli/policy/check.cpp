#include <boost/json/serialize.hpp>

#include "workbench.hpp"

namespace madoguchi::policy_tools {
namespace {

namespace json = boost::json;

json::array as_json(const std::vector<settings::Complaint>& complaints) {
  json::array list;
  for (const auto& c : complaints) {
    list.push_back(json::object{{"file", c.file},
                                {"line", c.at.line},
                                {"column", c.at.column},
                                {"key", c.key},
                                {"message", c.message}});
  }
  return list;
}

}  // namespace

int check(const Setting& setting, const std::string& path, Format format) {
  auto opened = open_policy(setting, path);
  if (!opened) return unreadable;
  auto& book = opened->book;
  if (book.value) {
    for (const auto& version : book.value->versions) {
      const Rules rules(setting, *version);
      book.complaints.insert(book.complaints.end(), rules.complaints().begin(), rules.complaints().end());
      book.notices.insert(book.notices.end(), rules.notices().begin(), rules.notices().end());
    }
  }
  const bool valid = book.complaints.empty();
  if (format == Format::json) {
    setting.out << json::serialize(json::object{{"valid", valid},
                                                {"complaints", as_json(book.complaints)},
                                                {"notices", as_json(book.notices)}})
                << "\n";
    return valid ? good : not_so;
  }
  say(setting.err, book.complaints, "error");
  say(setting.err, book.notices, "notice");
  if (!valid) return not_so;
  for (const auto& version : book.value->versions) {
    setting.out << version->origin("version").file << ": " << text_of(setting, version->municipality.name)
                << ", version " << version->version << ", is valid (" << version->digest.substr(0, 16)
                << ")\n";
  }
  return good;
}

}  // namespace madoguchi::policy_tools
