// The service manager's words about the daemon's unit, one state of it at a time. What it prints was taken
// from systemd 252.
#include "unit_finding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "messages/book.hpp"

namespace madoguchi::cli {
namespace {

using testing::HasSubstr;

std::string shown(const std::string& load, const std::string& active, const std::string& result,
                  const std::string& file) {
  return "Result=" + result + "\nLoadState=" + load + "\nActiveState=" + active + "\nUnitFileState=" + file +
         "\n";
}

// "id state".
std::string judged(const std::string& text) {
  const auto finding = unit_finding(text);
  return finding.id + " " + std::string(doctor::name(finding.state));
}

TEST(Unit, IsWellWhileItRunsAndStartsByItself) {
  EXPECT_EQ(judged(shown("loaded", "active", "success", "enabled")), "unit.ok ok");
  EXPECT_EQ(judged(shown("loaded", "activating", "success", "enabled")), "unit.ok ok");
  EXPECT_EQ(judged(shown("loaded", "reloading", "success", "enabled")), "unit.ok ok");
  EXPECT_EQ(judged(shown("loaded", "active", "success", "static")), "unit.ok ok")
      << "a distribution may start it";
}

TEST(Unit, IsNotThere) {
  EXPECT_EQ(judged(shown("not-found", "inactive", "success", "")), "unit.not_installed attention");
}

TEST(Unit, HasNotBegunForWantOfACredential) {
  const auto unit = shown("loaded", "failed", "exit-code", "enabled");
  EXPECT_EQ(judged(unit + "ExecMainStatus=243\n"), "unit.no_credential wrong");
  EXPECT_EQ(judged(unit + "ExecMainStatus=77\n"), "unit.failed wrong");
  const auto again = shown("loaded", "activating", "exit-code", "enabled");
  EXPECT_EQ(judged(again + "ExecMainStatus=243\n"), "unit.no_credential wrong") << "between two starts";
}

TEST(Unit, HasFailedAndSaysHow) {
  const auto finding = unit_finding(shown("loaded", "failed", "exit-code", "enabled"));
  EXPECT_EQ(finding.state, doctor::State::wrong);
  ASSERT_EQ(finding.id, "unit.failed");
  const auto told = doctor::to_json(finding);
  EXPECT_THAT(std::string(told.at("ja").as_string()), HasSubstr("exit-code"));
  EXPECT_THAT(std::string(told.at("en").as_string()), HasSubstr("exit-code"));
  EXPECT_THAT(std::string(told.at("do").at("en").as_string()), HasSubstr("journalctl -u madoguchid"));
  EXPECT_EQ(judged(shown("loaded", "failed", "watchdog", "disabled")), "unit.failed wrong")
      << "the worse is told";
}

TEST(Unit, IsStoppedOrWouldBeAfterTheNextStart) {
  EXPECT_EQ(judged(shown("loaded", "inactive", "success", "enabled")), "unit.inactive wrong");
  EXPECT_EQ(judged(shown("loaded", "active", "success", "disabled")), "unit.not_enabled attention");
}

TEST(Unit, EachStateThatIsNotWellHasItsRemedy) {
  for (const auto* id : {"unit.not_installed", "unit.failed", "unit.not_enabled", "unit.inactive"}) {
    const auto remedy = messages::remedy(id);
    ASSERT_FALSE(remedy.empty()) << id;
    EXPECT_FALSE(remedy.at("ja").as_string().empty());
    EXPECT_FALSE(remedy.at("en").as_string().empty());
  }
}

}  // namespace
}  // namespace madoguchi::cli
