// A case at the official terminal as a value: stored and read back, judged, cancelled.
#include "renewal/terminal.hpp"

#include <gmock/gmock.h>

#include "model.hpp"
#include "renewal/codec.hpp"
#include "renewal/receipt.hpp"

namespace madoguchi::renewal {
namespace {

using authority::terminal::Look;
using authority::terminal::Point;
using authority::terminal::Verdict;

const base::Instant handed_over_at = model::at("2026-02-12T10:00:00+09:00");
const base::Instant now = model::at("2026-02-12T10:20:00+09:00");
const base::Date last_day = *base::parse_date("2031-05-05");

mynumber::Certificate issued(const base::Bytes& key, base::Date ends) {
  return mynumber::parse_certificate(model::certificate_for(key, ends, now)).value();
}

class AtTheTerminal : public testing::Test {
 protected:
  AtTheTerminal() {
    const auto old = model::certificate_for(model::keys()[0], *base::parse_date("2026-05-05"),
                                            model::at("2021-05-05T10:00:00+09:00"));
    Plan plan;
    for (const auto which : {CertificateName::authentication, CertificateName::signature})
      plan.certificates[which] = {Action::renew, last_day};
    visit.sagas = plan_hand_over(plan,
                                 {{CertificateName::authentication, {old, {}, false}},
                                  {CertificateName::signature, {{}, "c0ffee", false}}},
                                 handed_over_at)
                      .value();
    visit.state = State::issuing;
    visit.channel = Channel::terminal;
  }
  Saga& authentication() { return visit.sagas[0]; }
  void look(Saga& saga, const Look& look, bool accepted = false) {
    const auto event = judge_from_terminal(saga, order_of(visit, saga), look, now, accepted);
    saga = apply(saga, event).value();
  }
  static Look read(base::Date ends, Look::Key key = Look::Key::answered) {
    return {Look::File::read, issued(model::keys()[1], ends), key};
  }

