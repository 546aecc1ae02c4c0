// What a plugin's start may cost those who wait for it.
#include <gmock/gmock.h>

#include "fixture.hpp"
#include "plugin.hpp"

namespace madoguchi::extension {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Is let in, and dies of every decision.
class Dying : public Running {
 public:
  explicit Dying(std::vector<milliseconds>& creations) : creations_(creations) {}
  base::Result<std::string> ask(Verb verb, std::string_view, milliseconds deadline) override {
    if (verb == Verb::describe) return std::string(R"({"section":{},"codes":[],"methods":[]})");
    if (verb == Verb::check) return std::string(R"({"complaints":[],"notices":[]})");
    if (verb == Verb::create) return creations_.push_back(deadline), std::string("{}");
    return base::make_fault(base::Code::plugin_failed, "it died");
  }

 private:
  std::vector<milliseconds>& creations_;
};

PluginConfig quick(const std::string& name) {
  auto config = configured(name);
  config.deadline = milliseconds(250);
  return config;
}

class Starting : public testing::Test {
 protected:
  Starting() {
    put(folder_, "bad-moody");
    const auto folder = Folder::open(folder_.path());
    const auto trust = Trust::load({});
    const auto start = [this](const Admitted&,
                              milliseconds allowed) -> base::Result<std::unique_ptr<Running>> {
      loads_.push_back(allowed);
      if (hangs_) return base::make_fault(base::Code::plugin_timeout, "load: no answer");
      return std::unique_ptr<Running>(std::make_unique<Dying>(creations_));
    };
    plugin_.open(*folder, *trust, start, start, {});
  }

  TemporaryFolder folder_;
  KeptLog log_;
  std::vector<milliseconds> loads_;
  std::vector<milliseconds> creations_;
  bool hangs_ = false;
  int progress_ = 0;
  Plugin plugin_{quick("bad-moody"), {}, {}, log_, [this] { ++progress_; }};
};

TEST_F(Starting, again_takes_no_longer_than_what_is_left_of_the_decisions_time) {
  ASSERT_FALSE(plugin_.refusal()) << *plugin_.refusal();
  EXPECT_THAT(loads_, testing::Each(testing::Ge(seconds(1)))) << "at first there is time";
  EXPECT_FALSE(plugin_.decide("{}", Plugin::Clock::now() + seconds(20)));
  loads_.clear();
  creations_.clear();
  EXPECT_FALSE(plugin_.decide("{}", Plugin::Clock::now() + milliseconds(900)));
  EXPECT_THAT(loads_, testing::ElementsAre(testing::Le(milliseconds(900))));
  EXPECT_THAT(creations_, testing::Each(testing::Le(milliseconds(900))));
}

// Everybody waits while a plugin is started: one that hangs in it must not have that time again and again.
TEST_F(Starting, again_takes_about_as_long_as_at_first_and_is_not_tried_again_soon_by_one_that_hangs) {
  ASSERT_FALSE(plugin_.refusal()) << *plugin_.refusal();
  EXPECT_FALSE(plugin_.decide("{}", Plugin::Clock::now() + seconds(20)));
  loads_.clear();
  hangs_ = true;
  EXPECT_FALSE(plugin_.decide("{}", Plugin::Clock::now() + seconds(20)));
  EXPECT_THAT(loads_, testing::ElementsAre(testing::Le(milliseconds(2'000))));
  EXPECT_EQ(plugin_.health().state(Plugin::Clock::now()), Health::State::quarantined);
  EXPECT_FALSE(plugin_.decide("{}", Plugin::Clock::now() + seconds(20)));
  EXPECT_EQ(loads_.size(), 1U);
}

TEST_F(Starting, is_not_even_tried_when_nothing_is_left) {
  EXPECT_FALSE(plugin_.decide("{}", Plugin::Clock::now() + seconds(20)));
  loads_.clear();
  const auto failures = plugin_.health().failures();
  const auto late = plugin_.decide("{}", Plugin::Clock::now() - milliseconds(1));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, base::Code::plugin_timeout);
  EXPECT_TRUE(loads_.empty());
  EXPECT_EQ(plugin_.health().failures(), failures) << "that is not its fault";
}

TEST_F(Starting, is_progress_like_each_answer) {
  // Rehearsed and real: a start, describe, check and create each.
  EXPECT_EQ(progress_, 8);
}

}  // namespace
}  // namespace madoguchi::extension
