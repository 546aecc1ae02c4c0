// The policy accepted last, and those of cases under way, outlive files that are not valid and restarts.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "city.hpp"
#include "sealed_file.hpp"

namespace madoguchi::app {
namespace {

using testing::HasSubstr;

const auto now = *base::parse_time("2026-02-12T10:00:00+09:00");
const auto later = *base::parse_time("2026-02-13T09:00:00+09:00");

class PolicyKept : public CityTest {
 protected:
  // As the daemon's start does; each is a process's life.
  base::Result<std::unique_ptr<Decider>> start(base::Instant at = now, bool strict = false) {
    auto opened = PolicyArchive::open(folder_ / "policies");
    EXPECT_TRUE(opened) << base::describe(opened.error());
    archive_.emplace(std::move(*opened));
    return Decider::make(folder_ / "policy.yaml", host(), log_,
                         {.archive = &*archive_, .strict = strict, .now = at});
  }

  // In force for children who bring a passport instead.
  [[nodiscard]] std::string other() const {
    return replaced(shipped_, "    child:\n      document: family_register",
                    "    child:\n      document: passport");
  }
  static std::string missing(const base::Result<counter::Decided>& decided) {
    return decided ? json::serialize(decided->decision.at("missing")) : base::describe(decided.error());
  }
  static std::string digest(const counter::Decided& decided) {
    return std::string(decided.decision.at("policy").at("digest").as_string());
  }
  [[nodiscard]] std::vector<fs::path> stored() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder_ / "policies")) {
      if (entry.path().extension() == ".policy") files.push_back(entry.path());
    }
    return files;
  }

  std::optional<PolicyArchive> archive_;
};

TEST_F(PolicyKept, StandsInForFilesThatAreNotValidAtARestart) {
  write(shipped_);
  std::string digest;
  {
    const auto first = start();
    ASSERT_TRUE(first) << base::describe(first.error());
    EXPECT_EQ((*first)->health(now).at("state"), "ok");
    digest = (*first)->nearest(now).digest;
  }
  write(replaced(shipped_, "  months: 3", "  monts: 3"));
  auto second = start(later);
  ASSERT_TRUE(second) << base::describe(second.error());
  EXPECT_EQ((*second)->nearest(later).digest, digest);
  EXPECT_EQ(missing((*second)->decide(child_with_father(), {})), R"(["family_register"])")
      << "plugin sections included";
  const auto health = (*second)->health(later);
  EXPECT_EQ(health.at("state"), "degraded");
  EXPECT_EQ(health.at("reason"), "policy.invalid");
  EXPECT_EQ(health.at("source"), "kept");
  EXPECT_EQ(health.at("since"), "2026-02-13T09:00:00+09:00");
  EXPECT_THAT(std::string(health.at("complaints").at(0).as_string()),
              testing::ContainsRegex("policy\\.yaml:[0-9]+:[0-9]+: window\\.months: missing"));
  write(shipped_);
  ASSERT_TRUE((*second)->reload(later));
  EXPECT_EQ((*second)->health(later).at("state"), "ok") << "cured by exactly what is in force";
  EXPECT_FALSE((*second)->health(later).contains("complaints"));
}

TEST_F(PolicyKept, ARefusedReloadIsToldSinceItsBeginningUntilItIsCured) {
  write(shipped_);
  const auto decider = start();
  ASSERT_TRUE(decider);
  write("nonsense");
  EXPECT_FALSE((*decider)->reload(now));
  write(replaced(shipped_, "  months: 3", "  months: 0"));
  EXPECT_FALSE((*decider)->reload(later));
  const auto health = (*decider)->health(later);
  EXPECT_EQ(health.at("since"), "2026-02-12T10:00:00+09:00");
  EXPECT_THAT(json::serialize(health.at("complaints")), HasSubstr("window.months: expected an integer"));
  EXPECT_EQ(health.at("source"), "files");
  ASSERT_NE((*decider)->trouble(), nullptr);
  write(shipped_);
  ASSERT_TRUE((*decider)->reload(later));
  EXPECT_EQ((*decider)->trouble(), nullptr);
}

