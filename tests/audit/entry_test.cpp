#include "audit/entry.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace madoguchi::audit {
namespace {

TEST(Entry, every_kind_and_field_has_a_name_of_its_own) {
  for (int i = 0; i <= static_cast<int>(Kind::audit); ++i) {
    const auto kind = static_cast<Kind>(i);
    EXPECT_EQ(kind_named(name(kind)), kind) << name(kind);
  }
  EXPECT_EQ(kind_named("note"), std::nullopt);
  for (std::size_t i = 0; i < field_count; ++i) {
    const auto field = static_cast<Field>(i);
    EXPECT_EQ(field_named(name(field)), field) << name(field);
  }
  EXPECT_EQ(field_named("name"), std::nullopt);
}

TEST(Entry, a_value_that_the_field_cannot_have_is_not_kept) {
  Entry entry(at(0), Kind::overruled, "case.updated");
  entry.put(Field::outcome, "宇都宮 太郎が来た").put(Field::reason, "a reason in words");
  entry.put(Field::staff, "a\nb").put(Field::reader, std::string("\xff"));
  for (const auto field : {Field::outcome, Field::reason, Field::staff, Field::reader}) {
    EXPECT_EQ(entry.get(field), "?") << name(field);
  }
  entry.put(Field::pin, "").put(Field::count, "many").put(Field::through, "007");
  for (const auto field : {Field::pin, Field::count, Field::through}) {
    EXPECT_EQ(entry.get(field), "") << name(field);
  }
  EXPECT_EQ(Entry(at(0), Kind::pin, "a b").what(), "?");
}

TEST(Entry, is_of_a_person_where_a_caller_had_something_done_with_a_card_or_a_case) {
  for (const auto kind :
       {Kind::decision, Kind::overruled, Kind::pin, Kind::key, Kind::certificate, Kind::visit}) {
    EXPECT_TRUE(by_a_person(kind, "0")) << name(kind);
    EXPECT_FALSE(by_a_person(kind, "")) << name(kind) << " of the daemon's own accord";
  }
  for (const auto kind : {Kind::policy, Kind::plugin, Kind::access, Kind::daemon, Kind::audit})
    EXPECT_FALSE(by_a_person(kind, "0")) << name(kind);
}

TEST(Entry, tells_who_by_what_is_known) {
  Entry entry(at(0), Kind::pin, "pin.matched");
  entry.by({.uid = 0, .role = "clerk,admin", .staff = "窓口 7番"});
  EXPECT_EQ(entry.get(Field::uid), "0");
  EXPECT_EQ(entry.get(Field::role), "clerk,admin");
  EXPECT_EQ(entry.get(Field::staff), "窓口 7番");
  Entry alone(at(0), Kind::key, "key.made");
  EXPECT_TRUE(alone.by({}).fields().empty());
}

}  // namespace
}  // namespace madoguchi::audit
