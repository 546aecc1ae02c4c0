// An answer of the authority that cannot be believed is kept with its case.
#include "evidence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using renewal::State;
using testing::HasSubstr;

std::vector<json::object> set_aside(World& world, const std::string& id) {
  std::vector<json::object> found;
  const auto journal = world.store.journal(id);
  for (const auto& record : *journal) {
    if (record.kind == "message.set_aside") found.push_back(json::parse(record.body).get_object());
  }
  return found;
}

TEST(Evidence, of_a_spoilt_answer_is_recorded_before_it_is_asked_for_again) {
  // The preflight's, the request's, the confirmation's and the revocation's.
  const char* const phases[] = {"planned", "enrolling", "confirming", "revoking"};
  for (int spoilt = 1; spoilt <= 4; ++spoilt) {
    SCOPED_TRACE(spoilt);
    Options options;
    options.wanted = {mynumber::CertificateName::authentication};
    World world(options);
    const auto id = world.ready();
    world.line->fate = [&](int number) { return number == spoilt ? Fate::spoilt : Fate::delivered; };
    const auto done = world.issue(id);
    ASSERT_TRUE(done) << base::describe(done.error());
    EXPECT_EQ(done->state, State::completed);
    const auto records = set_aside(world, id);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].at("certificate"), "authentication");
    EXPECT_EQ(records[0].at("phase"), phases[spoilt - 1]);
    EXPECT_EQ(records[0].at("reason"), "authority.mismatch");
    const auto message = base::from_base64(records[0].at("message").get_string());
    ASSERT_TRUE(message);
    EXPECT_GT(message->size(), 100U);
    EXPECT_EQ(records[0].at("bytes").to_number<std::size_t>(), message->size());
    EXPECT_EQ(records[0].at("sha256").get_string(), base::to_hex(base::sha256(*message)));
    const auto told = std::find_if(world.published.begin(), world.published.end(), [](const auto& event) {
      return event.data.find("message.set_aside") != std::string::npos;
    });
    ASSERT_NE(told, world.published.end());
    EXPECT_THAT(told->data, HasSubstr("kept as evidence"));
  }
}

TEST(Evidence, of_whatever_makes_an_answer_unbelievable_is_recorded) {
  for (const char* mode : {"random", "truncated", "nonce", "protection"}) {
    SCOPED_TRACE(mode);
    World world(Options{.wanted = {mynumber::CertificateName::authentication}});
    const auto id = world.ready();
    world.order(R"({"fault": "garbage", "body": "certConf", "mode": ")" + std::string(mode) + "\"}");
    const auto done = world.issue(id);
    ASSERT_TRUE(done) << base::describe(done.error());
    const auto records = set_aside(world, id);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_FALSE(records[0].at("why").get_string().empty());
  }
}

TEST(Evidence, of_a_status_that_cannot_be_believed_is_recorded_too) {
  World world(Options{.wanted = {mynumber::CertificateName::authentication}, .offers_status = true});
  const auto id = world.ready();
  world.order(R"({"fault": "http_500", "body": "certConf"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  world.order(R"({"fault": "reject", "body": "certConf", "failure": "badRequest"})");
  world.status_line->fate = [](int number) { return number == 1 ? Fate::spoilt : Fate::delivered; };
  ASSERT_TRUE(world.issue(id));
  EXPECT_EQ(world.status_line->posts, 2);
  const auto records = set_aside(world, id);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].at("phase"), "confirmed");
}

TEST(Evidence, that_cannot_be_kept_stops_the_run) {
  Options options;
  options.wanted = {mynumber::CertificateName::authentication};
  World world(options);
  const auto id = world.ready();
  world.line->fate = [&](int number) {
    if (number != 2) return Fate::delivered;
    world.store.refused_at = world.store.commits + 1;
    return Fate::spoilt;
  };
  EXPECT_EQ(code_of(world.issue(id)), Code::storage_full);
  EXPECT_EQ(set_aside(world, id).size(), 0U);
  const auto done = world.finish(id);
  EXPECT_EQ(done.state, State::completed);
}

storage::JournalRecord recorded(const Note& note) {
  return {1, {}, note.kind, json::serialize(note.body)};
}

TEST(Evidence, is_bounded_in_size_and_number) {
  const renewal::Saga saga;
  const auto why = base::make_fault(Code::authority_mismatch, "not one PKIMessage");
  const auto large = evidence_of({}, saga, why, base::Bytes(1'000'000, 'x'));
  ASSERT_TRUE(large);
  EXPECT_EQ(large->body.at("bytes").to_number<std::size_t>(), 1'000'000U);
  EXPECT_EQ(base::from_base64(large->body.at("message").get_string())->size(), most_evidence_bytes);

  std::vector<storage::JournalRecord> journal;
  for (std::uint8_t n = 0; n < most_evidence_records; ++n) {
    const auto one = evidence_of(journal, saga, why, {n});
    ASSERT_TRUE(one) << int{n};
    journal.push_back(recorded(*one));
    EXPECT_FALSE(evidence_of(journal, saga, why, {n})) << "the same again";
  }
  EXPECT_FALSE(evidence_of(journal, saga, why, {200}));
  EXPECT_TRUE(evidence_of({}, saga, why, {}));
}

}  // namespace
}  // namespace madoguchi::counter::test
