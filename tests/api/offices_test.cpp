// When a counter receives and when services work again, as front-ends are told.
#include <gmock/gmock.h>

#include "support.hpp"

namespace madoguchi::api::test {
namespace {

namespace json = boost::json;

TEST(Offices, status_at_a_time) {
  Counter counter;
  const auto open = counter.result("offices.status",
                                   {{"office", "citizens-division"}, {"at", "2026-02-12T18:45:59+09:00"}});
  EXPECT_EQ(open.at("open"), true);
  EXPECT_EQ(open.at("in_time"), true);
  EXPECT_EQ(open.at("today"), json::array{"08:30-19:00"});
  EXPECT_EQ(open.at("last_reception"), "2026-02-12T18:45:00+09:00");
  EXPECT_FALSE(open.contains("next_opening"));
  EXPECT_FALSE(open.contains("queue_label")) << "no live information";
  const auto closed = counter.result("offices.status",
                                     {{"office", "citizens-division"}, {"at", "2026-02-13T19:00:00+09:00"}});
  EXPECT_EQ(closed.at("open"), false);
  EXPECT_EQ(closed.at("next_opening"), "2026-02-16T08:30:00+09:00");
  const auto over = counter.result("offices.status",
                                   {{"office", "citizens-division"}, {"at", "2026-02-12T18:46:00+09:00"}});
  EXPECT_EQ(over.at("open"), true);
  EXPECT_EQ(over.at("in_time"), false);
  EXPECT_EQ(over.at("next_opening"), "2026-02-13T08:30:00+09:00") << "whoever comes now is told when to come";
  EXPECT_EQ(counter.reason("offices.status", {{"office", "nowhere"}}), "not_found");
  EXPECT_EQ(counter.reason("offices.status", {{"office", "citizens-division"}, {"at", "2026-02-30"}}),
            "invalid_params");
  EXPECT_EQ(counter.reason("offices.status",
                           {{"office", "citizens-division"}, {"at", "9999-06-01T10:00:00+09:00"}}),
            "invalid_params");
}

// Hours of one version with the name or the openings of another would be an answer that nobody wrote.
TEST(Offices, an_answer_about_another_day_is_of_that_days_version) {
  Counter counter;
  auto next = std::make_shared<policy::Policy>(*counter.policy);
  next->version = "2";
  next->offices.front().name = {"市民窓口課", "Citizens' Counter"};
  next->offices.front().weekly.at(4) = {{600, 720}};
  next->availability.services.front().renewal = policy::AvailabilityDelay{{}, 3, {}, 0};
  auto added = next->offices.front();
  added.id = "new-branch";
  next->offices.push_back(added);
  counter.next_policy = next;
  const auto then = counter.result("offices.status",
                                   {{"office", "citizens-division"}, {"at", "2030-02-14T10:30:00+09:00"}});
  EXPECT_EQ(then.at("name").at("ja"), "市民窓口課");
  EXPECT_EQ(then.at("today"), json::array{"10:00-12:00"});
  const auto now = counter.result("offices.status",
                                  {{"office", "citizens-division"}, {"at", "2026-02-12T10:30:00+09:00"}});
  EXPECT_EQ(now.at("name").at("ja"), "市民課");
  EXPECT_EQ(now.at("today"), json::array{"08:30-19:00"});
  EXPECT_EQ(counter.result("offices.status", {{"office", "new-branch"}, {"at", "2030-02-14T10:30:00+09:00"}})
                .at("open"),
            true);
  EXPECT_EQ(counter.reason("offices.status", {{"office", "new-branch"}, {"at", "2026-02-12T10:30:00+09:00"}}),
            "not_found");
  EXPECT_EQ(counter.result("availability.forecast", {{"completed_at", "2030-02-14T10:30:00+09:00"}})
                .at("services")
                .at(0)
                .at("available_from"),
            "2030-02-17");
}

TEST(Offices, the_list_tells_what_front_ends_show_though_no_rule_reads_it) {
  Counter counter;
  auto told = std::make_shared<policy::Policy>(*counter.policy);
  auto& office = told->offices.front();
  office.queue_url = "https://example.jp/queue";
  office.reception.service_minutes = 15;
  office.reception.daily_limit = 80;
  office.reception.may_close_early = true;
  policy::ReservationRule rule;
  rule.how = {"予約", "Book."};
  office.reservations = {rule};
  told->fees.after_loss_yen = 200;
  counter.policy = told;
  const auto list = counter.result("offices.list");
  const auto& first = list.at("offices").at(0);
  EXPECT_EQ(first.at("queue_url"), "https://example.jp/queue");
  EXPECT_EQ(first.at("service_minutes"), 15);
  EXPECT_EQ(first.at("daily_limit"), 80);
  EXPECT_EQ(first.at("may_close_early"), true);
  EXPECT_EQ(first.at("reservations").at(0).at("need"), "optional");
  EXPECT_EQ(list.at("fees").at("after_loss_yen"), 200);
  EXPECT_FALSE(list.at("fees").as_object().contains("card_reissue_yen"));
}

TEST(Offices, services_after_a_renewal_and_after_a_new_issuance) {
  Counter counter;
  const auto renewed =
      counter.result("availability.forecast", {{"completed_at", "2026-10-16T10:30:00+09:00"}});
  EXPECT_EQ(renewed.at("services").at(0).at("available_from"), "2026-10-17");
  EXPECT_EQ(renewed.at("services").at(1).at("available_from"), "2026-10-16T13:30:00+09:00");
  EXPECT_EQ(renewed.at("services").at(1).at("estimate"), true);
  const auto anew = counter.result("availability.forecast", {{"completed_at", "2026-10-16T10:30:00+09:00"},
                                                             {"actions", json::array{"renew", "issue_new"}}});
  EXPECT_EQ(anew.at("services").at(1).at("available_from"), "2026-10-17T10:30:00+09:00");
  EXPECT_EQ(counter.result("offices.list").at("offices").at(0).at("office"), "citizens-division");
}

TEST(Offices, status_tells_how_busy_it_will_be) {
  Counter counter;
  const json::object at_night{{"office", "citizens-division"}, {"at", "2026-03-15T22:00:00+09:00"}};
  EXPECT_FALSE(counter.result("offices.status", at_night).contains("crowding")) << "the policy does not say";
  auto told = std::make_shared<policy::Policy>(*counter.policy);
  using namespace std::chrono;
  told->crowding = {{policy::YearlyRange{March / 16, April / 10}, policy::every_weekday, {}, "crowding[0]"}};
  told->quiet = {{{}, policy::every_weekday, policy::Interval{900, 1020}, "quiet[0]"}};
  counter.policy = told;
  const auto busy = counter.result("offices.status", at_night).at("crowding").as_object();
  EXPECT_EQ(busy.at("expected"), true) << "of Monday morning, when it opens next";
  EXPECT_THAT(std::string(busy.at("ja").as_string()), testing::HasSubstr("大変混み合います"));
  EXPECT_THAT(std::string(busy.at("ja").as_string()), testing::HasSubstr("15:00"));
  const auto usual = counter.result("offices.status",
                                    {{"office", "citizens-division"}, {"at", "2026-02-12T10:00:00+09:00"}});
  EXPECT_EQ(usual.at("crowding").at("expected"), false);
}

TEST(Offices, status_says_where_nobody_knows_whether_it_is_a_holiday) {
  Counter counter;
  auto told = std::make_shared<policy::Policy>(*counter.policy);
  told->calendar.known_to = base::parse_date("2027-12-31");
  counter.policy = told;
  const auto on = [&](std::string_view at) {
    const auto status = counter.result("offices.status", {{"office", "citizens-division"}, {"at", at}});
    const auto* unknown = status.if_contains("holidays_unknown");
    return unknown == nullptr ? std::string() : std::string(unknown->at("day").as_string());
  };
  EXPECT_EQ(on("2028-01-10T10:00:00+09:00"), "2028-01-10");
  EXPECT_EQ(on("2027-12-31T20:00:00+09:00"), "2028-01-03") << "its next opening";
  EXPECT_EQ(on("2027-12-30T10:00:00+09:00"), "");
  told->offices.front().on_holidays = policy::OnHolidays::as_weekday;
  EXPECT_EQ(on("2028-01-10T10:00:00+09:00"), "") << "open on them anyway";
}

TEST(Offices, both_ways_of_applying_are_told) {
  Counter counter;
  auto told = std::make_shared<policy::Policy>(*counter.policy);
  told->availability.services.front().renewal = policy::AvailabilityDelay{{}, {}, 1, 60};
  counter.policy = told;
  const auto insurance = [&](json::object params) {
    params["completed_at"] = "2026-10-16T10:30:00+09:00";
    return counter.result("availability.forecast", std::move(params)).at("services").at(0).as_object();
  };
  EXPECT_EQ(insurance({}).at("by"), "2026-10-17");
  EXPECT_EQ(insurance({}).at("immediate_if_applied_from"), "2026-10-16T11:30:00+09:00");
  const auto before = insurance({{"insurance_applied_at", "2026-10-01T10:30:00+09:00"}});
  EXPECT_EQ(before.at("by"), "2026-10-17");
  EXPECT_FALSE(before.contains("immediate_if_applied_from"));
}

}  // namespace
}  // namespace madoguchi::api::test
