// All connections together: who may connect, how many, and the end.
#include "server/server.hpp"

#include <grp.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "support.hpp"

namespace madoguchi::server {
namespace {

using test::Client;
using test::reason;
using test::request;

class ServerTest : public testing::Test {
 protected:
  test::World world;
};

TEST_F(ServerTest, S3TellsWhoIsCallingBySocketNotByWord) {
  uid_t seen_uid = 12345;
  std::vector<gid_t> seen_gids;
  world.settings.roles = [&](uid_t uid, std::span<const gid_t> gids) {
    seen_uid = uid;
    seen_gids.assign(gids.begin(), gids.end());
    return rpc::all_roles;
  };
  world.start();
  Client client(world);
  EXPECT_EQ(client.ask(request("meet", 1)).at("result"), getuid());
  EXPECT_EQ(seen_uid, getuid());
  std::vector<gid_t> groups(static_cast<std::size_t>(getgroups(0, nullptr)));
  ASSERT_GE(getgroups(static_cast<int>(groups.size()), groups.data()), 0);
  groups.insert(groups.begin(), getgid());
  EXPECT_THAT(seen_gids, testing::UnorderedElementsAreArray(groups));
}

TEST_F(ServerTest, WhoHasNoRoleIsRefusedWithAReason) {
  world.settings.roles = [](uid_t, std::span<const gid_t>) { return rpc::Roles{}; };
  world.start();
  Client client(world);
  EXPECT_TRUE(client.send(request("count", 1) + "\n"));
  const auto reply = client.reply();
  EXPECT_EQ(reply.at("error").at("code"), -32003);
  EXPECT_EQ(reason(reply), "forbidden");
  EXPECT_TRUE(reply.at("id").is_null());
  EXPECT_TRUE(client.closed());
  client.leave();
  EXPECT_TRUE(world.until([&] { return world.server->connections() == 0; }));
  EXPECT_EQ(world.calls, 0);
  EXPECT_TRUE(world.log.has("connection.refused"));
}

// S2, S3: another user, one of whose supplementary groups has a role, and one who has none.
TEST_F(ServerTest, S2SupplementaryGroupsCount) {
  if (getuid() != 0) GTEST_SKIP() << "only root can be somebody else";
  static constexpr gid_t clerks = 54'321;
  world.settings.roles = [](uid_t uid, std::span<const gid_t> gids) {
    const bool clerk = uid == 65'534 && std::find(gids.begin(), gids.end(), clerks) != gids.end();
    return clerk ? rpc::only(rpc::Role::clerk) : rpc::Roles{};
  };
  world.settings.mode = 0666;
  std::filesystem::permissions(world.folder.path(), std::filesystem::perms(0711));
  world.start();

  // Exits with 1 when answered, 2 when refused.
  const auto call_as_nobody = [&](std::vector<gid_t> groups) {
    const auto child = fork();
    if (child == 0) {
      if (setgroups(groups.size(), groups.data()) != 0 || setgid(65'534) != 0 || setuid(65'534) != 0)
        _exit(9);
      const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      std::strncpy(address.sun_path, world.settings.path.c_str(), sizeof address.sun_path - 1);
      if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) _exit(8);
      const auto message = request("meet", 1) + "\n";
      if (send(fd, message.data(), message.size(), MSG_NOSIGNAL) < 0) _exit(7);
      char buffer[4096];
      const auto size = recv(fd, buffer, sizeof buffer, 0);
      if (size <= 0) _exit(6);
      const std::string_view reply(buffer, static_cast<std::size_t>(size));
      _exit(reply.find(R"("result":65534)") != std::string_view::npos ? 1
            : reply.find("forbidden") != std::string_view::npos       ? 2
                                                                      : 5);
    }
    int status = 0;
    EXPECT_TRUE(world.until([&] { return waitpid(child, &status, WNOHANG) == child; }));
    return WEXITSTATUS(status);
  };
  EXPECT_EQ(call_as_nobody({1, 2, clerks}), 1);
  std::vector<gid_t> many;
  for (gid_t gid = 1000; gid < 1300; ++gid) many.push_back(gid);
  EXPECT_EQ(call_as_nobody(many), 2);
  many.push_back(clerks);
  EXPECT_EQ(call_as_nobody(many), 1);
}

TEST_F(ServerTest, RolesDecideByMethod) {
  world.table.add({.name = "admin.only",
                   .roles = rpc::only(rpc::Role::admin),
                   .handler = [](const rpc::Caller&, const boost::json::object&, rpc::Responder respond) {
                     respond(boost::json::value(1));
                   }});
  world.settings.roles = [](uid_t, std::span<const gid_t>) { return rpc::only(rpc::Role::clerk); };
  world.start();
  Client client(world);
  EXPECT_EQ(reason(client.ask(request("admin.only", 1))), "forbidden");
  EXPECT_EQ(client.ask(request("count", 2)).at("result"), 1);
}

// Whoever keeps an audit log hears of both kinds, and of nobody who was served.
TEST_F(ServerTest, RefusedCallersAreTold) {
  std::vector<std::string> told;
  bool known = false;
  world.table.add({.name = "admin.only", .roles = rpc::only(rpc::Role::admin)});
  world.settings.roles = [&](uid_t, std::span<const gid_t>) {
    return known ? rpc::only(rpc::Role::clerk) : rpc::Roles{};
  };
  world.settings.refused = [&](uid_t uid, rpc::Roles roles, std::string_view method) {
    EXPECT_EQ(uid, getuid());
    told.push_back(rpc::names(roles) + ":" + std::string(method));
  };
  world.start();
  Client outsider(world);
  EXPECT_EQ(reason(outsider.reply()), "forbidden");
  known = true;
  Client clerk(world);
  EXPECT_EQ(reason(clerk.ask(request("admin.only", 1))), "forbidden");
  EXPECT_EQ(clerk.ask(request("count", 2)).at("result"), 1);
  EXPECT_EQ(reason(clerk.ask(request("there.is.none", 3))), "method_not_found");
  EXPECT_THAT(told, testing::ElementsAre(":", "clerk:admin.only"));
}

TEST_F(ServerTest, TooManyConnectionsAreRefusedWithAReason) {
  world.settings.max_connections = 2;
  world.start();
  Client first(world);
  Client second(world);
  first.ask(request("count", 1));
  second.ask(request("count", 1));
  {
    Client third(world);
    EXPECT_EQ(reason(third.reply()), "overloaded");
    EXPECT_TRUE(third.closed());
  }
  first.leave();
  ASSERT_TRUE(world.until([&] { return world.server->connections() == 1; }));
  Client fourth(world);
  EXPECT_EQ(fourth.ask(request("count", 1)).at("result"), 3);
}

TEST_F(ServerTest, AThousandIdleConnectionsAreInNobodysWay) {
  rlimit files{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  if (files.rlim_max < 2'200) GTEST_SKIP() << "this system allows too few files";
  files.rlim_cur = std::max<rlim_t>(files.rlim_cur, 2'200);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
  world.settings.max_connections = world.settings.max_connections_per_user = 1'001;
  world.start();
  std::vector<Client> idle;
  for (std::size_t i = 1; i <= 1'000; ++i) {
    idle.emplace_back(world);
    ASSERT_TRUE(world.until([&] { return world.server->connections() == i; }));
  }
  Client client(world);
  for (int id = 1; id <= 1'000; ++id) ASSERT_EQ(client.ask(request("count", id)).at("result"), id);
  for (std::size_t i = 0; i < idle.size(); i += 100) {
    EXPECT_TRUE(idle[i].ask(request("count", 1)).as_object().contains("result"));
  }
  idle.clear();
  EXPECT_TRUE(world.until([&] { return world.server->connections() == 1; }));
}

// S6: what was answered arrives, whatever ends.
TEST_F(ServerTest, S6StopHandsOverEveryReply) {
  world.start();
  Client worker(world);
  Client reader(world);
  Client idle(world);
  idle.ask(request("count", 1));
  worker.send(request("later", 1) + "\n");
  reader.send(request("big", 1, R"({"size":2000000})") + "\n");
  ASSERT_TRUE(world.until([&] { return world.held.size() == 1 && world.server->connections() == 3; }));
  bool done = false;
  world.server->stop([&] { done = true; });

  // No new connections, no new work; what only reads is still served, and the running call is waited for.
  EXPECT_FALSE(Client(world).connected());
  EXPECT_FALSE(std::filesystem::exists(world.settings.path));
  EXPECT_EQ(reason(worker.ask(request("count", 2))), "shutting_down");
  EXPECT_EQ(worker.ask(request("echo", 3, R"({"text":"still here"})")).at("result"), "still here");
  EXPECT_FALSE(done);
  EXPECT_EQ(world.server->running(), 1U);

  world.held[0](boost::json::value("finished"));
  EXPECT_EQ(worker.reply().at("result"), "finished");
  EXPECT_TRUE(worker.closed());
  EXPECT_EQ(reader.reply().at("result").as_string().size(), 2'000'000U);
  EXPECT_TRUE(reader.closed());
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(world.until([&] { return done; }));
  EXPECT_EQ(world.server->connections(), 0U);
}

TEST_F(ServerTest, S6StopFromWithinARequestAnswersItFirst) {
  bool done = false;
  world.table.add({.name = "stop",
                   .handler = [&](const rpc::Caller&, const boost::json::object&, rpc::Responder respond) {
                     world.server->stop([&] { done = true; });
                     respond(boost::json::value("stopping"));
                   }});
  world.start();
  Client client(world);
  EXPECT_EQ(client.ask(request("stop", 1)).at("result"), "stopping");
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(world.until([&] { return done; }));
}

TEST_F(ServerTest, StopWaitsNoLongerThanAllowed) {
  world.settings.stop_timeout = std::chrono::milliseconds(20);
  world.settings.flush_timeout = std::chrono::milliseconds(20);
  world.start();
  Client worker(world);
  Client deaf(world);
  worker.send(request("later", 1) + "\n");
  deaf.send(request("big", 1, R"({"size":3000000})") + "\n");
  ASSERT_TRUE(world.until([&] { return world.held.size() == 1 && world.server->connections() == 2; }));
  bool done = false;
  world.server->stop([&] { done = true; });
  EXPECT_TRUE(world.until([&] { return done; }));
  EXPECT_EQ(world.server->connections(), 0U);
  EXPECT_TRUE(world.log.has("server.stop_overdue"));
  world.held[0](boost::json::value("too late"));
  EXPECT_TRUE(worker.closed());
}

TEST_F(ServerTest, StopIsAtOnceWhenNothingIsOn) {
  world.start();
  int done = 0;
  world.server->stop([&] { ++done; });
  EXPECT_TRUE(world.until([&] { return done == 1; }));
  EXPECT_THROW(world.server->stop([] {}), std::logic_error);
  world.server.reset();
  world.start();
  Client client(world);
  EXPECT_EQ(client.ask(request("count", 1)).at("result"), 1);
}

TEST_F(ServerTest, ServesASocketThatWasPassedIn) {
  const int listening = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, world.settings.path.c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(listening, 8), 0);
  Client early(world);
  early.send(request("count", 1) + "\n");
  world.settings.adopted = listening;
  world.start();
  EXPECT_EQ(early.reply().at("result"), 1);
  bool done = false;
  world.server->stop([&] { done = true; });
  EXPECT_TRUE(world.until([&] { return done; }));
  EXPECT_TRUE(std::filesystem::exists(world.settings.path));
}

}  // namespace
}  // namespace madoguchi::server