TEST_F(PolicyKept, StandsInForFilesThatAreNotInForceYetAndIsNotDisplacedByThem) {
  write(shipped_);
  ASSERT_TRUE(start());
  const auto kept = stored();
  write(replaced(other(), "# effective_from: 2026-01-01", "effective_from: 2026-04-01"));
  for (int restart = 0; restart < 2; ++restart) {
    const auto decider = start(later);
    ASSERT_TRUE(decider) << base::describe(decider.error());
    (*decider)->keep_only({});
    EXPECT_EQ(missing((*decider)->decide(child_with_father(), {})), R"(["family_register"])");
    EXPECT_EQ((*decider)->health(later).at("reason"), "policy.not_in_force");
    EXPECT_EQ(stored(), kept);
  }
  const auto strict = start(later, true);
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error().code, base::Code::policy_not_in_force);
  const auto in_april = start(*base::parse_time("2026-04-01T09:00:00+09:00"));
  ASSERT_TRUE(in_april) << base::describe(in_april.error());
  EXPECT_EQ((*in_april)->trouble(), nullptr);
  EXPECT_THAT(missing((*in_april)->decide(child_with_father(), {})), HasSubstr("policy.not_in_force"))
      << "in February the new one was not in force";
}

TEST_F(PolicyKept, FilesOfALaterDayBeginWithoutBeingKeptWhereNothingStandsIn) {
  write(replaced(shipped_, "# effective_from: 2026-01-01", "effective_from: 2026-04-01"));
  const auto decider = start();
  ASSERT_TRUE(decider) << base::describe(decider.error());
  EXPECT_FALSE((*decider)->policy(now));
  EXPECT_TRUE(stored().empty());
}

// A later version of the daemon may write another shape, with a digest that fits.
TEST_F(PolicyKept, ASnapshotOfAnotherShapeIsAsGoodAsNone) {
  write(shipped_);
  ASSERT_TRUE(start());
  for (const std::string text :
       {R"({"versions":[{"digest":7}]})", R"({"path":"x","texts":{},"named":{},"versions":[]})", "{}"}) {
    const auto name = digest_of(text);
    const auto rest = "{\"plugins\":[],\"snapshot\":\"" + name + "\"}";
    for (const auto& [file, bytes] :
         {std::pair{name + ".policy", text},
          std::pair{std::string("last-accepted"), digest_of(rest) + "\n" + rest}}) {
      std::ofstream(folder_ / "policies" / file) << bytes;
      ::chmod((folder_ / "policies" / file).c_str(), 0600);
    }
    write("nonsense");
    const auto without = start();
    ASSERT_FALSE(without) << text;
    EXPECT_THAT(without.error().inner, HasSubstr("no policy accepted earlier stands in"));
    EXPECT_THAT(without.error().inner, HasSubstr("not of the shape"));
  }
  const std::string pointer = "{}";
  std::ofstream(folder_ / "policies" / "last-accepted") << digest_of(pointer) << "\n" << pointer;
  EXPECT_FALSE(start());
  archive_->keep_only({});
  write(shipped_);
  EXPECT_TRUE(start());
}

TEST_F(PolicyKept, AStrictStartEndsInstead) {
  write(shipped_);
  ASSERT_TRUE(start());
  write("nonsense");
  const auto strict = start(now, true);
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error().code, base::Code::policy_invalid);
}

TEST_F(PolicyKept, IsNotBelievedWhenItIsDamagedOrAnybodysOrOfAnotherPlace) {
  write(shipped_);
  ASSERT_TRUE(start());
  write("nonsense");
  const auto file = stored().at(0);
  const auto whole = text_of(file);
  {
    std::ofstream(file) << replaced(whole, "family_register", "family_registry");
    const auto damaged = start();
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, base::Code::policy_invalid) << "what the files say comes first";
    EXPECT_THAT(damaged.error().inner, HasSubstr("damaged"));
  }
  std::ofstream(file) << whole;
  ASSERT_TRUE(start());
  ::chmod(file.c_str(), 0644);
  const auto anybodys = start();
  ASSERT_FALSE(anybodys);
  EXPECT_THAT(anybodys.error().inner, HasSubstr("not a file of the daemon's alone"));
  ::chmod(file.c_str(), 0600);
  const auto elsewhere = Decider::make(folder_ / "elsewhere", host(), log_, {.archive = &*archive_});
  ASSERT_FALSE(elsewhere);
  EXPECT_THAT(elsewhere.error().inner, HasSubstr("of another place"));
}

TEST_F(PolicyKept, DoesNotStandInWithoutAPluginThatItsRulesNeed) {
  write(shipped_);
  ASSERT_TRUE(start());
  write("nonsense");
  auto fewer = host();
  fewer.plugins.pop_back();
  const auto decider = Decider::make(folder_ / "policy.yaml", fewer, log_, {.archive = &*archive_});
  ASSERT_FALSE(decider);
  EXPECT_THAT(decider.error().inner, HasSubstr("plugins.holiday-openings: no such plugin is configured"));
}

