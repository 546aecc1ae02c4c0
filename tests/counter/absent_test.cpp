// Certificates that the card has none of: nothing is taken over from, so that none is issued here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using mynumber::CertificateName;
using renewal::Phase;
using renewal::State;
using testing::Contains;
using testing::Not;

Options without_signature() {
  Options options;
  options.citizen = simulated_card::CitizenKind::no_signature;
  return options;
}

const boost::json::object* finding(const renewal::Case& visit) {
  for (const auto& each : visit.decision.at("findings").as_array()) {
    if (each.at("code") == "certificate.not_on_card") return &each.as_object();
  }
  return nullptr;
}

TEST(Absent, a_certificate_is_told_of_as_soon_as_the_card_was_read_and_nothing_is_asked_for_it) {
  World world(without_signature());
  const auto unread = world.open("").value();
  EXPECT_EQ(finding(unread), nullptr) << "nobody knows yet";
  EXPECT_THAT(unread.decision.at("pins_required").as_array(), Contains("signature"));
  const auto read = world.run(world.desk->update({unread.id, {}, {}, reader_name, "clerk-7"}));
  ASSERT_TRUE(read) << base::describe(read.error());
  const auto* told = finding(*read);
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->at("severity"), "advise");
  EXPECT_EQ(told->at("params").at("certificate"), "signature");
  EXPECT_THAT(std::string(told->at("message").at("ja").as_string()), testing::HasSubstr("署名用電子証明書"));
  EXPECT_THAT(read->decision.at("pins_required").as_array(), Not(Contains("signature")));
  EXPECT_FALSE(read->decision.at("certificates").as_object().contains("signature"));
}

TEST(Absent, a_certificate_s_pin_is_not_there_and_not_locked) {
  World world(without_signature());
  const auto id = world.open()->id;
  const auto verified =
      world.run(world.desk->verify_pin(world.pin_request(id, mynumber::PinName::signature, "ABC123")));
  ASSERT_EQ(code_of(verified), Code::conflict);
  EXPECT_EQ(verified.error().details.at("absent"), "signature");
  EXPECT_EQ(world.pins_sent(), 0);
}

TEST(Absent, a_certificate_does_not_keep_the_other_from_its_end) {
  World world(without_signature());
  const auto id = world.ready();
  EXPECT_NE(finding(*world.desk->load(id)), nullptr) << "told at the opening";
  EXPECT_EQ(world.desk->load(id)->state, State::ready);
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  EXPECT_EQ(done->state, State::completed);
  EXPECT_EQ(done->sagas.size(), 1u);
  EXPECT_EQ(world.on_card(CertificateName::authentication), done->sagas.at(0).new_certificate);
}

TEST(Absent, a_certificate_that_is_all_that_is_wanted_leaves_nothing_to_do) {
  World world(without_signature());
  const auto visit = world.open(reader_name, {{"wanted", boost::json::array{"signature"}}}).value();
  EXPECT_NE(finding(visit), nullptr);
  EXPECT_EQ(visit.facts.at("wanted"), (boost::json::array{"signature"})) << "what was told stays";
  EXPECT_EQ(visit.state, State::open);
  EXPECT_EQ(code_of(world.issue(visit.id)), Code::conflict);
}

// Found out only while issuing, it is said then.
TEST(Absent, a_certificate_that_the_rules_insist_on_does_not_keep_the_other_back) {
  World world(without_signature());
  world.decide = [usual = world.decide](boost::json::object facts, base::Instant received) {
    facts.erase("wanted");
    return usual(facts, received);
  };
  const auto id = world.open()->id;
  // Such a card has no signature PIN either.
  ASSERT_TRUE(world.verify(id, mynumber::PinName::resident_register));
  ASSERT_TRUE(world.verify(id, mynumber::PinName::authentication));
  EXPECT_EQ(world.desk->load(id)->state, State::ready);
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict);
  EXPECT_EQ(stopped.error().details.at("certificate"), "signature");
  const auto visit = world.desk->load(id).value();
  EXPECT_EQ(visit.state, State::partly_completed);
  EXPECT_EQ(visit.sagas.at(0).phase, Phase::done);
  EXPECT_THAT(visit.attention.value().look_en, testing::HasSubstr("no signature certificate"));
  EXPECT_EQ(world.on_card(CertificateName::authentication), visit.sagas.at(0).new_certificate);
  EXPECT_TRUE(
      world.run(world.desk->cancel({id, "the signature certificate is issued elsewhere", "clerk-7"})));
}

}  // namespace
}  // namespace madoguchi::counter::test
