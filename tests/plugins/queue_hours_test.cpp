// The waiting line of an office whose hours the daemon tells: what closing does to tickets and to the page.
#include "queue_line.hpp"

namespace madoguchi::plugins {
namespace {

using testing::HasSubstr;
using testing::Not;

class QueueBoardHours : public QueueBoard {
 protected:
  QueueBoardHours() { tells_hours = true; }

  json::object wanted() const { return {{"office", hall}, {"procedure", "renewal"}}; }
  std::string notice(std::string_view office, std::string_view language = "ja") {
    const auto line = status(office);
    const auto* words = line.if_contains("notice");
    return words == nullptr ? std::string() : text(*words, language);
  }
};

TEST_F(QueueBoardHours, a_closed_office_gives_no_ticket_and_says_when_it_opens) {
  at("2026-04-06T19:20:00+09:00");
  const auto step = ask("take", wanted());
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::conflict);
  EXPECT_EQ(
      text(step.error().details, "ja"),
      "本日の受付は終了しました。次の受付は、2026年4月7日(火) 08:30からです。整理券は発行していません。");
  EXPECT_EQ(text(step.error().details, "en"),
            "Reception is closed for today. It opens next on Tuesday, 7 April 2026, at 08:30. No ticket is "
            "given out.");
  at("2026-04-07T08:29:59+09:00");
  EXPECT_EQ(refused("take", wanted()), base::Code::conflict);
  at("2026-04-07T08:30:00+09:00");
  EXPECT_EQ(take(), "A101");
}

TEST_F(QueueBoardHours, nobody_takes_a_ticket_unknowingly_after_the_last_reception) {
  const auto last = base::parse_time("2026-04-06T18:45:59+09:00").value();
  now = last;
  const auto in_time = call("take", wanted());
  EXPECT_FALSE(in_time.as_object().contains("notice"));
  EXPECT_EQ(written(in_time.at("reception").at("in_time")), "true");
  now = last + std::chrono::seconds(1);
  EXPECT_EQ(refused("take", wanted()), base::Code::conflict);
  auto anyway = wanted();
  anyway["accept_closed"] = true;
  const auto late = call("take", anyway);
  EXPECT_EQ(text(late, "ticket"), "A102");
  EXPECT_THAT(text(late.at("notice"), "ja"), HasSubstr("本日の受付は終了しました"));
  EXPECT_EQ(written(late.at("reception").at("next_opening")), "2026-04-07T08:30:00+09:00");
}

// A case may not be judged by an hour at which nobody was received, when its citizen waited for the doors.
TEST_F(QueueBoardHours, a_ticket_from_before_the_opening_counts_from_then) {
  auto early = wanted();
  early["accept_closed"] = true;
  at("2026-04-06T08:20:00+09:00");
  EXPECT_EQ(text(call("take", early), "taken_at"), "2026-04-06T08:30:00+09:00");
  EXPECT_EQ(text(about("ticket", "A101"), "taken_at"), "2026-04-06T08:20:00+09:00")
      << "no case is received at an hour that is still to come";
  at("2026-04-06T08:30:00+09:00");
  EXPECT_EQ(text(about("ticket", "A101"), "taken_at"), "2026-04-06T08:30:00+09:00");
  at("2026-04-06T08:31:00+09:00");
  EXPECT_EQ(text(call("call_next", {{"office", hall}, {"window", "9"}}), "taken_at"),
            "2026-04-06T08:30:00+09:00");
  EXPECT_EQ(written(call("waits", {{"office", hall}}).at("waits").at(0).at("minutes")), "11")
      << "who waited before the opening waited";
  EXPECT_EQ(text(call("take", wanted()), "taken_at"), "2026-04-06T08:31:00+09:00");
  // What is closed until the next day helps nobody today.
  at("2026-04-06T19:20:00+09:00");
  EXPECT_EQ(text(call("take", early), "taken_at"), "2026-04-06T19:20:00+09:00");
}

TEST_F(QueueBoardHours, what_is_told_of_a_closed_office_depends_on_the_day) {
  at("2026-04-06T07:00:00+09:00");
  EXPECT_EQ(notice(hall), "ただいまは受付時間外です。本日は08:30から受け付けます。");
  EXPECT_EQ(notice(hall, "en"), "Reception is closed now. It opens at 08:30 today.");
  at("2026-04-10T20:00:00+09:00");
  EXPECT_EQ(notice(hall, "en"),
            "Reception is closed for today. It opens next on Monday, 13 April 2026, at 08:30.");
  at("2026-04-12T12:00:00+09:00");
  EXPECT_EQ(notice(hall), "本日は受付を行っていません。次の受付は、2026年4月13日(月) 08:30からです。");
  EXPECT_THAT(notice("banba-branch"), HasSubstr("次の受付は")) << "also where there is no line";
}

TEST_F(QueueBoardHours, two_quiet_hours_of_an_open_office_are_an_empty_hall) {
  take();
  next("9");
  about("serve", "A101");
  after(std::chrono::hours(5));
  const auto line = status(hall);
  EXPECT_EQ(written(line.at("live")), "true");
  EXPECT_EQ(written(line.at("waiting")), "0");
  EXPECT_FALSE(line.contains("notice"));
  EXPECT_EQ(notice("banba-branch", "en"), "No live information") << "only where there is no feed";
}

TEST_F(QueueBoardHours, whoever_still_waits_after_closing_sees_the_line) {
  at("2026-04-06T18:40:00+09:00");
  take();
  take();
  at("2026-04-06T19:10:00+09:00");
  next("9");
  const auto line = status(hall);
  EXPECT_EQ(written(line.at("live")), "true");
  EXPECT_EQ(written(line.at("waiting")), "1");
  EXPECT_FALSE(line.contains("wait")) << "nobody can join it any more";
  auto html = text(call("snapshot"), "html");
  EXPECT_THAT(html, HasSubstr("本日の受付は終了しました"));
  EXPECT_THAT(html, HasSubstr("A101"));
  EXPECT_THAT(html, Not(HasSubstr("待ち時間の目安")));
  next("9");
  about("serve", "A102");
  html = text(call("snapshot"), "html");
  EXPECT_THAT(html, Not(HasSubstr("待ち人数")));
  EXPECT_THAT(html, Not(HasSubstr("情報はありません"))) << "it is known: reception is closed";
  at("2026-04-06T21:10:01+09:00");
  EXPECT_EQ(written(status(hall).at("live")), "false");
  EXPECT_THAT(notice(hall), HasSubstr("本日の受付は終了しました"));
}

// Nobody was called for hours before: who waits is still there when the office closes.
TEST_F(QueueBoardHours, a_quiet_line_does_not_vanish_as_the_office_closes) {
  take();
  at("2026-04-06T19:05:00+09:00");
  EXPECT_EQ(written(status(hall).at("waiting")), "1");
  at("2026-04-06T21:01:00+09:00");
  EXPECT_FALSE(status(hall).contains("waiting"));
}

}  // namespace
}  // namespace madoguchi::plugins
