// What the official terminal is to do, and what the card must show afterwards: values only.
#include "authority/terminal.hpp"

#include <gmock/gmock.h>

namespace madoguchi::authority::terminal {
namespace {

using mynumber::CertificateName;
using mynumber::PinName;
using testing::ElementsAre;
using testing::HasSubstr;

const base::Instant handed_over = *base::parse_time("2026-02-12T10:00:00+09:00");
const base::Instant now = *base::parse_time("2026-02-12T10:20:00+09:00");

base::Date day(std::string_view text) {
  return *base::parse_date(text);
}

mynumber::Certificate certificate(std::string serial, std::string_view issued, std::string_view ends) {
  mynumber::Certificate made;
  made.serial = std::move(serial);
  made.issuer = "OU=JPKI";
  made.issuer_der = {1};
  made.key_usage = {2};
  made.key_bits = 2048;
  made.issued_on = day(issued);
  made.not_before = base::start_of_day_in_japan(made.issued_on);
  made.last_day = day(ends);
  made.not_after = base::start_of_day_in_japan(base::add_days(made.last_day, 1)) - std::chrono::seconds(1);
  return made;
}

class Judging : public testing::Test {
 protected:
  Judging() {
    order.last_day = day("2031-05-05");
    order.handed_over = handed_over;
    order.before = certificate("a1", "2021-05-05", "2026-05-05");
    order.serial_before = "a1";
  }
  // Of everything that was seen, with the key that answers.
  Proof proof() const { return judge(order, {Look::File::read, found, key}, now); }
  std::vector<Point> points() const {
    std::vector<Point> all;
    for (const auto& finding : proof().findings) all.push_back(finding.point);
    return all;
  }