  Case visit;
};

TEST_F(AtTheTerminal, is_stored_and_read_back_with_what_the_card_has_shown) {
  look(authentication(), read(base::add_days(last_day, -1)));
  const auto back = from_stored(to_stored(visit)).value();
  EXPECT_EQ(back.channel, Channel::terminal);
  ASSERT_EQ(back.sagas.size(), 2U);
  EXPECT_EQ(back.sagas[0].phase, Phase::handed_over);
  EXPECT_EQ(back.sagas[0].handed_over_at, handed_over_at);
  EXPECT_EQ(back.sagas[0].proof, authentication().proof);
  EXPECT_EQ(back.sagas[0].new_certificate, authentication().new_certificate);
  EXPECT_EQ(back.sagas[1].serial_before, "c0ffee");
  EXPECT_FALSE(back.sagas[1].proof);
  EXPECT_EQ(to_stored(back), to_stored(visit));
}

TEST_F(AtTheTerminal, waits_for_its_card_and_a_clerk) {
  EXPECT_TRUE(handed_over(visit));
  EXPECT_FALSE(waits_for_authority(visit, now));
  EXPECT_TRUE(needs_card(next(authentication(), now)));
  EXPECT_FALSE(owes_the_authority(visit));
}

TEST_F(AtTheTerminal, what_was_seen_to_differ_stays_so_until_as_much_was_seen_again) {
  auto& signature = visit.sagas[1];
  look(signature, read(base::add_days(last_day, -1)));
  const auto differs = signature.proof;
  const auto certificate = signature.new_certificate;
  ASSERT_EQ(differs->verdict, Verdict::differs);
  look(signature, {});
  EXPECT_EQ(signature.proof, differs) << "without its PIN nothing was seen";
  EXPECT_EQ(signature.new_certificate, certificate);
  look(signature, read(last_day));
  EXPECT_EQ(signature.phase, Phase::done);

  auto same = read(last_day, Look::Key::silent);
  look(authentication(), same);
  same.key = Look::Key::closed;
  look(authentication(), same, true);
  EXPECT_EQ(authentication().phase, Phase::handed_over)
      << "a silent key is not accepted by not asking it again";
}

TEST_F(AtTheTerminal, differing_is_for_a_person_in_exactly_those_words) {
  look(authentication(), read(base::add_days(last_day, -1), Look::Key::closed));
  settle_after_run(visit, {});
  EXPECT_EQ(visit.state, State::attention);
  EXPECT_THAT(visit.attention->look_ja, testing::HasSubstr("2031-05-04"));
  EXPECT_THAT(visit.attention->look_ja, testing::Not(testing::HasSubstr("照合されていない")));
  look(authentication(), read(last_day));
  settle_after_run(visit, {});
  EXPECT_EQ(visit.state, State::partly_completed);
  EXPECT_FALSE(visit.attention);
}

TEST_F(AtTheTerminal, each_that_differs_is_named_and_what_to_do_about_them_is_said_once) {
  look(authentication(), read(base::add_days(last_day, -1)));
  look(visit.sagas[1], read(base::add_days(last_day, -2)));
  settle_after_run(visit, {});
  const auto& said = visit.attention->look_ja;
  EXPECT_THAT(said, testing::HasSubstr("利用者証明用電子証明書の有効期限は2031-05-04"));
  EXPECT_THAT(said, testing::HasSubstr("署名用電子証明書の有効期限は2031-05-03"));
  const std::string advice = "統合端末の表示と控えを確かめて";
  const auto first = said.find(advice);
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(said.find(advice, first + 1), std::string::npos);
}

TEST_F(AtTheTerminal, what_is_done_about_each_stands_behind_it_where_it_is_not_the_same) {
  look(authentication(), read(base::add_days(last_day, -1)));
  look(visit.sagas[1], read(last_day, Look::Key::silent));
  settle_after_run(visit, {});
  const auto& said = visit.attention->look_ja;
  const auto accepted = said.find("理由を入力して承認");
  const auto silent = said.find("応答しません");
  ASSERT_NE(accepted, std::string::npos);
  ASSERT_NE(silent, std::string::npos);
  EXPECT_LT(accepted, silent);
  EXPECT_LT(silent, said.find("この証明書は使えません"));
}

TEST_F(AtTheTerminal, the_slip_of_one_that_differs_names_what_the_card_shows_now) {
  look(authentication(), read(base::add_days(last_day, -1)));
  settle_after_run(visit, {});
  const auto slip = incident_slip_of(visit, now);
  ASSERT_TRUE(slip);
  const auto& line = slip->at("certificates").at(0);
  EXPECT_EQ(line.at("done"), false);
  EXPECT_EQ(line.at("on_card").at("expires_on"), "2031-05-04");
  const auto shown = mynumber::parse_certificate(authentication().new_certificate).value();
  EXPECT_EQ(line.at("on_card").at("serial").as_string(), shown.serial);
  EXPECT_NE(line.at("on_card").at("serial"), line.at("old").at("serial"));
  EXPECT_FALSE(slip->at("certificates").at(1).as_object().contains("on_card")) << "nobody has looked";
}

TEST_F(AtTheTerminal, of_a_card_without_a_pin_nobody_is_asked_to_check_one) {
  look(authentication(), read(last_day, Look::Key::closed));
  ASSERT_EQ(authentication().proof->verdict, Verdict::not_looked_at);
  const auto advice = [&] {
    return std::string(shown_proof(visit, authentication()).at("advice").at("ja").as_string());
  };
  EXPECT_THAT(advice(), testing::HasSubstr("暗証番号を照合してから"));
  visit.facts["card"] = boost::json::object{{"face_authentication", true}};
  EXPECT_THAT(advice(), testing::Not(testing::HasSubstr("暗証番号を照合してから")));
  EXPECT_THAT(advice(), testing::HasSubstr("理由を入力して承認"));
}

TEST_F(AtTheTerminal, is_cancelled_once_its_card_was_seen_as_it_was) {
  EXPECT_FALSE(may_cancel(visit)) << "nobody has looked";
  EXPECT_TRUE(may_cancel(visit, true)) << "the card is gone";
  look(visit.sagas[1], {});
  auto as_it_was = mynumber::parse_certificate(authentication().old_certificate).value();
  look(authentication(), {Look::File::read, as_it_was, Look::Key::closed});
  EXPECT_EQ(authentication().proof->verdict, Verdict::unchanged);
  EXPECT_TRUE(authentication().new_certificate.empty());
  EXPECT_TRUE(may_cancel(visit));
  look(authentication(), read(last_day, Look::Key::closed));
  EXPECT_EQ(authentication().proof->findings.at(0).point, Point::unasked);
  EXPECT_FALSE(may_cancel(visit)) << "it holds a new one";
}

TEST_F(AtTheTerminal, is_withdrawn_only_as_far_as_the_card_shows_that_nothing_was_done) {
  auto& signature = visit.sagas[1];
  const auto old = mynumber::parse_certificate(authentication().old_certificate).value();
  const auto may = [&](const Saga& saga) { return withdrawn_from_terminal(visit, saga).has_value(); };
  EXPECT_FALSE(may(authentication())) << "nobody has looked";
  look(signature, {});
  EXPECT_FALSE(may(signature)) << "nothing shows it";
  look(authentication(), {Look::File::read, old, Look::Key::closed});
  EXPECT_TRUE(may(authentication()));
  EXPECT_TRUE(may(signature)) << "the other comes first there";

  const auto serial = signature.serial_before;
  signature = apply(signature, *withdrawn_from_terminal(visit, signature)).value();
  EXPECT_EQ(signature.phase, Phase::planned);
  EXPECT_FALSE(signature.proof);
  const auto back = from_stored(to_stored(visit)).value();
  EXPECT_EQ(back.sagas[1].phase, Phase::planned);
  EXPECT_EQ(back.sagas[1].serial_before, serial);
}

TEST_F(AtTheTerminal, what_only_its_pin_opens_is_not_withdrawn_beside_one_that_is_done) {
  look(authentication(), read(last_day));
  ASSERT_EQ(authentication().phase, Phase::done);
  look(visit.sagas[1], {});
  EXPECT_FALSE(withdrawn_from_terminal(visit, visit.sagas[1]));
}

}  // namespace
}  // namespace madoguchi::renewal
