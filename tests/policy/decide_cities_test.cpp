// What other cities' pages say and Utsunomiya's does not: each rule off by default, and on when the policy
// says so.
#include "fixture.hpp"
#include "policy/hours.hpp"

namespace madoguchi::policy {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Cities, a_proxys_first_visit_may_be_a_telephone_call) {
  auto policy = city();
  auto facts = visited_by(Role::proxy);
  facts.documents.clear();
  facts.card.presented = false;
  facts.channel = Channel::phone;
  EXPECT_EQ(decide(policy, facts).outcome, Outcome::not_today);
  policy.application_channels = {Channel::phone};
  const auto decision = decide(policy, facts);
  EXPECT_EQ(decision.outcome, Outcome::two_visits);
  EXPECT_THAT(decision.missing, IsEmpty()) << "nobody shows a card over the telephone";
  EXPECT_THAT(decision.finding("channel.application_only")->message.ja, HasSubstr("電話では申請のみ"));
  facts.visit = 2;
  EXPECT_THAT(codes(decide(policy, facts)), Contains("channel.counter_only"))
      << "the second one is at the counter";
  facts = base_case();
  facts.channel = Channel::phone;
  EXPECT_THAT(codes(decide(policy, facts)), Contains("channel.counter_only"))
      << "the holder needs no application";
}

TEST(Cities, a_new_issuance_may_take_another_way_than_a_renewal) {
  auto policy = city();
  policy.channels = {Channel::counter, Channel::online};
  policy.new_issuance_channels = {Channel::counter};
  auto facts = base_case();
  facts.channel = Channel::online;
  EXPECT_EQ(decide(policy, facts).outcome, Outcome::complete_today);
  set_certificates(facts, "2026-02-11");
  const auto late = decide(policy, facts);
  EXPECT_EQ(late.outcome, Outcome::not_today);
  EXPECT_THAT(late.finding("channel.new_issuance")->message.en, HasSubstr("it is done at a counter"));
  facts.channel = Channel::counter;
  EXPECT_EQ(decide(policy, facts).outcome, Outcome::complete_today);
}

TEST(Cities, minors_above_the_age_of_capacity_may_be_represented_or_come_themselves) {
  auto policy = city();
  auto facts = visited_by(Role::legal_representative);
  facts.holder.birth_date = day("2010-02-12");  // 16 today
  EXPECT_EQ(acting_role(policy, facts), Role::proxy);
  policy.representation.minors_below = 18;
  EXPECT_EQ(acting_role(policy, facts), Role::legal_representative);
  EXPECT_FALSE(needs_representative(policy, facts)) << "they may come themselves";
  facts.holder.birth_date = day("2008-02-12");  // 18 today
  EXPECT_EQ(acting_role(policy, facts), Role::proxy);
  facts.visitor.role = Role::holder;
  facts.holder.birth_date = day("2010-02-12");
  EXPECT_EQ(acting_role(policy, facts), Role::holder);
}

TEST(Cities, a_curator_represents_only_with_the_list_of_powers) {
  auto policy = city();
  auto facts = visited_by(Role::legal_representative);
  facts.visitor.relationship = Relationship::guardian;
  facts.documents.push_back(document("delegated_acts"));
  EXPECT_EQ(acting_role(policy, facts), Role::proxy);
  policy.documents.own_types = {"delegated_acts"};
  policy.representation.limited_guardian_with = "delegated_acts";
  EXPECT_EQ(acting_role(policy, facts), Role::legal_representative);
  facts.visitor.relationship = Relationship::other;
  EXPECT_EQ(acting_role(policy, facts), Role::proxy);
  facts.visitor.relationship = Relationship::guardian;
  facts.documents.pop_back();
  EXPECT_EQ(acting_role(policy, facts), Role::proxy);
}

TEST(Cities, one_document_with_a_photograph_may_serve_a_holder_for_two) {
  auto policy = city();
  policy.documents.holder_identity_when = IdentityWhen::always;
  policy.documents.holder_identity_count = 2;
  auto facts = base_case();
  facts.documents = {document("passport")};
  expect_missing(decide(policy, facts), {"identity_document"});
  policy.documents.holder_photo_suffices = true;
  EXPECT_EQ(decide(policy, facts).outcome, Outcome::complete_today);
  facts.documents = {document("my_number_card")};
  expect_missing(decide(policy, facts), {"identity_document"});
  facts.documents = {document("drivers_licence"), document("eligibility_certificate")};
  policy.documents.holder_photo_suffices = false;
  EXPECT_EQ(decide(policy, facts).outcome, Outcome::complete_today);
}

TEST(Cities, a_proxy_may_have_to_bring_the_holders_documents_too) {
  auto policy = city();
  policy.documents.holder_identity_with_proxy = 2;
  auto facts = visited_by(Role::proxy);
  expect_missing(decide(policy, facts), {"identity_document"});
  for (const auto* type : {"drivers_licence", "eligibility_certificate"}) {
    facts.documents.push_back(document(type));
    facts.documents.back().of = Person::holder;
  }
  EXPECT_EQ(decide(policy, facts).outcome, Outcome::complete_today);
  EXPECT_THAT(decide(policy, visited_by(Role::holder)).missing, IsEmpty());
}