  Order order;
  mynumber::Certificate found = certificate("b2", "2026-02-12", "2031-05-05");
  Look::Key key = Look::Key::answered;
};

TEST_F(Judging, proves_what_is_as_decided_and_answers) {
  EXPECT_EQ(proof(), (Proof{Verdict::proved, {}}));
  EXPECT_FALSE(acceptable(proof())) << "there is nothing to accept";
}

TEST_F(Judging, knows_the_old_one_by_its_serial) {
  found = *order.before;
  EXPECT_EQ(proof(), (Proof{Verdict::unchanged, {{Point::old_one, "a1", {}}}}));
  EXPECT_FALSE(acceptable(proof()));
}

TEST_F(Judging, knows_an_old_one_that_nobody_has_read_by_its_date) {
  order.before.reset();
  order.serial_before.clear();
  EXPECT_EQ(proof().verdict, Verdict::proved);
  found = certificate("a1", "2026-02-11", "2031-05-05");
  EXPECT_EQ(proof().verdict, Verdict::unchanged);
}

TEST_F(Judging, takes_one_of_another_issuer_with_the_same_serial_for_another) {
  found.serial = "a1";
  found.issuer_der = {9};
  found.issuer = "OU=Other";
  ASSERT_THAT(points(), ElementsAre(Point::issuer));
  EXPECT_EQ(proof().findings[0], (Finding{Point::issuer, "OU=Other", "OU=JPKI"}));
}

TEST_F(Judging, does_not_take_another_old_one_for_the_new_one) {
  found = certificate("c3", "2026-02-11", "2031-05-05");
  EXPECT_THAT(points(), ElementsAre(Point::issued_before));
}

TEST_F(Judging, compares_the_dates_with_what_was_told) {
  found.last_day = day("2031-05-04");
  EXPECT_EQ(proof(), (Proof{Verdict::differs, {{Point::ends_earlier, "2031-05-04", "2031-05-05"}}}));
  EXPECT_TRUE(acceptable(proof()));
  found.last_day = day("2032-05-05");
  EXPECT_THAT(points(), ElementsAre(Point::ends_later));
}

TEST_F(Judging, names_one_that_nobody_had_decided) {
  order.decided = false;
  order.last_day = day("2026-05-05");
  EXPECT_EQ(proof(), (Proof{Verdict::differs, {{Point::undecided, "2031-05-05", {}}}}));
  EXPECT_TRUE(acceptable(proof()));
}

TEST_F(Judging, never_lets_pass_what_cannot_be_used) {
  key = Look::Key::silent;
  EXPECT_THAT(points(), ElementsAre(Point::silent));
  EXPECT_FALSE(acceptable(proof()));
  key = Look::Key::answered;
  found.not_before = now + std::chrono::minutes(6);
  EXPECT_THAT(points(), ElementsAre(Point::not_begun));
  EXPECT_FALSE(acceptable(proof()));
  found.not_before = now + std::chrono::minutes(4);
  EXPECT_EQ(proof().verdict, Verdict::proved) << "two clocks";
  found.not_after = now;
  EXPECT_THAT(points(), ElementsAre(Point::ended));
  EXPECT_FALSE(acceptable(proof()));
  EXPECT_EQ(judge(order, {Look::File::absent, {}, Look::Key::closed}, now),
            (Proof{Verdict::differs, {{Point::missing, {}, "a1"}}}));
  EXPECT_FALSE(acceptable(judge(order, {Look::File::absent, {}, Look::Key::closed}, now)));
}

TEST_F(Judging, compares_key_and_usage_with_the_one_before) {
  found.key_bits = 1024;
  found.key_usage = {3};
  EXPECT_THAT(points(), ElementsAre(Point::key_size, Point::usage));
  order.before.reset();
  EXPECT_THAT(points(), ElementsAre(Point::key_size)) << "there is nothing to compare the usage with";
}

TEST_F(Judging, says_what_it_has_not_seen) {
  key = Look::Key::closed;
  EXPECT_EQ(proof(), (Proof{Verdict::not_looked_at, {{Point::unasked, {}, {}}}}));
  EXPECT_TRUE(acceptable(proof()));
  found.last_day = day("2031-05-04");
  EXPECT_THAT(points(), ElementsAre(Point::ends_earlier, Point::unasked)) << "beside what differs";
  EXPECT_EQ(proof().verdict, Verdict::differs);
  EXPECT_EQ(judge(order, {}, now), (Proof{Verdict::not_looked_at, {{Point::unread, {}, {}}}}));
}

TEST_F(Judging, waits_for_one_where_there_was_none) {
  order = Order{.last_day = order.last_day, .handed_over = handed_over, .absent_before = true};
  EXPECT_EQ(judge(order, {Look::File::absent, {}, Look::Key::closed}, now), (Proof{Verdict::unchanged, {}}));
  EXPECT_EQ(proof().verdict, Verdict::proved);
}

TEST(TerminalWords, there_are_some_for_every_point_in_both_languages_and_nothing_is_left_unfilled) {
  for (int i = 0; i <= static_cast<int>(Point::silent); ++i) {
    const auto point = static_cast<Point>(i);
    EXPECT_EQ(point_named(name(point)), point);
    for (const bool has_pin : {true, false}) {
      const auto words = words_for(CertificateName::signature, {point, "F", "E"}, has_pin);
      EXPECT_THAT(words.ja, HasSubstr("署名用電子証明書")) << name(point);
      EXPECT_THAT(words.en, HasSubstr("signature certificate")) << name(point);
      for (const auto& text : {words.ja, words.en}) EXPECT_EQ(text.find('{'), std::string::npos) << text;
    }
  }
  for (const auto verdict : {Verdict::unchanged, Verdict::not_looked_at, Verdict::differs, Verdict::proved}) {
    EXPECT_EQ(verdict_named(name(verdict)), verdict);
    EXPECT_EQ(advice_for(CertificateName::signature, {verdict, {}}).ja.empty(), verdict == Verdict::proved);
  }
  EXPECT_FALSE(point_named("elsewhere"));
  EXPECT_FALSE(verdict_named("elsewhere"));
}

TEST(TerminalSheet, goes_from_the_card_s_leaving_to_its_coming_back) {
  Errand errand;
  errand.orders = {
      {.certificate = CertificateName::authentication, .last_day = day("2031-05-05")},
      {.certificate = CertificateName::signature, .renews = false, .last_day = day("2031-05-05")}};
  errand.asked = {PinName::resident_register, PinName::authentication};
  errand.set_anew = {PinName::signature};
  const auto steps = instructions(errand);
  std::vector<std::string_view> names;
  for (const auto& step : steps) {
    names.push_back(step.name);
    EXPECT_FALSE(step.words.ja.empty());
    for (const auto& text : {step.words.ja, step.words.en})
      EXPECT_EQ(text.find('{'), std::string::npos) << text;
  }
  EXPECT_THAT(names, ElementsAre("take_card", "enter_pin", "enter_pin", "set_pin", "renew", "issue_new",
                                 "look", "bring_back"));
  EXPECT_THAT(steps[1].words.ja, HasSubstr("住民基本台帳用の暗証番号"));
  EXPECT_THAT(steps[4].words.en, HasSubstr("2031-05-05"));
  EXPECT_EQ(steps[5].certificate, CertificateName::signature);
  EXPECT_THAT(steps[0].words.en, HasSubstr("This card reader is free for it now."));
  errand.reader_kept = true;
  EXPECT_THAT(instructions(errand)[0].words.en, HasSubstr("which frees the reader"));
}

}  // namespace
}  // namespace madoguchi::authority::terminal
