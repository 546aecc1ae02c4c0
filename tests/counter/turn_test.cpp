// Whose turn it is, and what a PIN does not wait for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace asio = boost::asio;
using base::Code;
using mynumber::CertificateName;
using mynumber::PinName;
using testing::Contains;
using testing::Not;

asio::awaitable<void> wait_within(Gate& gate, std::chrono::milliseconds patience, std::string who,
                                  std::vector<std::string>& order, std::optional<Gate::Pass>& held) {
  const auto pass = co_await gate.enter_within("a", patience);
  order.push_back(pass ? who : "not " + who);
  if (!pass) held.reset();
}

asio::awaitable<void> wait_patiently(Gate& gate, std::vector<std::string>& order) {
  const auto pass = co_await gate.enter("a");
  order.emplace_back("the patient");
}

asio::awaitable<void> hold(Gate& gate, std::optional<Gate::Pass>& held) {
  auto pass = co_await gate.enter("a");
  held.emplace(std::move(pass));
}

TEST(Gate, whoever_waits_only_so_long_gives_their_place_away) {
  asio::io_context loop;
  Gate gate(loop);
  std::vector<std::string> order;
  std::optional<Gate::Pass> held;
  const auto rethrow = [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  };
  asio::co_spawn(loop, hold(gate, held), rethrow);
  loop.poll();
  ASSERT_TRUE(held);
  asio::co_spawn(loop, wait_within(gate, std::chrono::milliseconds(5), "the impatient", order, held),
                 rethrow);
  asio::co_spawn(loop, wait_patiently(gate, order), rethrow);
  asio::co_spawn(loop, wait_within(gate, std::chrono::minutes(1), "the last", order, held), rethrow);
  loop.restart();
  loop.run();
  EXPECT_THAT(order, testing::ElementsAre("not the impatient", "the patient", "the last"));
}

class PinDuringWork : public testing::Test {
 protected:
  PinDuringWork() : world(options()) {
    id = world.ready();
    world.line->held = true;
    issuing = world.start(world.desk->issue(id, "clerk-7"));
    world.until([&] { return world.line->posts == 1; });
  }
  static Options options() {
    Options options;
    options.wanted = {CertificateName::authentication};
    return options;
  }

  World world;
  std::string id;
  std::shared_ptr<std::optional<base::Result<renewal::Case>>> issuing;
};

TEST_F(PinDuringWork, is_refused_at_once_and_never_sent) {
  const int sent = world.pins_sent();
  const auto refused = world.verify(id, PinName::authentication);
  ASSERT_EQ(code_of(refused), Code::reader_busy);
  EXPECT_EQ(refused.error().details.at("case").as_string(), id);
  EXPECT_GT(refused.error().details.at("retry_after_ms").as_int64(), 0) << "it ends by itself";
  EXPECT_EQ(code_of(world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication)))),
            Code::reader_busy);
  EXPECT_FALSE(issuing->has_value()) << "it still waits for the authority";
  world.line->release();
  world.until([&] { return issuing->has_value(); });
  ASSERT_TRUE(**issuing);
  EXPECT_EQ(world.pins_sent(), sent);
}

TEST(Pin, of_a_client_that_has_gone_is_not_sent) {
  World world;
  const auto id = world.open()->id;
  auto request = world.pin_request(id, PinName::authentication);
  int asked = 0;
  request.wanted = [&asked] { return ++asked < 1; };
  EXPECT_EQ(code_of(world.run(world.desk->verify_pin(std::move(request)))), Code::conflict);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(world.pins_sent(), 0);
  EXPECT_THAT(world.store.kinds(id), Not(Contains("pin.intent")));
}

}  // namespace
}  // namespace madoguchi::counter::test
