// What of a case reaches the audit log, as what, and by whom.
#include "audited.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "renewal/transitions.hpp"
#include "taken.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using audit::Field;
using audit::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

const base::Actor clerk{.uid = 1234, .role = "clerk", .staff = "clerk-7"};

std::vector<std::string> of_kind(const World& world, Kind kind) {
  std::vector<std::string> found;
  for (const auto& entry : world.store.audit) {
    if (entry.kind() == kind) found.push_back(entry.what());
  }
  return found;
}

const audit::Entry& entry_of(const World& world, std::string_view what) {
  for (const auto& entry : world.store.audit) {
    if (entry.what() == what) return entry;
  }
  throw std::runtime_error("no entry " + std::string(what));
}

OpenRequest opening() {
  OpenRequest request{{{"office", "citizens-division"}}, reader_name, "clerk-7", {}};
  request.by = clerk;
  return request;
}

std::string ready(World& world) {
  auto visit = taken(world.run(world.desk->open(opening())));
  const auto plan = taken(renewal::plan_of(visit.decision));
  for (const auto pin : plan.pins_required) {
    auto request = world.pin_request(visit.id, pin);
    request.by = clerk;
    taken(world.run(world.desk->verify_pin(std::move(request))));
  }
  return visit.id;
}

TEST(Audited, every_record_of_a_saga_was_decided_upon) {
  for (const auto& row : renewal::transitions()) EXPECT_TRUE(listed(row.record)) << row.record;
}

TEST(Audited, a_renewal_has_its_decision_pins_keys_and_certificates) {
  World world;
  const auto id = ready(world);
  taken(world.run(world.desk->issue(id, "clerk-8", {.uid = 1234, .role = "clerk", .staff = "clerk-8"}, {})));
  EXPECT_THAT(of_kind(world, Kind::decision), ElementsAre("case.opened"));
  EXPECT_THAT(of_kind(world, Kind::key), ElementsAre("key.made", "key.made"));
  EXPECT_THAT(of_kind(world, Kind::pin), ::testing::Each(std::string("pin.matched")));
  EXPECT_THAT(of_kind(world, Kind::certificate), IsSupersetOf({"certificate.intent", "certificate.written",
                                                               "activation.done", "revocation.done"}));
  EXPECT_THAT(of_kind(world, Kind::visit), ElementsAre("issue.begun", "case.completed"));
  EXPECT_THAT(of_kind(world, Kind::overruled), IsEmpty());
  for (const auto& entry : world.store.audit) {
    SCOPED_TRACE(entry.what());
    EXPECT_EQ(entry.get(Field::visit), id);
    EXPECT_EQ(entry.get(Field::uid), "1234");
    EXPECT_EQ(entry.get(Field::role), "clerk");
    EXPECT_EQ(entry.get(Field::reader), reader_name);
    EXPECT_FALSE(entry.get(Field::policy).empty());
    for (const auto& [field, value] : entry.fields()) EXPECT_NE(value, "?") << name(field);
  }
  EXPECT_EQ(entry_of(world, "case.opened").get(Field::staff), "clerk-7");
  EXPECT_EQ(entry_of(world, "case.opened").get(Field::outcome), "complete_today");
  EXPECT_EQ(entry_of(world, "key.made").get(Field::staff), "clerk-8");
  EXPECT_EQ(entry_of(world, "key.made").get(Field::key).size(), 64U);
  EXPECT_FALSE(entry_of(world, "certificate.intent").get(Field::serial).empty());
}

// The journal has it in the same transaction: what is refused leaves neither.
TEST(Audited, what_is_not_recorded_is_not_audited) {
  World world;
  world.store.refused_at = world.store.commits + 1;
  EXPECT_FALSE(world.run(world.desk->open(opening())));
  EXPECT_THAT(world.store.audit, IsEmpty());
}

TEST(Audited, a_wrong_pin_is_an_outcome_and_its_value_is_nowhere) {
  World world;
  const auto visit = taken(world.run(world.desk->open(opening())));
  auto request = world.pin_request(visit.id, mynumber::PinName::authentication);
  request.value = base::Secret("9173");
  EXPECT_FALSE(world.run(world.desk->verify_pin(std::move(request))));
  EXPECT_EQ(entry_of(world, "pin.mismatched").get(Field::pin), "authentication");
  EXPECT_EQ(entry_of(world, "pin.mismatched").get(Field::entered_by), "holder");
  for (const auto& row : world.store.audit_rows) EXPECT_THAT(row.line, Not(::testing::HasSubstr("9173")));
}

