// privacy.report and privacy.reseal on a store as it is: what is told of whom, until when, and what is not
// told.
#include "api/privacy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/json/serialize.hpp>
#include <filesystem>

#include "storage/sqlite.hpp"
#include "support.hpp"

namespace madoguchi::api::test {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* card = "CARD-8800112233";
constexpr const char* birth = "1990-02-03";

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "madoguchi-privacy-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] fs::path store() const { return path_ / "cases.db"; }

 private:
  fs::path path_;
};

storage::Keyring ring_of(const std::string& digits) {
  storage::Keyring ring;
  for (const char digit : digits)
    ring.keys.push_back(storage::SealingKey::from_text(std::string(64, digit)).value());
  return ring;
}

std::string id_of(char digit) {
  return ring_of({digit}).keys[0].id();
}

base::Instant at(const char* time) {
  return base::parse_time(time).value();
}

class Privacy : public testing::Test {
 protected:
  Privacy() { open("1"); }
  void open(const std::string& digits) {
    store_.reset();
    auto opened = storage::open_sqlite(folder_.store(), ring_of(digits));
    if (!opened) throw std::runtime_error(base::describe(opened.error()));
    store_ = std::move(*opened);
    counter_.parts.privacy.holdings = store_.get();
    counter_.parts.privacy.store = folder_.store();
  }
  // What a restore leaves beside the store; written to at the end of April.
  fs::path put_aside(const char* stamp, const char* state) {
    const auto path = folder_.store().string() + ".before-" + stamp;
    auto copy = storage::open_sqlite(path, ring_of("1")).value();
    storage::Change change;
    change.record = storage::CaseRecord{.id = "c-1", .state = state, .card = card, .body = birth};
    change.record->opened_at = change.record->updated_at = at("2026-04-20T10:00:00+09:00");
    copy->commit(change).value();
    copy.reset();
    fs::last_write_time(path, std::chrono::file_clock::from_sys(at("2026-04-30T23:30:00+09:00")));
    return path;
  }
  void add(const std::string& id, const char* state, const std::string& of_card = card) {
    storage::Change change;
    change.record = storage::CaseRecord{.id = id, .state = state, .card = of_card};
    change.record->opened_at = change.record->updated_at = at("2026-03-01T23:30:00+09:00");
    change.record->body = std::string(R"({"birth":")") + birth + "\"}";
    change.record->parts = {
        {"/facts", birth}, {"/sagas/0/old_certificate", "holder"}, {"/sagas/0/ir", "asked"}};
    change.journal = {{0, at("2026-03-01T23:30:00+09:00"), "case.opened", "{}"}};
    change.plugin_states = {{"visits", id, 0, "{}", ""}};
    store_->commit(change).value();
  }
  json::array cases(const json::object& params = {}) {
    return counter_.result("privacy.report", params).at("cases").as_array();
  }

  Folder folder_;
  std::unique_ptr<storage::Store> store_;
  Counter counter_;
};

TEST_F(Privacy, TellsKindsAndUntilWhenAndWhy) {
  add("c-1", "completed");
  add("c-2", "ready");
  add("c-3", "issuing");
  add("c-4", "cancelled", "");
  const auto all = cases();
  ASSERT_EQ(all.size(), 4U);
  const auto& ended = all[0].as_object();
  EXPECT_EQ(ended.at("id"), "c-1");
  EXPECT_EQ(ended.at("held"),
            (json::array{"case", "facts", "certificates", "messages", "journal", "plugins"}));
  EXPECT_EQ(ended.at("journal_lines"), 1);
  EXPECT_EQ(ended.at("plugins"), json::array{"visits"});
  EXPECT_EQ(ended.at("rule"), "ended");
  EXPECT_EQ(ended.at("leaves_on"), "2026-04-01");
  EXPECT_EQ(all[1].at("rule"), "left_behind");
  EXPECT_EQ(all[1].at("leaves_on"), "2028-03-21");
  EXPECT_EQ(all[2].at("rule"), "needed");
  EXPECT_FALSE(all[2].as_object().contains("leaves_on"));
  EXPECT_EQ(all[0].at("card_mark"), all[1].at("card_mark"));
  EXPECT_FALSE(all[3].as_object().contains("card_mark"));
}

TEST_F(Privacy, SaysNothingOfWhatIsHeld) {
  add("c-1", "open");
  const auto said = json::serialize(counter_.result("privacy.report"));
  for (const auto* personal : {card, birth, "holder", "asked"}) EXPECT_THAT(said, Not(HasSubstr(personal)));
  EXPECT_THAT(said, HasSubstr(id_of('1')));
}

TEST_F(Privacy, NamesStoresThatARestoreHasPutAside) {
  EXPECT_EQ(counter_.result("privacy.report").at("put_aside"), json::array());
  const auto ended = put_aside("20260501-093000", "completed");
  const auto needed = put_aside("20260502-093000", "issuing");
  const auto stamped_oddly = put_aside("99999999-999999", "completed");
  add("c-1", "open");
  add("c-2", "open");
  // Whichever case or card is asked for may be in there; and once, not with each page.
  for (const auto& params :
       {json::object{{"case", "c-9"}}, json::object{{"card", "another"}}, json::object{}}) {
    const auto told = counter_.result("privacy.report", params).at("put_aside").as_array();
    ASSERT_EQ(told.size(), 3U);
    EXPECT_EQ(told[0].at("path").as_string(), ended.c_str());
    EXPECT_EQ(told[0].at("bytes").as_int64(), static_cast<std::int64_t>(fs::file_size(ended)));
    EXPECT_EQ(told[0].at("put_aside_at"), "2026-05-01T09:30:00+09:00");
    EXPECT_EQ(told[0].at("leaves_on"), "2026-05-31");
    EXPECT_EQ(told[1].at("path").as_string(), needed.c_str());
    EXPECT_FALSE(told[1].as_object().contains("leaves_on"));
    EXPECT_EQ(told[2].at("path").as_string(), stamped_oddly.c_str());
    EXPECT_EQ(told[2].at("put_aside_at"), "2026-04-30T23:30:00+09:00");
    EXPECT_THAT(json::serialize(told), Not(HasSubstr(birth)));
  }
  const auto first = counter_.result("privacy.report", {{"limit", 1}});
  EXPECT_FALSE(
      counter_.result("privacy.report", {{"limit", 1}, {"cursor", first.at("next")}}).contains("put_aside"));
}

