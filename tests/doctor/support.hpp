// What these tests have in common.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <vector>

#include "../temporary_folder.hpp"
#include "doctor/examinations.hpp"

namespace madoguchi::doctor {

using Folder = tests::TemporaryFolder;

// A finding can be told: it is in the book, and says what to do where it is not well.
inline std::string checked(const Finding& finding) {
  const auto told = to_json(finding);
  EXPECT_EQ(finding.state != State::ok, told.contains("do")) << finding.id;
  for (const auto* key : {"ja", "en"}) {
    EXPECT_EQ(std::string(told.at(key).as_string()).find('{'), std::string::npos) << told;
    if (!told.contains("do")) continue;
    EXPECT_EQ(std::string(told.at("do").at(key).as_string()).find('{'), std::string::npos) << told;
  }
  return finding.id + " " + std::string(name(finding.state));
}

class Told {
 public:
  Tell tell() {
    return [this](const Finding& finding) {
      all.push_back(checked(finding));
      if (finding.state == State::ok) return;
      const auto line = boost::json::serialize(to_json(finding));
      EXPECT_NO_THROW(boost::json::parse(line)) << line;
      said += line + "\n";
    };
  }
  std::vector<std::string> all;
  std::string said;  // of what is not well, as it is told
};

}  // namespace madoguchi::doctor
