// The parts of a case that are stored beside its body.
#include "support.hpp"

namespace madoguchi::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class Parts : public ::testing::Test {
 protected:
  Folder folder_;
  std::unique_ptr<CaseStore> store_ = must_open(folder_.store());

  std::int64_t commit(CaseRecord record) {
    const auto done = store_->commit({std::move(record), {}, {}});
    EXPECT_TRUE(done) << inner(done);
    return done ? done->revision : 0;
  }
  std::uintmax_t log_size() const { return std::filesystem::file_size(folder_.store().string() + "-wal"); }
  void open_again() {
    store_.reset();
    store_ = must_open(folder_.store());
  }
};

TEST_F(Parts, BecomeThoseOfTheLastCommit) {
  auto record = a_case("c-1");
  record.parts = {{"b", "old"}, {"d", "stays"}, {"é", "goes"}};
  record.revision = commit(record);
  EXPECT_EQ(store_->load("c-1")->parts, record.parts);
  record.parts = {{"a", "before all"}, {"b", "new"}, {"c", "between"}, {"d", "stays"}, {"z", "behind"}};
  record.revision = commit(record);
  open_again();
  EXPECT_EQ(store_->load("c-1")->parts, record.parts);
  record.parts.clear();
  commit(record);
  EXPECT_THAT(store_->load("c-1")->parts, IsEmpty());
}

TEST_F(Parts, BelongToTheirCase) {
  for (const char* id : {"c-1", "c-2"}) {
    auto record = a_case(id);
    record.parts = {{"p", std::string("of ") + id}};
    commit(record);
  }
  EXPECT_THAT(store_->load("c-1")->parts, ElementsAre(Pair("p", "of c-1")));
  const auto page = store_->list({}).value();
  ASSERT_EQ(page.records.size(), 2U);
  for (const auto& record : page.records)
    EXPECT_THAT(record.parts, ElementsAre(Pair("p", "of " + record.id)));
}

TEST_F(Parts, OfARefusedChangeLeaveNothing) {
  auto record = a_case("c-1");
  record.parts = {{"p", "kept"}};
  commit(record);
  record.parts = {{"p", "lost"}, {"q", "lost"}};
  EXPECT_EQ(reason(store_->commit({record, {}, {}})), "conflict");
  record.revision = 7;
  EXPECT_EQ(reason(store_->commit({record, {}, {}})), "conflict");
  EXPECT_THAT(store_->load("c-1")->parts, ElementsAre(Pair("p", "kept")));
}

// What a step does not change is not made durable over again, however large it is.
TEST_F(Parts, AreNotWrittenAgainAsTheyAre) {
  auto record = a_case("c-1");
  record.parts = {{"large", std::string(200'000, 'x')}, {"small", "1"}};
  record.revision = commit(record);
  const auto before = log_size();
  record.parts["small"] = "2";
  record.body = R"({"a":2})";
  record.revision = commit(record);
  EXPECT_LT(log_size() - before, 50'000U);
  EXPECT_EQ(store_->load("c-1")->parts, record.parts);
  record.parts["large"] = std::string(200'000, 'y');
  commit(record);
  EXPECT_GT(log_size() - before, 200'000U);
  EXPECT_EQ(store_->load("c-1")->parts, record.parts);
}

}  // namespace
}  // namespace madoguchi::storage