TEST_F(Privacy, IsAskedByCaseByCardAndByPage) {
  for (int n = 1; n <= 5; ++n) add("c-" + std::to_string(n), "open", n == 3 ? "another" : card);
  EXPECT_EQ(cases({{"case", "c-2"}}).size(), 1U);
  EXPECT_EQ(cases({{"case", "c-9"}}).size(), 0U);
  EXPECT_EQ(cases({{"card", card}}).size(), 4U);
  EXPECT_EQ(cases({{"card", "another"}}).at(0).at("id"), "c-3");
  std::vector<std::string> paged;
  json::object params{{"limit", 2}};
  for (;;) {
    const auto page = counter_.result("privacy.report", params);
    for (const auto& each : page.at("cases").as_array()) paged.emplace_back(each.at("id").as_string());
    if (!page.contains("next")) break;
    params["cursor"] = page.at("next");
  }
  EXPECT_THAT(paged, ElementsAre("c-1", "c-2", "c-3", "c-4", "c-5"));
}

// What the report foretells is what is let go: on that day, and not on the day before.
TEST_F(Privacy, TheDayThatIsToldIsTheDayOnWhichItGoes) {
  for (const int days : {0, 1, 30, 750}) {
    const KeepingRule rule{"ended", {"completed"}, days};
    for (const auto* changed : {"2026-03-01T00:00:00+09:00", "2026-03-01T23:59:59+09:00",
                                "2028-02-29T12:00:00+09:00", "2026-12-31T15:00:00Z"}) {
      const auto day = base::start_of_day_in_japan(leaves_on(rule, at(changed)));
      EXPECT_LT(at(changed), outdated_by(rule, day).since) << changed << " " << days;
      EXPECT_GE(at(changed), outdated_by(rule, day - std::chrono::seconds(1)).since)
          << changed << " " << days;
    }
  }
}

TEST_F(Privacy, ANewKeySealsAllAnew) {
  for (int n = 1; n <= 45; ++n) add("c-" + std::to_string(n), "open");
  EXPECT_EQ(sealing_health(*store_).at("key").as_string(), id_of('1'));
  open("21");
  EXPECT_EQ(counter_.result("privacy.report").at("former_keys"), json::array{id_of('1')});
  EXPECT_EQ(sealing_health(*store_).at("former_keys"), json::array{id_of('1')});
  const auto done = counter_.result("privacy.reseal");
  EXPECT_EQ(done.at("key").as_string(), id_of('2'));
  EXPECT_EQ(done.at("damaged"), 0);
  EXPECT_EQ(done.at("former_keys"), json::array());
  open("2");
  EXPECT_EQ(cases({{"card", card}}).size(), 45U);
}

// A store whose disk has failed.
class Failing final : public storage::Holdings {
 public:
  base::Result<std::vector<storage::Held>> held(const storage::HeldQuery&) override { return fault(); }
  base::Result<std::int64_t> let_go(const storage::Outdated&, base::Instant, int) override { return fault(); }
  base::Result<storage::Sealing> sealing() override { return fault(); }
  base::Result<storage::Resealed> reseal(const storage::Resealed&, int) override { return fault(); }

 private:
  static base::Fault fault() { return base::make_fault(base::Code::storage_unavailable, "I/O error"); }
};

TEST_F(Privacy, SaysThatTheStoreCannotBeRead) {
  Failing failing;
  counter_.parts.privacy.holdings = &failing;
  EXPECT_EQ(counter_.reason("privacy.report"), "storage.unavailable");
  EXPECT_EQ(counter_.reason("privacy.reseal"), "storage.unavailable");
  EXPECT_EQ(sealing_health(failing).at("state"), "failed");
  EXPECT_EQ(sealing_health(failing).at("reason"), "storage.unavailable");
}

// Two of its values do not open and stay under the key that they were sealed with.
class Damaged final : public storage::Holdings {
 public:
  base::Result<std::vector<storage::Held>> held(const storage::HeldQuery&) override {
    return std::vector<storage::Held>();
  }
  base::Result<std::int64_t> let_go(const storage::Outdated&, base::Instant, int) override { return 0; }
  base::Result<storage::Sealing> sealing() override { return storage::Sealing{id_of('2'), {id_of('1')}}; }
  base::Result<storage::Resealed> reseal(const storage::Resealed& from, int) override {
    storage::Resealed to = from;
    to.done = ++to.event > 3;
    to.damaged = to.done ? 2 : 0;
    return to;
  }
};

TEST_F(Privacy, TellsWhatCouldNotBeSealedAnewAndWhichKeyItNeeds) {
  Damaged damaged;
  counter_.parts.privacy.holdings = &damaged;
  const auto done = counter_.result("privacy.reseal");
  EXPECT_EQ(done.at("damaged"), 2);
  EXPECT_EQ(done.at("former_keys"), json::array{id_of('1')});
}

}  // namespace
}  // namespace madoguchi::api::test
