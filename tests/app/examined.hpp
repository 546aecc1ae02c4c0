// What the tests of the examination have in common: an installation of which one thing at a time is broken.
#pragma once

#include "examine.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "storage/keyring.hpp"
#include "support.hpp"

namespace madoguchi::app {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

using Changes = std::vector<std::pair<std::string, std::string>>;

class Examined : public testing::Test {
 protected:
  Examined() {
    fs::copy(std::string(CONFIG_FOLDER), folder_.path(), fs::copy_options::recursive);
    change({{"# folder: /usr/lib/madoguchi/plugins", "folder: " PLUGIN_FOLDER},
            {"# host_program: /usr/lib/madoguchi/madoguchi-plugin-host", "host_program: " HOST_PROGRAM},
            {"clerk: {groups: [madoguchi]}", "clerk: {groups: [0]}"},
            {"supervisor: {groups: [madoguchi-supervisors]}", "supervisor: {groups: [0]}"},
            {"/var/lib/madoguchi/cases.db", path("cases.db").string()},
            {"/etc/madoguchi/ra.key.pem", path("ra.key.pem").string()},
            {"/etc/madoguchi/ra.crt.pem", path("ra.crt.pem").string()}});
  }
  [[nodiscard]] fs::path path(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] fs::path config() const { return path("madoguchid.yaml"); }
  void change(const Changes& changes) {
    std::ifstream file(config());
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    for (const auto& [from, to] : changes) {
      ASSERT_NE(text.find(from), std::string::npos) << from;
      text.replace(text.find(from), from.size(), to);
    }
    folder_.write("madoguchid.yaml", text);
  }
  // "id state" of each finding.
  std::vector<std::string> found(const std::vector<std::string>& parts) {
    std::stringstream out;
    status_ = examine(config(), parts, out);
    return ids_in(out);
  }
  std::vector<std::string> ids_in(std::istream& lines) {
    std::vector<std::string> all;
    said_.clear();
    for (std::string line; std::getline(lines, line);) {
      const auto object = json::parse(line).as_object();
      if (!object.contains("finding")) continue;
      const auto& finding = object.at("finding").as_object();
      all.push_back(std::string(finding.at("id").as_string()) + " " +
                    std::string(finding.at("state").as_string()));
      if (finding.at("state") != "ok") said_ += json::serialize(finding) + "\n";
    }
    return all;
  }

  void give_store_key(const std::string& name) {
    folder_.write(name, a_ring().keys[0].to_text());
    ::chmod(path(name).c_str(), 0600);
  }

  Folder folder_;
  int status_ = -1;
  std::string said_;
};

}  // namespace madoguchi::app
