#include "base/code_book.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/result.hpp"

namespace madoguchi::base {
namespace {

TEST(CodeBook, every_entry_is_whole_and_its_reason_unique) {
  std::set<std::string_view> reasons;
  for (const auto& e : code_book()) {
    EXPECT_TRUE(reasons.insert(e.reason).second) << e.reason;
    EXPECT_FALSE(e.ja.empty()) << e.reason;
    EXPECT_FALSE(e.en.empty()) << e.reason;
    EXPECT_EQ(e.en.find('\n'), std::string_view::npos) << e.reason;
    EXPECT_TRUE(e.number <= -32000 && e.number >= -32768) << e.reason;
    EXPECT_EQ(code_of(e.reason), e.code);
    EXPECT_EQ(&entry(e.code), &e);
  }
  EXPECT_FALSE(code_of("no.such.reason"));
}

// The numbers that front-end apps test are the contract's.
TEST(CodeBook, S8_numbers_are_the_contracts) {
  EXPECT_EQ(entry(Code::parse_error).number, -32700);
  EXPECT_EQ(entry(Code::not_found).number, -32001);
  EXPECT_EQ(entry(Code::conflict).number, -32002);
  EXPECT_EQ(entry(Code::forbidden).number, -32003);
  EXPECT_EQ(entry(Code::reader_busy).number, -32004);
  EXPECT_EQ(entry(Code::card_different).number, -32005);
  EXPECT_EQ(entry(Code::pin_last_try).number, -32006);
  EXPECT_EQ(entry(Code::pin_timeout).number, -32006);
  EXPECT_EQ(entry(Code::pin_cancelled).number, -32006);
  EXPECT_EQ(entry(Code::policy_blocked).number, -32007);
  EXPECT_EQ(entry(Code::authority_mismatch).number, -32008);
  EXPECT_EQ(entry(Code::authority_clock).number, -32008);
  EXPECT_EQ(entry(Code::plugin_failed).number, -32009);
  EXPECT_EQ(entry(Code::storage_full).number, -32010);
}

TEST(Result, reading_a_value_that_is_not_there_is_a_programming_error) {
  const Result<int> fault = make_fault(Code::not_found, "inner words");
  EXPECT_THROW(static_cast<void>(fault.value()), std::logic_error);
  EXPECT_EQ(describe(fault.error()), "not_found: inner words");
}

}  // namespace
}  // namespace madoguchi::base
