#include "renewal/receipt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "base/result.hpp"
#include "model.hpp"

namespace madoguchi::renewal {
namespace {

namespace json = boost::json;
using base::Code;

const auto printed = model::at("2026-02-12T10:10:00+09:00");

Case visit_up_to(Phase phase) {
  model::World world;
  Case visit;
  visit.id = "261123-7K3F92QD";
  visit.state = State::issuing;
  visit.staff = "clerk-7";
  visit.card = "400000012719843";
  visit.facts = {{"office", "citizens-division"}, {"holder", json::object{{"birth_date", "1980-04-10"}}}};
  auto saga = model::fresh_saga(world, true);
  while (saga.phase != phase) saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  visit.sagas.push_back(saga);
  return visit;
}

TEST(Receipt, states_what_a_copy_of_the_certificate_states) {
  auto visit = visit_up_to(Phase::done);
  visit.state = State::completed;
  const auto fresh = mynumber::parse_certificate(visit.sagas[0].new_certificate);
  const auto old = mynumber::parse_certificate(visit.sagas[0].old_certificate);
  ASSERT_TRUE(fresh && old);
  const auto sheet = receipt_of(visit, printed);
  ASSERT_TRUE(sheet);
  EXPECT_EQ(sheet->at("kind"), "completed");
  EXPECT_EQ(sheet->at("office"), "citizens-division");
  const auto& line = sheet->at("certificates").at(0);
  EXPECT_EQ(line.at("title").at("ja"), "利用者証明用電子証明書");
  EXPECT_EQ(line.at("serial").get_string(), fresh->serial);
  EXPECT_EQ(line.at("expires_on").get_string(), base::format_date(fresh->last_day));
  EXPECT_EQ(line.at("replaces").at("serial").get_string(), old->serial);
  EXPECT_TRUE(line.at("open_questions").get_array().empty());
  EXPECT_THAT(json::serialize(*sheet), testing::Not(testing::HasSubstr("1980-04-10")))
      << "nothing about the person that a receipt does not need";
}

TEST(Receipt, calls_a_certificate_that_was_issued_anew_no_renewal) {
  auto visit = visit_up_to(Phase::done);
  visit.state = State::completed;
  const auto title = [&] { return receipt_of(visit, printed)->at("title").at("ja"); };
  EXPECT_EQ(title(), "電子証明書の更新が完了しました");
  visit.sagas[0].action = Action::issue_new;
  EXPECT_EQ(title(), "電子証明書の新規発行が完了しました");
  visit.sagas.push_back(visit_up_to(Phase::done).sagas.at(0));
  EXPECT_EQ(title(), "電子証明書の更新・新規発行が完了しました");
}

TEST(Receipt, of_a_case_that_was_cancelled_half_way_states_what_was_done) {
  auto visit = visit_up_to(Phase::done);
  visit.sagas.push_back(visit_up_to(Phase::planned).sagas.at(0));
  visit.sagas[1].certificate = CertificateName::signature;
  visit.state = State::partly_completed;
  ASSERT_TRUE(receipt_of(visit, printed)) << "its holder goes home with the part that is done";
  visit.state = State::cancelled;
  const auto sheet = receipt_of(visit, printed);
  ASSERT_TRUE(sheet);
  EXPECT_EQ(sheet->at("title").at("ja"), "一部の電子証明書の更新が完了しました");
  const auto& lines = sheet->at("certificates").get_array();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].at("done"), true);
  EXPECT_TRUE(lines[0].get_object().contains("serial"));
  EXPECT_EQ(lines[1].at("done"), false);
  EXPECT_FALSE(lines[1].get_object().contains("serial"));
  EXPECT_THAT(std::string(sheet->at("remaining").at("ja").get_string()),
              testing::StartsWith("署名用電子証明書は今回は発行していません。"));
  visit.sagas.erase(visit.sagas.begin());
  EXPECT_EQ(receipt_of(visit, printed).error().code, Code::conflict) << "nothing was done";
}

