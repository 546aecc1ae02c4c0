// A shipped policy with the shipped plugins, in a folder that goes with the test.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "decider.hpp"
#include "support.hpp"

namespace madoguchi::app {

namespace fs = std::filesystem;
namespace json = boost::json;

inline std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

class CityTest : public testing::Test {
 protected:
  CityTest()
      : shipped_(replaced(text_of(CONFIG_FOLDER "/policy/utsunomiya/policy.yaml"), "../../holidays/",
                          CONFIG_FOLDER "/holidays/")) {}

  void write(const std::string& text) const { made_.write("policy.yaml", text); }

  static extension::HostConfig host() {
    extension::HostConfig config;
    config.folder = PLUGIN_FOLDER;
    for (const auto* name : {"legal-representative", "proxy-two-visit", "holiday-openings"}) {
      config.plugins.push_back({.name = name,
                                .isolate = extension::Isolation::none,
                                .allow_unsigned = true,
                                .deadline = std::chrono::seconds(20)});
    }
    return config;
  }

  base::Result<std::unique_ptr<Decider>> make() { return Decider::make(folder_, host(), log_); }

  static json::object child_with_father() {
    return json::parse(R"({
      "at": "2026-02-12T10:00:00+09:00", "office": "citizens-division",
      "holder": {"birth_date": "2015-06-01"},
      "visitor": {"role": "legal_representative", "relationship": "parent"},
      "card": {"expires_on": "2031-04-10"},
      "certificates": {"signature": {"state": "absent"},
                       "authentication": {"state": "valid", "expires_on": "2026-04-10"}},
      "documents": [{"type": "drivers_licence"}]})")
        .as_object();
  }

  Folder made_;
  fs::path folder_ = made_.path();
  std::string shipped_;
  RememberingLog log_;
};

}  // namespace madoguchi::app
