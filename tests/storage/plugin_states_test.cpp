// What plugins keep: in the same transaction as the case, each in a namespace of its own.
#include "support.hpp"

namespace madoguchi::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PluginStates : public ::testing::Test {
 protected:
  Folder folder_;
  std::unique_ptr<CaseStore> store_ = must_open(folder_.store());

  static Change keeping(PluginState state) {
    Change change;
    change.plugin_states.push_back(std::move(state));
    return change;
  }
  std::vector<std::string> kept(const std::string& case_id) {
    std::vector<std::string> found;
    const auto states = store_->plugin_states(case_id);
    if (!states) return {reason(states)};
    for (const auto& s : *states) {
      found.push_back(s.plugin + " " + std::to_string(s.revision) + " " + s.body + s.owed);
    }
    return found;
  }
};

TEST_F(PluginStates, SurviveARestartEachUnderItsPluginAndCase) {
  auto change = a_change("c-1");
  change.plugin_states = {{"visits", "c-1", 0, R"({"名":1})", ""}, {"letters", "c-1", 0, "", "[1]"}};
  ASSERT_TRUE(store_->commit(change));
  ASSERT_TRUE(store_->commit(keeping({"visits", "", 0, "{}", ""})));
  store_.reset();
  store_ = must_open(folder_.store());
  EXPECT_THAT(kept("c-1"), ElementsAre("letters 1 [1]", R"(visits 1 {"名":1})"));
  EXPECT_THAT(kept(""), ElementsAre("visits 1 {}"));
  EXPECT_THAT(kept("c-2"), IsEmpty());
  EXPECT_THAT(store_->owed_cases().value(), ElementsAre("c-1"));
  ASSERT_TRUE(store_->commit(keeping({"letters", "c-1", 1, R"({"a":2})", ""})));
  EXPECT_THAT(kept("c-1"), ElementsAre(R"(letters 2 {"a":2})", R"(visits 1 {"名":1})"));
  EXPECT_THAT(store_->owed_cases().value(), IsEmpty());
}

TEST_F(PluginStates, AStaleOneTakesTheWholeChangeBack) {
  ASSERT_TRUE(store_->commit(keeping({"visits", "", 0, "{}", ""})));
  for (const std::int64_t revision : {0, 2}) {
    auto change = a_change("c-1");
    change.plugin_states = {{"visits", "", revision, R"({"x":1})", ""}};
    EXPECT_EQ(reason(store_->commit(change)), "conflict") << revision;
  }
  EXPECT_EQ(reason(store_->load("c-1")), "not_found");
  EXPECT_EQ(store_->last_event().value(), 0);
  EXPECT_THAT(kept(""), ElementsAre("visits 1 {}"));
}

TEST_F(PluginStates, AreListedByPluginPageByPageWithoutThoseThatAreGone) {
  for (const auto* id : {"c-3", "c-1", "c-2", "c-4"}) {
    auto change = a_change(id);
    change.plugin_states = {{"letters", id, 0, std::string(R"({"of":")") + id + "\"}", ""},
                            {"visits", id, 0, "{}", ""}};
    ASSERT_TRUE(store_->commit(change));
  }
  ASSERT_TRUE(store_->commit(keeping({"letters", "", 0, R"({"own":1})", ""})));
  ASSERT_TRUE(store_->commit(keeping({"letters", "c-2", 1, "", ""})));
  const auto page = [&](const std::string& after, int limit) {
    std::vector<std::string> found;
    for (const auto& state : store_->states_of("letters", after, limit).value()) {
      EXPECT_EQ(state.plugin, "letters");
      EXPECT_EQ(state.body, R"({"of":")" + state.case_id + "\"}");
      found.push_back(state.case_id);
    }
    return found;
  };
  EXPECT_THAT(page("", 2), ElementsAre("c-1", "c-3"));
  EXPECT_THAT(page("c-3", 2), ElementsAre("c-4"));
  EXPECT_THAT(page("c-4", 2), IsEmpty());
  EXPECT_THAT(store_->states_of("nobody", "", 500).value(), IsEmpty());
  EXPECT_EQ(reason(store_->states_of("letters", "", 0)), "invalid_params");
  ASSERT_TRUE(store_->commit(keeping({"letters", "c-2", 2, R"({"of":"c-2"})", ""})));
  EXPECT_THAT(page("", 500), ElementsAre("c-1", "c-2", "c-3", "c-4"));
}

}  // namespace
}  // namespace madoguchi::storage