TEST(Receipt, of_a_case_that_can_be_finished_another_day_says_how_and_what_serves_until_then) {
  auto visit = visit_up_to(Phase::done);
  visit.sagas.push_back(visit_up_to(Phase::planned).sagas.at(0));
  visit.sagas[1].certificate = CertificateName::signature;
  visit.state = State::partly_completed;
  const auto told = [&] {
    const auto sheet = receipt_of(visit, printed).value();
    return std::string(sheet.at("remaining").at("ja").get_string());
  };
  const auto rest = [&] { return receipt_of(visit, printed).value().at("certificates").at(1).get_object(); };
  EXPECT_THAT(told(), testing::HasSubstr("署名用電子証明書の手続きはまだ終わっていません"));
  EXPECT_THAT(told(), testing::HasSubstr("有効期限までこれまでどおり使えます"));
  EXPECT_THAT(told(), testing::HasSubstr("別の日でも続きから手続きできます"));
  EXPECT_EQ(rest().at("usable_until"), rest().at("old").at("expires_on"));

  visit.attention = Attention{Code::card_refused, "カードを見る", "look at the card"};
  EXPECT_THAT(told(), testing::HasSubstr("窓口で確認しています"));

  visit.sagas[1] = visit_up_to(Phase::key_intended).sagas.at(0);
  visit.sagas[1].certificate = CertificateName::signature;
  EXPECT_THAT(told(), testing::HasSubstr("利用できないことがあります")) << "its key may be gone";
  EXPECT_FALSE(rest().contains("usable_until"));

  visit.given_up = true;
  EXPECT_THAT(told(), testing::HasSubstr("あらためて窓口で手続き"));
}

TEST(Receipt, says_what_who_comes_in_the_holders_place_brings_again) {
  auto visit = visit_up_to(Phase::done);
  visit.sagas.push_back(visit_up_to(Phase::planned).sagas.at(0));
  visit.sagas[1].certificate = CertificateName::signature;
  visit.state = State::partly_completed;
  const auto told = [&](const char* role) {
    visit.facts["visitor"] = boost::json::object{{"role", role}};
    const auto sheet = receipt_of(visit, printed).value();
    return std::string(sheet.at("remaining").at("ja").get_string());
  };
  EXPECT_THAT(told("proxy"), testing::AllOf(testing::HasSubstr("代理人の顔写真付き本人確認書類"),
                                            testing::HasSubstr("照会書兼回答書")));
  EXPECT_THAT(told("legal_representative"), testing::HasSubstr("資格を証明する書類"));
  const boost::json::object as_proxy{{"code", "legal_representative.not_applicable"}};
  visit.decision["findings"] = boost::json::array{as_proxy};
  EXPECT_THAT(told("legal_representative"), testing::HasSubstr("照会書兼回答書"));
  EXPECT_THAT(told("holder"), testing::Not(testing::HasSubstr("本人確認書類")));
}

TEST(Receipt, says_what_the_back_office_has_to_ask) {
  auto visit = visit_up_to(Phase::done);
  visit.state = State::completed;
  visit.sagas[0].confirmation_unclear = true;
  visit.sagas[0].revocation_unclear = true;
  visit.sagas[0].refusal_unclear = true;
  const auto sheet = receipt_of(visit, printed);
  ASSERT_TRUE(sheet);
  EXPECT_EQ(sheet->at("certificates").at(0).at("open_questions").get_array().size(), 3u);
}

TEST(Receipt, of_a_certificate_that_is_not_done_says_that_one_given_back_may_have_stayed_good) {
  auto visit = visit_up_to(Phase::written);
  visit.state = State::attention;
  visit.attention = Attention{};
  const auto asked = [&] {
    const auto sheet = incident_slip_of(visit, printed);
    EXPECT_TRUE(sheet);
    return sheet && sheet->at("certificates").at(0).as_object().contains("open_questions");
  };
  EXPECT_FALSE(asked());
  visit.sagas[0].refusal_unclear = true;
  EXPECT_TRUE(asked());
}

TEST(Receipt, is_not_given_before_the_case_is_complete) {
  const auto sheet = receipt_of(visit_up_to(Phase::written), printed);
  ASSERT_FALSE(sheet);
  EXPECT_EQ(sheet.error().code, Code::conflict);
  EXPECT_EQ(sheet.error().details.at("state"), "issuing");
}