// However often a client asks: no PIN has been tried. The case's journal has it.
TEST(Audited, a_pin_that_was_not_sent_is_no_entry) {
  World world;
  const auto visit = taken(world.run(world.desk->open(opening())));
  const auto entries = world.store.audit.size();
  for (int asked = 0; asked < 3; ++asked) {
    auto request = world.pin_request(visit.id, mynumber::PinName::authentication);
    request.guards.expected_tries_left = 1;
    const auto refused = world.run(world.desk->verify_pin(std::move(request)));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::Code::pin_tries_changed);
  }
  EXPECT_EQ(world.store.audit.size(), entries);
  EXPECT_EQ(world.store.kinds(visit.id).back(), "pin.not_sent");
}

TEST(Audited, a_pin_of_no_case_is_known_by_its_reader) {
  World world;
  std::vector<PinRequest> pins;
  pins.push_back(world.pin_request({}, mynumber::PinName::authentication));
  pins.back().by = clerk;
  taken(world.run(world.desk->check_expiry(reader_name, std::move(pins))));
  const auto& entry = entry_of(world, "pin.matched");
  EXPECT_EQ(entry.get(Field::reader), reader_name);
  EXPECT_EQ(entry.get(Field::uid), "1234");
  EXPECT_EQ(entry.get(Field::visit), "");
  EXPECT_EQ(world.store.audit.size(), 1U);
}

TEST(Audited, words_that_somebody_typed_stay_in_the_journal) {
  World world;
  const auto id = taken(world.run(world.desk->open(opening()))).id;
  taken(world.run(world.desk->cancel({id, "宇都宮太郎さんの希望", "clerk-7", false, clerk})));
  EXPECT_EQ(entry_of(world, "case.cancelled").get(Field::reason), "");
  EXPECT_EQ(entry_of(world, "case.cancelled").get(Field::staff), "clerk-7");
}

TEST(Audited, an_override_names_what_was_left_to_the_clerk_and_not_the_reason) {
  renewal::Case visit;
  visit.id = "261128-7K3F92QD";
  visit.by = clerk;
  visit.begun_beside = {"261128-AAAAAAAA", "261128-BBBBBBBB"};
  visit.decision = {{"outcome", "complete_today"},
                    {"policy", {{"digest", "ab12"}}},
                    {"findings",
                     {{{"code", "reception.closed"}, {"severity", "override"}},
                      {{"code", "fee.free"}, {"severity", "info"}}}}};
  const std::string body =
      R"({"staff":"clerk-9","override_reason":"急いでいる","beside":["261128-AAAAAAAA"]})";
  const auto entries = audited(std::vector<storage::JournalRecord>{{1, {}, "case.opened", body}}, visit);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].get(Field::findings), "reception.closed,fee.free");
  EXPECT_EQ(entries[1].kind(), Kind::overruled);
  EXPECT_EQ(entries[1].what(), "case.overridden");
  EXPECT_EQ(entries[1].get(Field::findings), "reception.closed");
  EXPECT_EQ(entries[1].get(Field::staff), "clerk-9");
  EXPECT_EQ(entries[1].get(Field::policy), "ab12");
  EXPECT_EQ(entries[2].what(), "case.begun_beside");
  EXPECT_EQ(entries[2].get(Field::findings), "261128-AAAAAAAA,261128-BBBBBBBB");
  for (const auto& entry : entries) {
    for (const auto& [field, value] : entry.fields()) EXPECT_NE(value, "急いでいる");
  }
}

// Rather one too many than an act that nobody finds.
TEST(Audited, a_record_that_nobody_thought_of_is_an_entry) {
  renewal::Case visit;
  visit.id = "261128-7K3F92QD";
  const std::string body = R"({"reason":"some words"})";
  const auto entries =
      audited(std::vector<storage::JournalRecord>{{1, {}, "case.something_new", body}}, visit);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].what(), "case.something_new");
  EXPECT_EQ(entries[0].get(Field::reason), "");
}

}  // namespace
}  // namespace madoguchi::counter::test
