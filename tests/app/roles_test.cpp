#include "roles.hpp"

#include <gmock/gmock.h>
#include <pwd.h>
#include <unistd.h>

#include <array>

#include "support.hpp"

namespace madoguchi::app {
namespace {

using rpc::Role;
using testing::ElementsAre;
using testing::IsEmpty;

class Access : public testing::Test {
 protected:
  auto roles() { return make_roles(access_, log_); }

  settings::AccessConfig access_;
  RememberingLog log_;
};

constexpr std::array<gid_t, 0> no_groups{};

TEST_F(Access, IsByNumber) {
  access_.clerk.users = {"1001"};
  access_.admin.users = {"1001", "0"};
  const auto of = roles();
  EXPECT_EQ(of(1001, no_groups).bits, (Role::clerk | Role::admin).bits);
  EXPECT_EQ(of(0, no_groups).bits, rpc::only(Role::admin).bits);
  EXPECT_TRUE(of(1002, no_groups).none());
  EXPECT_THAT(log_.lines, IsEmpty());
}

TEST_F(Access, IsByName) {
  const auto* me = getpwuid(getuid());
  if (me == nullptr) GTEST_SKIP() << "this user has no name";
  access_.supervisor.users = {me->pw_name};
  EXPECT_TRUE(roles()(getuid(), no_groups).has(Role::supervisor));
}

TEST_F(Access, S2_counts_every_group_of_the_caller) {
  access_.clerk.groups = {"2001"};
  access_.display.groups = {"2002"};
  const auto of = roles();
  EXPECT_EQ(of(5, std::array<gid_t, 3>{7, 2002, 2001}).bits, (Role::clerk | Role::display).bits);
  EXPECT_TRUE(of(2001, std::array<gid_t, 1>{7}).none()) << "a user's number is no group's";
}

TEST_F(Access, OfAnUnknownNameIsNobodysAndSaidSo) {
  access_.clerk.users = {"no-such-user-here"};
  access_.admin.groups = {"no-such-group-here"};
  // What only begins like a number is a name.
  access_.display.users = {"12x", "-1", "99999999999"};
  const auto of = roles();
  EXPECT_TRUE(of(12, no_groups).none());
  EXPECT_TRUE(of(0, no_groups).none());
  EXPECT_THAT(log_.lines, ElementsAre("access.unknown_user no-such-user-here",
                                      "access.unknown_group no-such-group-here", "access.unknown_user 12x",
                                      "access.unknown_user -1", "access.unknown_user 99999999999"));
}

}  // namespace
}  // namespace madoguchi::app