TEST_F(PolicyKept, IsTheDaemonsAlone) {
  write(shipped_);
  ASSERT_TRUE(start());
  struct stat folder {};
  struct stat file {};
  ASSERT_EQ(::stat((folder_ / "policies").c_str(), &folder), 0);
  ASSERT_EQ(::stat(stored().at(0).c_str(), &file), 0);
  EXPECT_EQ(folder.st_mode & 0777U, 0700U);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
}

TEST_F(PolicyKept, ACaseIsDecidedByItsOwnAlsoAfterARestart) {
  write(shipped_);
  auto decider = start();
  ASSERT_TRUE(decider);
  const auto facts = child_with_father();
  const auto own = digest(*(*decider)->decide(facts, {}));
  write(other());
  ASSERT_TRUE((*decider)->reload(now));
  EXPECT_EQ(missing((*decider)->decide(facts, {})), R"(["passport"])");
  EXPECT_EQ(missing((*decider)->decide_by(own, facts, {})), R"(["family_register"])");
  decider = start();
  ASSERT_TRUE(decider);
  const auto again = (*decider)->decide_by(own, facts, {});
  ASSERT_TRUE(again);
  EXPECT_EQ(digest(*again), own);
  EXPECT_EQ(missing(again), R"(["family_register"])");
}

TEST_F(PolicyKept, IsForgottenWhenNoCaseNeedsItAndThenThePresentOneDecides) {
  write(shipped_);
  auto decider = start();
  ASSERT_TRUE(decider);
  const auto facts = child_with_father();
  const auto own = digest(*(*decider)->decide(facts, {}));
  write(other());
  ASSERT_TRUE((*decider)->reload(now));
  (*decider)->keep_only({own});
  EXPECT_EQ(stored().size(), 2U);
  (*decider)->keep_only({});
  EXPECT_EQ(stored().size(), 1U) << "the last accepted one stays";
  const auto present = (*decider)->decide_by(own, facts, {});
  EXPECT_EQ(missing(present), R"(["passport"])");
  EXPECT_THAT(log_.lines.back(), HasSubstr("policy.not_kept"));
}

TEST_F(PolicyKept, NothingIsReplacedThatCannotBeKept) {
  write(shipped_);
  auto decider = start();
  ASSERT_TRUE(decider);
  write(other());
  // No folder to keep it in any more.
  fs::remove_all(folder_ / "policies");
  std::ofstream(folder_ / "policies") << "no folder";
  const auto reloaded = (*decider)->reload(now);
  ASSERT_FALSE(reloaded);
  EXPECT_EQ(reloaded.error().code, base::Code::storage_unavailable);
  EXPECT_EQ(missing((*decider)->decide(child_with_father(), {})), R"(["family_register"])");
  EXPECT_EQ((*decider)->health(now).at("state"), "degraded");
}

TEST_F(PolicyKept, ItsEndIsToldAheadAndThenNothingIsDecided) {
  write(replaced(shipped_, "# effective_to: 2026-12-31", "effective_to: 2026-02-20"));
  const auto decider = start();
  ASSERT_TRUE(decider);
  EXPECT_EQ((*decider)->health(*base::parse_time("2026-01-20T10:00:00+09:00")).at("state"), "ok");
  const auto near = (*decider)->health(now);
  EXPECT_EQ(near.at("state"), "degraded");
  EXPECT_EQ(near.at("ends_on"), "2026-02-20");
  EXPECT_EQ(near.at("days_left"), 8);
  EXPECT_THAT(std::string(near.at("ja").as_string()), HasSubstr("2026年2月20日"));
  const auto after = *base::parse_time("2026-02-21T00:00:00+09:00");
  EXPECT_EQ((*decider)->health(after).at("state"), "failed");
  EXPECT_EQ((*decider)->health(after).at("ended_on"), "2026-02-20");
  auto facts = child_with_father();
  facts["at"] = "2026-02-21T10:00:00+09:00";
  const auto decided = (*decider)->decide(facts, {});
  ASSERT_FALSE(decided);
  EXPECT_EQ(decided.error().code, base::Code::policy_not_in_force);
  EXPECT_FALSE((*decider)->schedule(after));
  write(shipped_);
  ASSERT_TRUE((*decider)->reload(after));
  EXPECT_TRUE((*decider)->decide(facts, {}));
  write(replaced(shipped_, "# effective_to: 2026-12-31", "effective_to: 2026-02-20"));
  EXPECT_FALSE((*decider)->reload(after)) << "one that has ended replaces none that has not";
}

}  // namespace
}  // namespace madoguchi::app
