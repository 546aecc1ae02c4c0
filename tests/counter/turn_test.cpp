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

TEST(Gate, whoever_waits_only_so_long_gives_their_place_away) {
  asio::io_context loop;
  Gate gate(loop);
  std::vector<std::string> order;
  std::optional<Gate::Pass> held;
  const auto rethrow = [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  };
  const auto spawn = [&](auto body) { asio::co_spawn(loop, body(), rethrow); };
  spawn([&]() -> asio::awaitable<void> {
    auto pass = co_await gate.enter("a");
    held.emplace(std::move(pass));
  });
  loop.poll();
  ASSERT_TRUE(held);
  spawn([&]() -> asio::awaitable<void> {
    const auto pass = co_await gate.enter_within("a", std::chrono::milliseconds(5));
    order.emplace_back(pass ? "the impatient" : "nobody");
    if (!pass) held.reset();
  });
  spawn([&]() -> asio::awaitable<void> {
    const auto pass = co_await gate.enter("a");
    order.emplace_back("the patient");
  });
  spawn([&]() -> asio::awaitable<void> {
    const auto pass = co_await gate.enter_within("a", std::chrono::minutes(1));
    order.emplace_back(pass ? "the last" : "nobody");
  });
  loop.restart();
  loop.run();
  EXPECT_THAT(order, testing::ElementsAre("nobody", "the patient", "the last"));
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
