// A case that slept while the same card was renewed at another counter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using mynumber::CertificateName;
using renewal::State;
using simulated_card::Layout;

class Elsewhere : public testing::TestWithParam<Layout> {};
INSTANTIATE_TEST_SUITE_P(Layouts, Elsewhere, testing::Values(Layout::spare, Layout::single),
                         [](const auto& layout) { return std::string(name(layout.param)) + "_slot"; });

// Journal words after which the case falls asleep, with its next step taken on the card or not.
TEST_P(Elsewhere, what_another_counter_has_put_on_the_card_stays) {
  for (const auto* last : {"authority.answered", "key.intent", "key.made", "request.answered",
                           "certificate.intent", "certificate.written", "activation.intent"}) {
    if (GetParam() == Layout::single && std::string_view(last) == "activation.intent") continue;
    SCOPED_TRACE(last);
    Options options;
    options.layout = GetParam();
    options.wanted = {CertificateName::authentication};
    World world(options);
    const auto id = world.ready();
    world.store.on_commit = [&](int) {
      if (world.store.kinds(id).back() == last) world.desk->stop();
    };
    EXPECT_EQ(code_of(world.issue(id)), Code::shutting_down);
    world.store.on_commit = nullptr;
    world.restart();

    // The other counter knows nothing of the case.
    MemoryStore here;
    std::swap(here, world.store);
    world.restart();
    const auto other = world.ready();
    EXPECT_EQ(world.finish(other).state, State::completed);
    const auto in_use = world.on_card(CertificateName::authentication);
    std::swap(here, world.store);
    world.restart();

    world.verify_all(id);
    const int changes = world.card->changes;
    EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
    EXPECT_EQ(world.on_card(CertificateName::authentication), in_use);
    EXPECT_EQ(world.card->changes, changes) << "the card is only looked at";
    const auto visit = world.desk->load(id).value();
    EXPECT_EQ(visit.state, State::attention);
    EXPECT_EQ(world.store.kinds(id).back(), "case.stopped");
    EXPECT_THAT(world.store.kinds(id), testing::Contains("key.lost"));
    EXPECT_EQ(code_of(world.issue(id)), Code::conflict) << "and again";
    EXPECT_TRUE(world.run(world.desk->cancel({id, "renewed elsewhere", "clerk-7"})));
  }
}

}  // namespace
}  // namespace madoguchi::counter::test
