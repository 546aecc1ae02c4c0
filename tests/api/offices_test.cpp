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

}  // namespace
}  // namespace madoguchi::api::test
