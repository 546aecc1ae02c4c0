// Who answers in the holder's place, and what the holder's answer is good for.
#include "flow.hpp"

namespace madoguchi::plugins {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A form whose PIN did not match: its envelope is open, and the holder is asked.
Flow opened_envelope() {
  Flow flow;
  flow.open(proxy().with("/pins/authentication", "unverified"));
  flow.pin("authentication", "mismatched");
  EXPECT_TRUE(flow.held);
  flow.call("mailed", "2026-02-12");
  return flow;
}

Facts guardian(std::string_view at) {
  return Facts()
      .at(at)
      .with("/holder/adult_ward", true)
      .with("/visitor/role", "legal_representative")
      .with("/visitor/relationship", "guardian")
      .with_document({{"type", "drivers_licence"}})
      .with_document({{"type", "guardianship_registration"}, {"issued_on", "2026-02-01"}});
}

TEST(InquiryAnswers, S19_who_represents_the_holder_by_law_needs_no_form_after_a_wrong_pin) {
  auto flow = opened_envelope();
  flow.update(guardian("2026-02-13 10:00"));
  EXPECT_FALSE(flow.held);
  EXPECT_EQ(flow.phase(), "second_visit");

  auto mistold = opened_envelope();
  mistold.update(guardian("2026-02-13 10:00"));
  mistold.update(without_form().at("2026-02-13 10:05"));
  EXPECT_TRUE(mistold.held) << "told by mistake: the inquiry goes on";
  EXPECT_EQ(mistold.phase(), "mailed");
}

TEST(InquiryAnswers, S18_a_relative_who_represents_nobody_waits_for_the_form_as_a_proxy_does) {
  auto flow = opened_envelope();
  const auto parent = proxy()
                          .at("2026-02-13 10:00")
                          .with("/visitor/role", "legal_representative")
                          .with("/visitor/relationship", "parent");
  flow.update(parent);
  EXPECT_TRUE(flow.held) << "the holder is an adult";
  EXPECT_THAT(flow.said, HasSubstr("filled in anew"));
  EXPECT_EQ(flow.phase(), "mailed");
}

}  // namespace
}  // namespace madoguchi::plugins
