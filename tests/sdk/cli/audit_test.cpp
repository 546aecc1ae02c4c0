// What `audit verify` says of a file, and with which status a script reads it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../../temporary_folder.hpp"
#include "audit/chain.hpp"
#include "audit/statement.hpp"
#include "exit_codes.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

using audit::Purpose;
using ::testing::HasSubstr;
using ::testing::Not;

class AuditFile : public ::testing::Test {
 protected:
  void add(int count) {
    for (int i = 0; i < count; ++i)
      text_ += chain_.append({now_, audit::Kind::pin, "pin.matched"}).text + "\n";
  }
  void leave_out(int count) {
    for (int i = 0; i < count; ++i) chain_.append({now_, audit::Kind::pin, "pin.matched"});
  }
  void state(Purpose purpose) { text_ += audit::signed_statement(purpose, chain_.head(), now_, key_) + "\n"; }
  Ran verify(const std::vector<std::string>& options = {}) {
    const auto file = folder_.write("x.jsonl", text_);
    const auto key = folder_.write("pub", key_.public_key().to_pem());
    std::vector<std::string> command{"--lang", "en"};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {"audit", "verify", file, "--key", key});
    return run(command);
  }

  tests::TemporaryFolder folder_;
  audit::SigningKey key_ = audit::SigningKey::generate();
  audit::Chain chain_;
  base::Instant now_{std::chrono::milliseconds(1'790'000'000'000)};
  std::string text_;
};

TEST_F(AuditFile, ThatIsWholeIsSaidToBe) {
  add(3);
  state(Purpose::checkpoint);
  const auto ran = verify();
  EXPECT_EQ(ran.status, done);
  EXPECT_THAT(ran.out, HasSubstr("3 entries, numbers 1 to 3: nothing was changed"));
}

TEST_F(AuditFile, ThatABaseFillsAGapInIsNotWhole) {
  add(4);
  state(Purpose::checkpoint);
  leave_out(18);
  state(Purpose::base);
  add(2);
  state(Purpose::checkpoint);
  const auto ran = verify();
  EXPECT_EQ(ran.status, refused);
  EXPECT_THAT(ran.out, HasSubstr("numbers 5 to 22: deleted by retention before they were exported"));
  EXPECT_THAT(ran.out, Not(HasSubstr("nothing was")));
  EXPECT_THAT(verify({"--json"}).out, HasSubstr(R"({"seq":5,"flaw":"pruned","through":22})"));
}

TEST_F(AuditFile, ThatBeginsWithABaseSaysWhereItBegins) {
  leave_out(22);
  state(Purpose::base);
  add(2);
  state(Purpose::checkpoint);
  const auto ran = verify();
  EXPECT_EQ(ran.status, done);
  EXPECT_THAT(ran.out, HasSubstr("The entries before number 23 are not in this file."));
}

TEST_F(AuditFile, WithNothingButACheckpointHasNoEntryInIt) {
  leave_out(38);
  state(Purpose::checkpoint);
  const auto ran = verify();
  EXPECT_EQ(ran.status, done);
  EXPECT_EQ(ran.out, "There is no entry in it: it says only that the log ended with number 38.\n");
}

TEST_F(AuditFile, OfALogThatNobodyVouchesForSaysFromWhereToWhere) {
  add(5);
  audit::Entry found(now_, audit::Kind::audit, "audit.damaged");
  found.put(audit::Field::reason, "another_key").put(audit::Field::through, 5);
  found.put(audit::Field::head, audit::unsigned_statement(Purpose::head, chain_.head(), now_));
  text_ += chain_.append(found).text + "\n";
  add(3);
  state(Purpose::checkpoint);
  const auto ran = verify();
  EXPECT_EQ(ran.status, refused);
  EXPECT_THAT(ran.out, HasSubstr("numbers 1 to 5: no signature vouches for these entries"));
}

}  // namespace
}  // namespace madoguchi::cli