TEST(Cities, a_holder_may_have_to_bring_more_than_the_card) {
  auto policy = city();
  policy.documents.holder_also_brings = {"reply_form"};
  auto facts = visited_by(Role::holder);
  expect_missing(decide(policy, facts), {"reply_form"});
  facts.documents = {document("reply_form")};
  EXPECT_EQ(decide(policy, facts).outcome, Outcome::complete_today);
  facts.documents.clear();
  facts.purpose = Purpose::pin_reset;
  const auto reset = decide(policy, facts).missing;
  EXPECT_EQ(std::count(reset.begin(), reset.end(), "reply_form"), 0) << "to a renewal";
}

TEST(Cities, an_office_that_may_close_early_says_so_while_it_is_open) {
  auto policy = city();
  EXPECT_EQ(decide(policy, base_case()).finding("reception.limited"), nullptr);
  policy.offices.front().reception.daily_limit = 80;
  const auto decision = decide(policy, base_case());
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_EQ(decision.finding("reception.limited")->severity, Severity::advise);
  EXPECT_EQ(decision.finding("reception.limited")->params.at("limit"), 80);
  EXPECT_THAT(decision.finding("reception.limited")->message.ja, HasSubstr("1日80件まで"));
  auto facts = base_case();
  facts.at = time("2026-02-12 20:00");
  EXPECT_EQ(decide(policy, facts).finding("reception.limited"), nullptr);
  policy.offices.front().reception.daily_limit.reset();
  policy.offices.front().reception.may_close_early = true;
  EXPECT_THAT(decide(policy, base_case()).finding("reception.limited")->message.en,
              HasSubstr("may stop receiving early today; make sure"));
}

// Thursday 2026-02-12; the office opens on weekdays, and its Wednesday 02-11 was a holiday.
std::string bookable(std::string_view now, const BookingDeadline& deadline, WeekdaySet days = every_weekday) {
  auto policy = city();
  ReservationRule rule;
  rule.how = {"ウェブで予約できます。", "Book on the web."};
  rule.days = days;
  rule.book_by = deadline;
  rule.key = "offices[0].reservations[0]";
  policy.offices.front().reservations = {rule};
  auto facts = base_case();
  facts.at = time(now);
  const auto decision = decide(policy, facts);
  const auto* finding = decision.finding("reservation.expected");
  if (finding == nullptr || !finding->params.contains("first_bookable")) return {};
  return std::string(finding->params.at("first_bookable").as_string());
}

TEST(Cities, the_first_day_that_can_still_be_booked) {
  using Days = BookingDays;
  EXPECT_EQ(bookable("2026-02-12 10:00", {1, Days::open_days, {}}), "2026-02-13");
  EXPECT_EQ(bookable("2026-02-12 17:00", {1, Days::open_days, 1020}), "2026-02-13") << "to the minute";
  EXPECT_EQ(bookable("2026-02-12 17:01", {1, Days::open_days, 1020}), "2026-02-16") << "over the weekend";
  EXPECT_EQ(bookable("2026-02-13 17:01", {1, Days::open_days, 1020}), "2026-02-17") << "Friday evening";
  EXPECT_EQ(bookable("2026-02-14 10:00", {1, Days::open_days, 540}), "2026-02-17")
      << "on a Saturday the last business day before Monday has passed";
  EXPECT_EQ(bookable("2026-02-13 10:00", {1, Days::calendar_days, {}}), "2026-02-16");
  EXPECT_EQ(bookable("2026-02-12 10:00", {3, Days::open_days, {}}), "2026-02-17");
  EXPECT_EQ(bookable("2026-02-12 10:00", {0, Days::open_days, {}}), "2026-02-12");
  EXPECT_EQ(bookable("2026-02-12 10:00", {1, Days::open_days, {}}, 1U << 4), "2026-02-19")
      << "Thursdays only";
}

TEST(Cities, where_it_is_crowded_the_quiet_times_are_told) {
  auto policy = city();
  policy.crowding = {{{}, 1U << 4, {}, "crowding[0]"}};
  EXPECT_THAT(decide(policy, base_case()).finding("crowding.expected")->message.en,
              Not(HasSubstr("quieter")));
  policy.quiet = {{{}, 1U << 2 | 1U << 3, Interval{900, 1020}, "quiet[0]"}};
  const auto message = decide(policy, base_case()).finding("crowding.expected")->message;
  EXPECT_THAT(message.ja, HasSubstr("比較的空いているのは火・水曜日15:00-17:00です。"));
  EXPECT_THAT(message.en, HasSubstr("It is usually quieter: Tuesday, Wednesday 15:00-17:00."));
}

}  // namespace
}  // namespace madoguchi::policy
