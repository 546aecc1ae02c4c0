// audit.query and audit.verify, as a supervisor and an administrator meet them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "audit/verifier.hpp"
#include "support.hpp"

namespace madoguchi::api::test {
namespace {

namespace json = boost::json;

std::vector<std::string> whats(const json::object& page) {
  std::vector<std::string> all;
  for (const auto& entry : page.at("entries").as_array()) all.emplace_back(entry.at("what").as_string());
  return all;
}

TEST(AuditQuery, who_called_is_known_without_being_told) {
  Counter counter;
  counter.caller.uid = 4711;
  counter.caller.roles = rpc::Role::clerk | rpc::Role::supervisor;
  const auto id = counter.ready();
  const auto page = counter.result("audit.query", {{"case", id}});
  const auto& opened = page.at("entries").as_array().at(0).as_object();
  EXPECT_EQ(opened.at("what"), "case.opened");
  EXPECT_EQ(opened.at("kind"), "decision");
  EXPECT_EQ(opened.at("uid"), 4711);
  EXPECT_EQ(opened.at("role"), "clerk,supervisor");
  EXPECT_EQ(opened.at("staff"), "clerk-7");
  EXPECT_EQ(opened.at("reader").as_string(), counter::test::reader_name);
  EXPECT_EQ(opened.at("policy"), "00");
}

TEST(AuditQuery, is_paged_and_filtered) {
  Counter counter;
  const auto id = counter.ready();
  const auto all = whats(counter.result("audit.query"));
  ASSERT_GE(all.size(), 3U);
  std::vector<std::string> paged;
  json::object page;
  std::int64_t since = 0;
  do {
    page = counter.result("audit.query", {{"since", since}, {"limit", 1}});
    for (auto& what : whats(page)) paged.push_back(std::move(what));
    if (page.contains("next")) since = page.at("next").as_int64();
  } while (page.contains("next"));
  EXPECT_EQ(paged, all);
  EXPECT_THAT(whats(counter.result("audit.query", {{"kind", "pin"}})),
              testing::Each(std::string("pin.matched")));
  EXPECT_EQ(whats(counter.result("audit.query", {{"what", "case.opened"}})).size(), 1U);
  EXPECT_TRUE(whats(counter.result("audit.query", {{"staff", "nobody"}})).empty());
  EXPECT_TRUE(whats(counter.result("audit.query", {{"uid", 1}})).empty());
  EXPECT_TRUE(whats(counter.result("audit.query", {{"case", "another"}})).empty());
  EXPECT_TRUE(whats(counter.result("audit.query", {{"to", "2026-01-01"}})).empty());
  EXPECT_EQ(whats(counter.result("audit.query", {{"from", "2026-01-01T00:00:00+09:00"}})), all);
  const auto wrong = counter.error("audit.query", {{"from", "yesterday"}});
  EXPECT_EQ(wrong.at("reason"), "invalid_params");
  EXPECT_EQ(wrong.at("details").at("pointer"), "/from");
}

// What `madoguchi audit export` writes is these documents, each a line.
TEST(AuditQuery, its_entries_and_checkpoint_are_an_export_that_verifies) {
  Counter counter;
  counter.ready();
  const auto page = counter.result("audit.query");
  const auto key = audit::PublicKey::from_pem(page.at("public_key").as_string()).value();
  audit::Verifier verifier({key});
  for (const auto& entry : page.at("entries").as_array()) verifier.line(json::serialize(entry));
  verifier.line(json::serialize(page.at("checkpoint")));
  verifier.end();
  EXPECT_EQ(verifier.flaws(), 0);
  EXPECT_EQ(verifier.entries(), static_cast<std::int64_t>(page.at("entries").as_array().size()));
}

// Somebody has put a row there: who goes on from the last number that was answered goes on with the log.
TEST(AuditQuery, ends_where_the_log_ends_whatever_stands_behind_it) {
  Counter counter;
  const auto id = counter.ready();
  const auto whole = counter.result("audit.query");
  const auto entries = whole.at("entries").as_array().size();
  counter.world.store.audit_rows.push_back({1'000'000'000, id, "x"});
  for (const std::size_t limit : {entries - 1, entries, entries + 1, std::size_t{500}}) {
    auto page = counter.result("audit.query", {{"limit", limit}});
    EXPECT_EQ(page.at("entries").as_array().size(), std::min(limit, entries)) << limit;
    if (page.contains("next")) page = counter.result("audit.query", {{"since", page.at("next")}});
    EXPECT_FALSE(page.contains("next")) << limit;
    EXPECT_EQ(page.at("checkpoint").at("seq"), entries) << limit;
  }
  const auto last = counter.result("audit.query", {{"case", id}}).at("entries").as_array().back();
  EXPECT_LE(last.at("seq").as_int64(), static_cast<std::int64_t>(entries));
  EXPECT_EQ(counter.result("audit.query", {{"kind", "case"}}).contains("next"), false);
  EXPECT_EQ(counter.result("audit.verify").at("ok"), false) << "and it is not passed over there";
}

TEST(AuditVerify, says_that_it_is_whole_or_where_it_is_not) {
  Counter counter;
  EXPECT_EQ(counter.result("audit.verify").at("ok"), true);
  counter.ready();
  EXPECT_EQ(counter.result("audit.verify").at("ok"), true);
  auto& row = counter.world.store.audit_rows.at(1);
  row.line.replace(row.line.find("clerk-7"), 7, "clerk-8");
  const auto found = counter.result("audit.verify");
  EXPECT_EQ(found.at("ok"), false);
  EXPECT_EQ(found.at("flaws"), 1);
  const auto& problem = found.at("problems").as_array().at(0).as_object();
  EXPECT_EQ(problem.at("seq"), 2);
  EXPECT_EQ(problem.at("flaw"), "altered");
  EXPECT_FALSE(problem.at("ja").as_string().empty());
  EXPECT_THAT(counter.world.log.text, testing::HasSubstr("audit.damaged"));
  // The others are still to be had, and it is among them as what it is.
  EXPECT_EQ(counter.result("audit.query").at("entries").as_array().at(1).at("damaged"), true);
}

TEST(AuditVerify, goes_through_more_than_one_piece) {
  Counter counter;
  storage::Change change;
  for (int i = 0; i < 1200; ++i) {
    change.audit.emplace_back(counter.world.clock.now(), audit::Kind::plugin, "plugin.loaded");
  }
  ASSERT_TRUE(counter.world.store.commit(change));
  EXPECT_EQ(counter.result("audit.verify").at("entries"), 1200);
  counter.world.store.audit_rows.erase(counter.world.store.audit_rows.begin() + 700);
  EXPECT_EQ(counter.result("audit.verify").at("problems").as_array().at(0).at("flaw"), "missing");
}

// It takes long, and everybody waits with it: however many ask meanwhile, it is done once.
TEST(AuditVerify, is_done_once_for_all_who_ask_meanwhile) {
  Counter counter;
  storage::Change change;
  for (int i = 0; i < 1200; ++i) {
    change.audit.emplace_back(counter.world.clock.now(), audit::Kind::plugin, "plugin.loaded");
  }
  ASSERT_TRUE(counter.world.store.commit(change));
  counter.world.store.audit_rows.erase(counter.world.store.audit_rows.begin() + 700);
  const auto* method = counter.table.find("audit.verify");
  std::vector<json::value> answers;
  const auto ask = [&] {
    method->handler(counter.caller, {}, rpc::Responder([&](base::Result<json::value> result) {
                      ASSERT_TRUE(result) << base::describe(result.error());
                      answers.push_back(std::move(*result));
                    }));
  };
  for (int i = 0; i < 50; ++i) ask();
  EXPECT_TRUE(answers.empty()) << "others have their turn in between";
  while (answers.size() < 50) ASSERT_GT(counter.world.loop.run_one_for(std::chrono::seconds(10)), 0U);
  for (const auto& answer : answers) EXPECT_EQ(answer, answers.front());
  const auto told = [&] {
    std::size_t times = 0;
    for (auto at = counter.world.log.text.find("audit.damaged"); at != std::string::npos;
         at = counter.world.log.text.find("audit.damaged", at + 1))
      ++times;
    return times;
  };
  EXPECT_EQ(told(), 1U);
  ask();
  while (answers.size() < 51) ASSERT_GT(counter.world.loop.run_one_for(std::chrono::seconds(10)), 0U);
  EXPECT_EQ(told(), 2U) << "whoever asks later has it done anew";
}

TEST(Reload, is_by_whoever_called) {
  Counter counter;
  counter.caller.uid = 7;
  counter.caller.roles = rpc::only(rpc::Role::admin);
  counter.call("policy.reload");
  EXPECT_EQ(counter.reloaded_by.uid, 7U);
  EXPECT_EQ(counter.reloaded_by.role, "admin");
}

}  // namespace
}  // namespace madoguchi::api::test
