// What a plugin in a process of its own cannot do: neither while it is loaded nor in a hook.
#include <gmock/gmock.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <iostream>

#include "fixture.hpp"
#include "landlock.hpp"

namespace madoguchi::extension {
namespace {

using testing::HasSubstr;

enum class Outcome : std::uint8_t {
  ended,
  told
};  // its process ends; or it is told that it may not, and goes on

struct Deed {
  const char* name;
  Outcome in_constructor = Outcome::ended;
  Outcome in_hook = Outcome::ended;
};

class Deeds : public testing::TestWithParam<Deed> {
 protected:
  Deeds() { write_file(secret(), as_bytes("the daemon's own")); }
  ~Deeds() override {
    EXPECT_EQ(as_text(read_file(secret())), "the daemon's own");
    EXPECT_FALSE(std::filesystem::exists(elsewhere_ / "new"));
  }

  [[nodiscard]] std::filesystem::path secret() const { return elsewhere_ / "secret"; }

  // "<deed>:<of what>" as bad/plugin.cpp takes it.
  [[nodiscard]] std::string deed() const {
    const std::string name(GetParam().name);
    if (name == "writes") return name + ":" + (elsewhere_ / "new").string();
    const bool of_a_file = name == "reads" || name == "empties" || name == "removes";
    return name + ":" + (of_a_file ? secret().string() : std::to_string(::getpid()));
  }

  TemporaryFolder folder_;
  TemporaryFolder elsewhere_;
  KeptLog log_;
};

TEST_P(Deeds, are_not_done_while_it_is_loaded) {
  const bool by_landlock = GetParam().in_constructor == Outcome::told;
  if (by_landlock && landlock_abi() == 0) GTEST_SKIP() << "this kernel has no Landlock";
  put(folder_, "bad-constructor");
  put_deed(folder_, "bad-constructor", deed());
  const auto policy = policy_with("bad-constructor", {});
  auto built =
      Plugins::build(host(folder_, {configured("bad-constructor", Isolation::process)}), policy, log_);
  const auto decision = built.plugins->decide(policy, visit());
  if (by_landlock) {
    EXPECT_TRUE(decision) << log_.text;
  } else {
    ASSERT_EQ(built.refusals.size(), 1U) << "it could";
    EXPECT_THAT(built.refusals[0], HasSubstr("what a plugin may not"));
    EXPECT_FALSE(decision);
  }
}

TEST_P(Deeds, are_not_done_in_a_hook) {
  put(folder_, "bad-moody");
  const auto policy = policy_with("bad-moody", {{"mood", deed()}});
  auto built = Plugins::build(host(folder_, {configured("bad-moody", Isolation::process)}), policy, log_);
  ASSERT_TRUE(built.refusals.empty()) << built.refusals[0];
  const auto decision = built.plugins->decide(policy, visit());
  if (GetParam().in_hook == Outcome::told) {
    EXPECT_TRUE(decision) << log_.text;
  } else {
    ASSERT_FALSE(decision) << "it could";
    EXPECT_THAT(decision.error().inner, HasSubstr("what a plugin may not"));
  }
}

constexpr auto told = Outcome::told;
std::string name_of(const testing::TestParamInfo<Deed>& row) {
  return row.param.name;
}

INSTANTIATE_TEST_SUITE_P(Least, Deeds,
                         testing::Values(Deed{"connects"}, Deed{"kills"}, Deed{"traces"}, Deed{"removes"},
                                         Deed{"forks"}, Deed{"runs"}),
                         name_of);

#ifndef MADOGUCHI_SANITIZED
// Under sanitizers, whose own calls nobody lists, only the least is forbidden.
INSTANTIATE_TEST_SUITE_P(All, Deeds,
                         testing::Values(Deed{"kills_a_thread"}, Deed{"signals_through_its_socket"},
                                         Deed{"reads_memory", told, told}, Deed{"reads", told, told},
                                         Deed{"writes"}, Deed{"empties"}, Deed{"truncates"}, Deed{"limits"},
                                         Deed{"outlives"}, Deed{"is_looked_into"}),
                         name_of);

TEST(Confinement, is_told_of) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  KeptLog log;
  auto built = Plugins::build(host(folder, {configured("bad-moody", Isolation::process)}),
                              policy_with("bad-moody", {}), log);
  const auto listed = built.plugins->list().at(0).as_object();
  const bool there = landlock_abi() > 0;
  EXPECT_EQ(listed.at("landlock"), there);
  EXPECT_EQ(built.refusals.empty(), there);
}

// As on a kernel that knows nothing of it; cannot be taken back.
void take_landlock_away() {
  std::array program{sock_filter(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))),
                     sock_filter(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_create_ruleset, 0, 1)),
                     sock_filter(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS)),
                     sock_filter(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW))};
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

// The reason of the refusal; "ready" and what the log says without one.
std::string outcome_without_landlock(bool allowed) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  KeptLog log;
  auto wanted = configured("bad-moody", Isolation::process);
  wanted.allow_without_landlock = allowed;
  take_landlock_away();
  const auto policy = policy_with("bad-moody", {});
  auto built = Plugins::build(host(folder, {wanted}), policy, log);
  if (!built.refusals.empty()) return built.refusals[0];
  return built.plugins->decide(policy, visit()) ? "ready: " + log.text : "it denies";
}

TEST(Confinement, without_landlock_has_to_be_allowed_explicitly) {
  const auto tell = [](bool allowed) {
    std::cerr << outcome_without_landlock(allowed);
    std::exit(0);
  };
  EXPECT_EXIT(tell(false), testing::ExitedWithCode(0),
              "bad-moody: this kernel has no Landlock.*accepts that");
  EXPECT_EXIT(tell(true), testing::ExitedWithCode(0), "ready: plugin.without_landlock plugin=bad-moody");
}
#endif

}  // namespace
}  // namespace madoguchi::extension