TEST(IncidentSlip, says_what_is_certain_and_where_to_look_first) {
  auto visit = visit_up_to(Phase::written);
  visit.state = State::attention;
  visit.attention = Attention{Code::card_refused, "カードを見る", "look at the card"};
  const auto slip = incident_slip_of(visit, printed);
  ASSERT_TRUE(slip);
  EXPECT_EQ(slip->at("kind"), "incident");
  EXPECT_EQ(slip->at("reason").at("code"), "card.refused");
  EXPECT_EQ(slip->at("look_at").at("ja"), "カードを見る");
  const auto& line = slip->at("certificates").at(0);
  EXPECT_EQ(line.at("done"), false);
  EXPECT_TRUE(line.at("old").as_object().contains("serial"));
  EXPECT_FALSE(line.as_object().contains("serial")) << "nothing is promised that is not done";
}

TEST(IncidentSlip, of_a_case_whose_card_is_gone_does_not_ask_for_the_card) {
  auto visit = visit_up_to(Phase::written);
  visit.given_up = true;
  visit.card_gone = true;
  const auto waiting = incident_slip_of(visit, printed);
  ASSERT_TRUE(waiting);
  EXPECT_NE(waiting->at("look_at").at("en").as_string().find("ends by itself"), std::string_view::npos);
  visit.state = State::cancelled;
  const auto ended = incident_slip_of(visit, printed);
  ASSERT_TRUE(ended);
  EXPECT_NE(ended->at("look_at").at("en").as_string().find("was cancelled"), std::string_view::npos);
  EXPECT_EQ(ended->at("certificates").at(0).at("done"), false);
}

TEST(IncidentSlip, of_a_case_that_is_being_cancelled_does_not_ask_to_go_on) {
  auto visit = visit_up_to(Phase::written);
  visit.given_up = true;
  const auto waiting = incident_slip_of(visit, printed);
  ASSERT_TRUE(waiting);
  const auto& words = waiting->at("look_at").at("en").as_string();
  EXPECT_NE(words.find("ends by itself"), std::string_view::npos);
  EXPECT_EQ(words.find("ssuing again"), std::string_view::npos);
  EXPECT_TRUE(std::string_view(words).ends_with("keeps the user authentication certificate that it had."));
  EXPECT_TRUE(std::string_view(waiting->at("look_at").at("ja").as_string())
                  .ends_with("カードの利用者証明用電子証明書は手続き前のままです。"));
}

// An old one that has ended works no more than before.
TEST(IncidentSlip, of_a_case_that_is_being_cancelled_names_only_what_stays_as_it_was) {
  auto visit = visit_up_to(Phase::done);
  visit.sagas.push_back(visit_up_to(Phase::written).sagas.front());
  visit.sagas.back().certificate = mynumber::CertificateName::signature;
  visit.state = State::partly_completed;
  visit.given_up = true;
  const auto slip = incident_slip_of(visit, printed);
  ASSERT_TRUE(slip);
  const std::string words(slip->at("look_at").at("en").as_string());
  EXPECT_NE(words.find("keeps the signature certificate"), std::string::npos) << words;
  EXPECT_EQ(words.find("authentication"), std::string::npos) << words;
  EXPECT_EQ(words.find("works"), std::string::npos) << words;
}

TEST(IncidentSlip, needs_an_incident) {
  EXPECT_EQ(incident_slip_of(visit_up_to(Phase::planned), printed).error().code, Code::conflict);
  const auto under_way = incident_slip_of(visit_up_to(Phase::key_intended), printed);
  ASSERT_TRUE(under_way) << "from the point of no return on";
  EXPECT_FALSE(under_way->contains("reason"));
  EXPECT_TRUE(under_way->at("look_at").as_object().contains("ja"));
}

TEST(Receipt, of_a_case_without_any_certificate_says_that_there_is_none) {
  Case visit;
  visit.id = "261123-7K3F92QD";
  visit.state = State::completed;
  const auto none = receipt_of(visit, model::at("2026-02-12T10:00:00+09:00"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::Code::conflict);
  EXPECT_TRUE(none.error().details.contains("ja"));
}

}  // namespace
}  // namespace madoguchi::renewal
