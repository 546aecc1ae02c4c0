// Every reason of the code book is produced by some test of this program; here those that no other one needs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "base/code_book.hpp"
#include "support.hpp"

namespace madoguchi::api::test {
namespace {

namespace json = boost::json;
using counter::test::reader_name;

std::string reason_of(const json::object& response) {
  return std::string(response.at("error").at("data").at("reason").as_string());
}

TEST(Reasons, of_lines_that_are_no_requests) {
  Counter counter;
  EXPECT_EQ(reason_of(counter.line("{")), "parse_error");
  EXPECT_EQ(reason_of(counter.line("{\"jsonrpc\":\"1.0\"}")), "invalid_request");
  EXPECT_EQ(reason_of(counter.line(R"({"jsonrpc":"2.0","id":1,"method":"no.such"})")), "method_not_found");
}

TEST(Reasons, of_too_much) {
  Counter counter;
  for (int i = 0; i < 8; ++i) counter.result("events.subscribe");
  EXPECT_EQ(counter.reason("events.subscribe"), "overloaded");
}

TEST(Reasons, of_a_mistake_of_our_own) {
  Counter counter;
  counter.world.decide = [](const json::object&, base::Instant) -> base::Result<counter::Decided> {
    throw std::runtime_error("a mistake");
  };
  const auto error = counter.error("cases.open", counter.open_params());
  EXPECT_EQ(error.at("reason"), "internal");
  EXPECT_EQ(json::serialize(error).find("mistake"), std::string::npos);
}

TEST(Reasons, of_readers_and_cards) {
  Counter counter;
  counter.world.readers.service_down = true;
  EXPECT_EQ(counter.reason("card.inspect", {{"reader", reader_name}}), "reader.service_down");
  counter.world.readers.service_down = false;
  counter.world.card->disturb = [](int) { return counter::test::Act::mute; };
  EXPECT_EQ(counter.reason("card.inspect", {{"reader", reader_name}}), "card.mute");
  counter.world.card->disturb = nullptr;
  auto image = counter.world.card->card.image();
  image.applications.clear();
  counter.world.readers.insert(reader_name, std::make_shared<counter::test::TestCard>(image));
  EXPECT_EQ(counter.reason("cases.open", counter.open_params()), "card.unknown");
}

TEST(Reasons, of_a_card_that_signs_nothing_that_fits) {
  Counter counter(counter::test::only_authentication(simulated_card::Layout::single));
  const auto id = counter.ready();
  counter.world.card->instead = [](const auto& command) -> std::optional<base::Bytes> {
    if (command.ins != counter::test::instruction::sign) return std::nullopt;
    base::Bytes answer(258, 0x11);
    answer[256] = 0x90;
    answer[257] = 0x00;
    return answer;
  };
  EXPECT_EQ(counter.reason("cases.issue", {{"case", id}, {"staff", "clerk-7"}}), "card.refused");
}

TEST(Reasons, of_the_rules_and_the_authoritys_clock) {
  Counter counter(counter::test::only_authentication(simulated_card::Layout::single));
  counter.reload_fault =
      base::make_fault(base::Code::policy_invalid, {}, {{"complaints", json::array{"p:1:1: x"}}});
  EXPECT_EQ(counter.reason("policy.reload"), "policy.invalid");
  const auto id = counter.ready();
  counter.world.protocol->ahead = std::chrono::minutes(7);
  EXPECT_EQ(counter.reason("cases.issue", {{"case", id}, {"staff", "clerk-7"}}), "authority.clock");
}

TEST(Reasons, of_plugins_and_the_store) {
  Counter counter;
  counter.world.decide = [usual = counter.world.decide, first = true](
                             const json::object& facts,
                             base::Instant at) mutable -> base::Result<counter::Decided> {
    if (std::exchange(first, false)) {
      return base::make_fault(base::Code::plugin_failed, "as ordered", {{"plugin", "my-rules"}});
    }
    return usual(facts, at);
  };
  EXPECT_EQ(counter.reason("cases.open", counter.open_params()), "plugin.failed");
  counter.world.store.refusal = base::Code::storage_unavailable;
  counter.world.store.refused_at = counter.world.store.commits + 1;
  EXPECT_EQ(counter.reason("cases.open", counter.open_params()), "storage.unavailable");
}

// Only where all of this program's tests have run, and none was chosen.
class EveryReason final : public testing::Environment {
 public:
  void TearDown() override {
    const auto& run = *testing::UnitTest::GetInstance();
    if (run.test_to_run_count() != run.total_test_count()) return;
    for (const auto& entry : base::code_book()) {
      EXPECT_TRUE(reasons_seen().contains(std::string(entry.reason)))
          << entry.reason << " is produced by no test";
    }
  }
};
[[maybe_unused]] const auto* const every_reason = testing::AddGlobalTestEnvironment(new EveryReason);

}  // namespace
}  // namespace madoguchi::api::test
