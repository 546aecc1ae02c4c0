// A proxy's two visits: the lists for the back office.
#include "flow.hpp"

namespace madoguchi::plugins {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* name = "proxy-two-visit";

class Lists : public testing::Test {
 protected:
  // Cases in three phases, by name.
  json::object keeping() {
    json::array items;
    const auto add = [&](const char* id, const Flow& flow) {
      items.push_back(json::object{{"case", id}, {"state", flow.state}});
    };
    for (const auto* id : {"b-to-mail", "a-to-mail"}) {
      Flow flow;
      flow.open(without_form().with("/office", id[0] == 'a' ? "citizens-division" : "district-centers"));
      add(id, flow);
    }
    for (const auto* day : {"2026-02-20", "2026-02-13"}) {
      Flow flow;
      flow.open(without_form());
      flow.call("mailed", day);
      add(day, flow);
    }
    return {{"items", std::move(items)}, {"next", "page-2"}};
  }
  std::vector<std::string> listed(std::string_view verb, std::string_view day,
                                  const json::object& params = {}) {
    const auto pages = keeping();
    const auto at = base::parse_time(std::string(day) + "T12:00:00+09:00").value();
    const json::value none;
    const auto step = city.built.plugins->call(name, {verb, params, none, at, nullptr, &pages});
    if (!step) return {base::describe(step.error())};
    EXPECT_EQ(step->reply.at("next"), "page-2");
    std::vector<std::string> ids;
    for (const auto& item : step->reply.at("items").as_array()) ids.emplace_back(item.at("case").as_string());
    return ids;
  }
  City city{with_term(30)};
};

TEST_F(Lists, of_every_office_have_a_case_whose_office_is_gone) {
  Flow flow;
  flow.open(without_form());
  auto state = flow.state.as_object();
  state["office"] = "renamed-since";
  const json::object pages{{"items", json::array{json::object{{"case", "c"}, {"state", state}}}},
                           {"next", "page-2"}};
  const auto at = base::parse_time("2026-02-12T12:00:00+09:00").value();
  const json::object params{{"office", "banba-branch"}};
  const json::value none;
  const auto step = city.built.plugins->call(name, {"to_mail", params, none, at, nullptr, &pages});
  ASSERT_TRUE(step) << base::describe(step.error());
  EXPECT_EQ(step->reply.at("items").as_array().size(), 1u);
}

TEST_F(Lists, are_refused_for_an_office_that_the_policy_has_not) {
  const auto pages = keeping();
  const auto at = base::parse_time("2026-02-20T12:00:00+09:00").value();
  const json::object params{{"office", "citizen-division"}};
  const json::value none;
  const auto step = city.built.plugins->call(name, {"to_mail", params, none, at, nullptr, &pages});
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::conflict);
  EXPECT_EQ(step.error().details.at("en"), "There is no such office in the city's policy");
}

TEST_F(Lists, are_by_phase_and_date_with_what_is_due_first) {
  EXPECT_THAT(listed("to_mail", "2026-02-20"), ElementsAre("b-to-mail", "a-to-mail"));
  EXPECT_THAT(listed("to_mail", "2026-02-20", {{"office", "citizens-division"}}), ElementsAre("a-to-mail"));
  EXPECT_THAT(listed("lapsing", "2026-03-12", {{"within_days", 7}}), ElementsAre("2026-02-13"));
  EXPECT_THAT(listed("lapsing", "2026-03-12", {{"within_days", 30}}),
              ElementsAre("2026-02-13", "2026-02-20"));
  EXPECT_THAT(listed("lapsing", "2026-03-15", {{"within_days", 0}}), ElementsAre("2026-02-13"))
      << "the last day is still one";
  EXPECT_THAT(listed("overdue", "2026-03-15"), IsEmpty());
  EXPECT_THAT(listed("overdue", "2026-03-16"), ElementsAre("2026-02-13"));
  EXPECT_THAT(listed("list", "2026-03-16"), testing::SizeIs(4));
  EXPECT_THAT(listed("list", "2026-03-16", {{"phase", "mailed"}}), ElementsAre("2026-02-13", "2026-02-20"));
}

// The daemon always names one; whoever else loads the plugin may not.
TEST_F(Lists, a_method_about_a_case_is_not_asked_without_one) {
  const json::value none;
  const auto at = base::parse_time("2026-02-12T12:00:00+09:00").value();
  for (const auto* method : {"status", "letter"}) {
    const auto step = city.built.plugins->call(name, {method, {}, none, at, nullptr, nullptr});
    ASSERT_FALSE(step) << method;
    EXPECT_THAT(step.error().inner, testing::HasSubstr("about no case: " + std::string(method)));
  }
}

}  // namespace
}  // namespace madoguchi::plugins
