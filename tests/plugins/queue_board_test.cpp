// The waiting line: through the plugin's own methods, its state handed on as the daemon does.
#include "queue_line.hpp"

namespace madoguchi::plugins {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(QueueBoard, numbers_are_called_in_order_and_those_with_priority_first) {
  EXPECT_EQ(take(), "A101");
  EXPECT_EQ(take(), "A102");
  EXPECT_EQ(take("pin_reset"), "B101");
  EXPECT_EQ(take("renewal", true), "A103");
  EXPECT_THAT(events, ElementsAre("taken"));
  EXPECT_EQ(written(about("ticket", "A103").at("ahead")), "0");
  EXPECT_EQ(written(about("ticket", "A101").at("ahead")), "1");
  EXPECT_EQ(written(about("ticket", "B101").at("ahead")), "3");
  EXPECT_EQ(next("9"), "A103");
  EXPECT_THAT(events, ElementsAre("called"));
  EXPECT_EQ(next("10"), "A101");
  const auto chosen = call("call_next", {{"office", hall}, {"window", "9"}, {"procedures", {"pin_reset"}}});
  EXPECT_EQ(text(chosen, "ticket"), "B101");
  EXPECT_EQ(written(status(hall).at("waiting")), "1");
  EXPECT_EQ(written(status(hall).at("waiting_by_procedure")),
            R"({"renewal":1,"pin_reset":0,"expiry_check":0})");
  EXPECT_EQ(written(today().at("served")), "1") << "whoever stood at window 9 before";
}

TEST_F(QueueBoard, one_who_does_not_come_can_be_called_again) {
  take();
  take();
  ASSERT_EQ(next("9"), "A101");
  about("no_show", "A101");
  EXPECT_EQ(written(status(hall).at("absent")), R"(["A101"])");
  ASSERT_EQ(next("9"), "A102");
  EXPECT_EQ(refused("no_show", {{"office", hall}, {"ticket", "A101"}}), base::Code::conflict);
  about("serve", "A102");
  about("recall", "A101");
  const auto called = status(hall).at("called").at(0);
  EXPECT_EQ(text(called, "ticket"), "A101");
  EXPECT_EQ(text(called, "window"), "9");
  about("serve", "A101");
  EXPECT_EQ(written(today().at("served")), "2");
  EXPECT_EQ(written(today().at("no_show")), "0");
}

TEST_F(QueueBoard, a_ticket_that_is_not_where_it_is_looked_for_is_told_where_it_is) {
  take();
  take();
  take();
  const auto words = [&](std::string_view verb, std::string_view ticket) {
    const auto step = ask(verb, {{"office", hall}, {"ticket", ticket}});
    return step ? std::string("not refused") : std::string(step.error().details.at("ja").as_string());
  };
  ASSERT_EQ(next("9"), "A101");
  about("no_show", "A101");
  EXPECT_THAT(words("serve", "A101"), testing::HasSubstr("応答がなかった"));
  ASSERT_EQ(next("9"), "A102");
  about("recall", "A101");
  EXPECT_THAT(words("serve", "A102"), testing::HasSubstr("すでに受付を終えています")) << "at that window";
  EXPECT_THAT(words("ticket", "A102"), testing::HasSubstr("すでに受付を終えています"));
  EXPECT_THAT(words("serve", "A103"), testing::HasSubstr("まだ呼び出していません"));
  for (const auto* never : {"A104", "A100", "Z1", "102"})
    EXPECT_THAT(words("serve", never), testing::HasSubstr("ここにはありません")) << never;
}

TEST_F(QueueBoard, nobody_waiting_frees_the_window) {
  take();
  next("9");
  EXPECT_EQ(next("9"), "");
  EXPECT_THAT(events, ElementsAre("window_free"));
  EXPECT_EQ(written(today().at("served")), "1");
  EXPECT_EQ(written(status(hall).at("called")), "[]");
}

TEST_F(QueueBoard, one_office_can_be_asked_about_alone) {
  take();
  const auto all = call("status").at("offices").as_array();
  EXPECT_GT(all.size(), 1U);
  const auto told = call("status", {{"office", hall}}).at("offices").as_array();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(written(told.at(0)), written(status(hall)));
  EXPECT_EQ(refused("status", {{"office", "nowhere"}}), base::Code::conflict);
}

// The first press of the morning must not take the whole board down.
TEST_F(QueueBoard, a_window_is_free_before_the_days_first_ticket_too) {
  const auto told = call("call_next", {{"office", hall}, {"window", "9"}});
  EXPECT_EQ(written(told.at("waiting")), "0");
  EXPECT_EQ(written(told.at("live")), "false");
  EXPECT_EQ(take(), "A101");
}

TEST_F(QueueBoard, a_procedure_that_nobody_can_wait_for_is_no_reason_to_free_a_window) {
  take();
  next("9");
  take();
  EXPECT_EQ(refused("call_next", {{"office", hall}, {"window", "9"}, {"procedures", json::array{"renewl"}}}),
            base::Code::conflict);
  EXPECT_EQ(written(status(hall).at("called").as_array().size()), "1");
}

TEST_F(QueueBoard, free_windows_that_fill_at_once_are_no_pace) {
  for (int i = 0; i < 10; ++i) take();
  for (const auto* window : {"1", "2", "3", "4", "5"}) next(window);
  EXPECT_EQ(written(status(hall).at("wait").at("from")), "policy");
}

TEST_F(QueueBoard, after_the_office_has_closed_nobody_is_told_that_nobody_waits) {
  take();
  next("9");
  after(std::chrono::minutes(90));
  EXPECT_EQ(written(status(hall).at("live")), "true");
  after(std::chrono::minutes(45));
  EXPECT_EQ(written(status(hall).at("live")), "false");
  EXPECT_FALSE(status(hall).contains("waiting"));
}

TEST_F(QueueBoard, every_ticket_of_a_day_is_accounted_for) {
  for (int i = 0; i < 6; ++i) take();
  next("9");                  // A101, served below
  next("9");                  // A102
  about("no_show", "A102");   // never comes
  next("9");                  // A103, still at the window at night
  about("withdraw", "A104");  // left; A105 and A106 wait until the end
  at("2026-04-07T08:30:00+09:00");
  EXPECT_EQ(take(), "A101") << "a new day's numbers begin anew";
  const auto report = call("report").at("offices").at(0);
  const auto& before = report.at("days").at(0).as_object();
  EXPECT_EQ(written(before.at("day")), "2026-04-06");
  EXPECT_EQ(written(before.at("taken")), "6");
  EXPECT_EQ(written(before.at("served")), "2") << "A103 stood at the window at night";
  EXPECT_EQ(written(before.at("no_show")), "1");
  EXPECT_EQ(written(before.at("left")), "3");
  EXPECT_EQ(written(report.at("today").at("taken")), "1");
}

TEST_F(QueueBoard, reading_on_a_new_day_changes_nothing) {
  take();
  const auto before = state;
  at("2026-04-07T08:30:00+09:00");
  EXPECT_FALSE(status(hall).contains("waiting")) << "nobody has fed it yet today";
  EXPECT_EQ(written(state), written(before));
}

TEST_F(QueueBoard, a_clock_that_was_put_back_gives_no_number_twice) {
  take();
  at("2026-04-05T23:00:00+09:00");
  EXPECT_EQ(take(), "A102");
}

TEST_F(QueueBoard, a_clock_that_ran_one_day_ahead_leaves_no_line_for_the_next_morning) {
  at("2026-04-07T09:00:00+09:00");
  take();
  at("2026-04-06T09:05:00+09:00");
  EXPECT_EQ(take(), "A102");
  at("2026-04-07T08:30:00+09:00");
  EXPECT_FALSE(status(hall).contains("waiting"));
  EXPECT_EQ(take(), "A101");
}

TEST_F(QueueBoard, a_clock_that_had_jumped_ahead_does_not_keep_days_from_beginning) {
  at("2027-01-04T09:00:00+09:00");
  take();
  at("2026-04-06T09:00:00+09:00");
  EXPECT_EQ(take(), "A102") << "not a number of the same day twice";
  at("2026-04-07T09:00:00+09:00");
  EXPECT_EQ(take(), "A101");
  EXPECT_EQ(written(today().at("taken")), "1");
}

TEST_F(QueueBoard, DC67_DC68_the_label_that_an_office_shows) {
  EXPECT_EQ(written(status(hall).at("label").at("ja")), "電子証明書発行/更新");
  EXPECT_EQ(written(status("district-centers").at("label").at("ja")), "窓口手続き(マイナンバーカード以外)");
}

TEST_F(QueueBoard, DC69_an_office_without_a_feed_is_no_empty_hall) {
  const auto banba = status("banba-branch");
  EXPECT_EQ(written(banba.at("live")), "false");
  EXPECT_FALSE(banba.contains("waiting"));
  EXPECT_EQ(written(banba.at("notice").at("en")), "No live information");
  EXPECT_EQ(refused("take", {{"office", "banba-branch"}, {"procedure", "renewal"}}), base::Code::conflict);
  EXPECT_EQ(refused("take", {{"office", "nowhere"}, {"procedure", "renewal"}}), base::Code::conflict);
  call("feed", {{"office", hall}, {"live", false}});
  EXPECT_FALSE(status(hall).contains("waiting"));
  EXPECT_EQ(refused("take", {{"office", hall}, {"procedure", "renewal"}}), base::Code::conflict);
  call("feed", {{"office", hall}, {"live", true}});
  EXPECT_EQ(take(), "A101");
}

TEST_F(QueueBoard, the_estimate_says_what_it_comes_from) {
  const auto wait = [&] { return status(hall).at("wait").as_object(); };
  EXPECT_FALSE(status(hall).contains("wait")) << "nobody has fed it yet today";
  call("feed", {{"office", hall}, {"live", true}});
  EXPECT_EQ(written(wait().at("from")), "free");
  EXPECT_EQ(written(wait().at("minutes")), "0");
  for (int i = 0; i < 3; ++i) take();
  EXPECT_EQ(written(wait().at("from")), "policy");
  EXPECT_EQ(written(wait().at("minutes")), "45")
      << "the window is free: after three, a quarter of an hour each";
  for (int i = 0; i < 12; ++i) take();
  for (int i = 0; i < 5; ++i) {
    after(std::chrono::minutes(4));
    next("9");
  }
  EXPECT_EQ(written(wait().at("from")), "pace");
  EXPECT_EQ(written(wait().at("minutes")), "44") << "ten wait and one more, four minutes between two calls";
  at("2026-04-13T09:30:00+09:00");
  take();
  EXPECT_EQ(written(wait().at("from")), "history") << "the Monday before, from nine to ten";
  EXPECT_EQ(written(wait().at("minutes")), "4")
      << "four minutes a turn: somebody takes the free window first";
  take();
  EXPECT_EQ(written(wait().at("minutes")), "8") << "a longer line than a moment ago";
  const auto known = call("waits", {{"office", hall}}).at("waits").at(0);
  EXPECT_EQ(written(known.at("weekday")), "1");
  EXPECT_EQ(text(known, "from"), "09:00");
  EXPECT_EQ(written(known.at("people")), "5");
}

TEST_F(QueueBoard, one_more_person_is_one_more_turn) {
  const auto minutes = [&] { return written(status(hall).at("wait").at("minutes")); };
  call("feed", {{"office", hall}, {"live", true}});
  EXPECT_EQ(minutes(), "0") << "the window is free";
  take();
  EXPECT_EQ(minutes(), "15") << "the first goes to it at once";
  take();
  EXPECT_EQ(minutes(), "30");
  next("9");
  EXPECT_EQ(minutes(), "30") << "nobody's place in the line has changed";
}

TEST_F(QueueBoard, a_full_line_refuses_tickets_and_can_still_be_called) {
  // Two weeks of every hour in the history first.
  for (int day = 0; day < 14; ++day) {
    at("2026-03-02T08:30:00+09:00");
    after(std::chrono::hours(24 * day));
    for (int hour = 0; hour < 10; ++hour) {
      take();
      next("9");
      after(std::chrono::hours(1));
    }
  }
  int taken = 0;
  for (; taken < 2000; ++taken) {
    const auto step = ask("take", {{"office", hall}, {"procedure", "renewal"}, {"priority", true}});
    if (!step) {
      EXPECT_EQ(step.error().code, base::Code::conflict) << base::describe(step.error());
      break;
    }
    state = json::value(*step->state);
  }
  EXPECT_GT(taken, 300);
  EXPECT_LT(taken, 2000);
  for (int i = 0; i < 20; ++i) {
    ASSERT_FALSE(next(std::to_string(1000000000 + i)).empty());
  }
  EXPECT_LT(json::serialize(state).size(), std::size_t{64} * 1024);
}

TEST_F(QueueBoard, the_page_needs_nothing_else) {
  take();
  next("9");
  const auto html = text(call("snapshot"), "html");
  EXPECT_THAT(html, HasSubstr("電子証明書発行/更新"));
  EXPECT_THAT(html, HasSubstr("A101"));
  EXPECT_THAT(html, HasSubstr("現在の待ち状況の情報はありません"));
  EXPECT_THAT(html, HasSubstr("2026年4月6日 09:00 現在"));
  EXPECT_THAT(html, testing::Not(HasSubstr("http:")));
  EXPECT_THAT(html, testing::Not(HasSubstr("<script")));
}

std::string with_section(const std::string& offices) {
  return policy_text() + "  queue-board:\n    offices:\n" + offices;
}

std::vector<std::string> complained(const std::string& offices) {
  return City::complaints(with_section(offices), with_board);
}

TEST(QueueBoardSection, what_an_administrator_gets_wrong) {
  EXPECT_THAT(complained("      - {office: hall, procedures: [{id: renewal}]}\n"),
              ElementsAre(HasSubstr("no office \"hall\" in this policy")));
  EXPECT_THAT(complained("      - {office: banba-branch, procedures: [{id: renewal}]}\n"),
              ElementsAre(HasSubstr("has no queue_label")));
  EXPECT_THAT(complained("      - {office: citizens-division, procedures: [{id: a, letter: A, first_number: "
                         "5}, {id: b, letter: A}]}\n"),
              ElementsAre(HasSubstr("one letter has one row of numbers")));
  EXPECT_THAT(complained("      - {office: citizens-division, procedures: [{id: a, letter: A1}]}\n"),
              ElementsAre(HasSubstr("expected no digits")));
  EXPECT_THAT(complained("      - {office: citizens-division, procedures: [{id: a}, {id: a}]}\n"),
              ElementsAre(HasSubstr("\"a\" is listed twice")));
}

class QueueBoardOfACity : public QueueBoard {
 protected:
  QueueBoardOfACity()
      : QueueBoard(with_section("      - {office: citizens-division, windows: 2, minutes_a_person: 10, "
                                "procedures: [{id: cards}]}\n")) {}
};

TEST_F(QueueBoardOfACity, an_office_that_keeps_no_line_any_more_takes_no_room) {
  state = json::parse(
      R"({"offices": {"district-centers": {"day": "2026-03-01", "feed": 1, "last": {}, "waiting": [],
      "called": [], "absent": [], "counts": [0, 0, 0, 0], "calls": [], "days": [], "waits": {}}}})");
  take("cards");
  EXPECT_FALSE(state.at("offices").as_object().contains("district-centers"));
}

TEST_F(QueueBoardOfACity, lines_as_the_section_says) {
  EXPECT_EQ(take("cards"), "1");
  EXPECT_EQ(refused("take", {{"office", hall}, {"procedure", "renewal"}}), base::Code::conflict);
  EXPECT_EQ(written(status("district-centers").at("live")), "false");
  EXPECT_EQ(written(status(hall).at("wait").at("minutes")), "0") << "the other window is free";
  take("cards");
  EXPECT_EQ(written(status(hall).at("wait").at("minutes")), "5") << "one turn of ten minutes at two windows";
  take("cards");
  EXPECT_EQ(written(status(hall).at("wait").at("minutes")), "10");
  next("1");
  next("2");
  EXPECT_EQ(written(status(hall).at("wait").at("minutes")), "10") << "both are called, one still waits";
}

}  // namespace
}  // namespace madoguchi::plugins
