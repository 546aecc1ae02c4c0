// A folder with the policy that `init` begins, for tests of the tools about policies.
#pragma once

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "base/calendar.hpp"
#include "policy_tools/tools.hpp"

namespace madoguchi::policy_tools {

namespace fs = std::filesystem;
namespace json = boost::json;

class Tools : public testing::Test {
 protected:
  Tools() {
    std::string name = (fs::temp_directory_path() / "policy-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    write("holidays.yaml",
          "covers: {from: 2026-01-01, to: 2026-12-31}\nholidays:\n  2026-02-11: 建国記念の日\n");
    EXPECT_EQ(init(setting_, "example", (folder_ / "begun.yaml").string()), 0) << err_.str();
    auto text = read("begun.yaml");
    replace(text, "../../holidays/japan.yaml", "holidays.yaml");
    text.resize(text.find("plugins:"));  // core's rules are enough here
    for (auto at = text.find("FILL IN"); at != std::string::npos; at = text.find("FILL IN"))
      text.replace(at, 7, "written");
    write("policy.yaml", text);
  }
  ~Tools() override { fs::remove_all(folder_); }

  static void replace(std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string policy() const { return folder_.string(); }
  std::string said() {
    auto text = out_.str();
    out_.str({});
    return text;
  }
  std::string complained() {
    auto text = err_.str();
    err_.str({});
    return text;
  }
  json::object said_json() { return json::parse(said()).as_object(); }

  static constexpr std::string_view facts_ =
      R"({"at": "2026-02-12T10:00:00+09:00", "office": "main", "holder": {"birth_date": "1980-04-10"},
          "card": {"expires_on": "2031-04-10"}, "certificates": {
          "signature": {"state": "valid", "expires_on": "2026-04-10"},
          "authentication": {"state": "valid", "expires_on": "2026-04-10"}}})";
  // As it would be in YAML.
  static std::string one_case(const std::string& name, const std::string& expect,
                              const std::string& more = {}) {
    return "- name: " + name + "\n  facts: " + std::string(facts_) + "\n" + more + "  expect: " + expect +
           "\n";
  }

  fs::path folder_;
  std::ostringstream out_;
  std::ostringstream err_;
  Setting setting_{out_, err_, Language::en, *base::parse_time("2026-02-12T10:00:00+09:00"), {}};
};

}  // namespace madoguchi::policy_tools
