#include "listener.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <fstream>

#include "support.hpp"

namespace madoguchi::server {
namespace {

class ListenerTest : public testing::Test {
 protected:
  ListenerTest() { settings.path = (folder / "s").string(); }
  [[nodiscard]] bool answers() const {
    const Descriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
    const auto address = address_of(settings.path);
    return connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  static sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return address;
  }
  // A bound socket, as an instance without our lock file has it.
  Descriptor foreign(bool listening) {
    Descriptor fd(socket(AF_UNIX, SOCK_STREAM, 0));
    const auto address = address_of(settings.path);
    EXPECT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    if (listening) {
      EXPECT_EQ(listen(fd.get(), 8), 0);
    }
    return fd;
  }

  test::Folder folder;
  ServerSettings settings;
};

TEST_F(ListenerTest, ListensWithTheModeAsked) {
  settings.mode = 0620;
  const auto listener = Listener::open(settings);
  ASSERT_TRUE(listener);
  EXPECT_TRUE(answers());
  struct stat status {};
  ASSERT_EQ(stat(settings.path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0620U);
  EXPECT_NE(access((settings.path + ".new").c_str(), F_OK), 0);
}

TEST_F(ListenerTest, S4StaleSocketIsReplaced) {
  {
    const auto dead = foreign(true);
    std::ofstream(settings.path + ".new") << "left behind";
  }
  ASSERT_FALSE(answers());
  const auto listener = Listener::open(settings);
  ASSERT_TRUE(listener) << base::describe(listener.error());
  EXPECT_TRUE(answers());
}

TEST_F(ListenerTest, S4SecondInstanceDoesNotStealTheSocket) {
  auto first = Listener::open(settings);
  ASSERT_TRUE(first);
  const auto second = Listener::open(settings);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::Code::conflict);
  EXPECT_TRUE(answers());
  first->remove_file();
  first = base::make_fault(base::Code::internal);
  EXPECT_FALSE(answers());
  EXPECT_TRUE(Listener::open(settings));
}

TEST_F(ListenerTest, S4LivingSocketWithoutALockFileIsLeftAlone) {
  const auto living = foreign(true);
  const auto listener = Listener::open(settings);
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().code, base::Code::conflict);
  EXPECT_TRUE(answers());
}

TEST_F(ListenerTest, RemovesOnlyItsOwnFile) {
  auto listener = Listener::open(settings);
  ASSERT_TRUE(listener);
  ASSERT_EQ(unlink(settings.path.c_str()), 0);
  const auto other = foreign(true);
  listener->remove_file();
  EXPECT_TRUE(answers());
}

TEST_F(ListenerTest, RefusesPlacesThatAreNoGood) {
  const auto fails = [&] {
    const auto listener = Listener::open(settings);
    return !listener && listener.error().code == base::Code::internal && !listener.error().inner.empty();
  };
  settings.path = (folder / std::string(200, 'a')).string();
  EXPECT_TRUE(fails());
  settings.path = "";
  EXPECT_TRUE(fails());
  settings.path = (folder / "missing/s").string();
  EXPECT_TRUE(fails());
  settings.path = (folder / "file").string();
  std::ofstream(settings.path) << "precious";
  EXPECT_TRUE(fails());
  EXPECT_TRUE(std::filesystem::is_regular_file(settings.path));
  settings.path = (folder / "s").string();
  settings.group = "no-such-group-anywhere";
  EXPECT_TRUE(fails());
  EXPECT_FALSE(std::filesystem::exists(settings.path));
  settings.group = "";
  std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
  EXPECT_TRUE(fails());
}

TEST_F(ListenerTest, AdoptsAListeningSocketOnly) {
  auto listening = foreign(true);
  settings.adopted = listening.release();
  auto listener = Listener::open(settings);
  ASSERT_TRUE(listener) << base::describe(listener.error());
  EXPECT_TRUE(answers());
  EXPECT_NE(fcntl(*settings.adopted, F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_NE(fcntl(*settings.adopted, F_GETFL) & O_NONBLOCK, 0);
  listener->remove_file();
  EXPECT_TRUE(answers()) << "the file belongs to who passed the socket in";

  Descriptor plain(socket(AF_UNIX, SOCK_STREAM, 0));
  settings.adopted = plain.release();
  EXPECT_FALSE(Listener::open(settings));
  Descriptor file(open("/dev/null", O_RDONLY));
  settings.adopted = file.release();
  EXPECT_FALSE(Listener::open(settings));
}

TEST(SocketFromSystemd, IsTakenOnlyByWhomItIsMeantFor) {
  unsetenv("LISTEN_PID");
  unsetenv("LISTEN_FDS");
  EXPECT_EQ(socket_from_systemd(), std::nullopt);
  setenv("LISTEN_FDS", "1", 1);
  EXPECT_EQ(socket_from_systemd(), std::nullopt);
  setenv("LISTEN_PID", "1", 1);
  EXPECT_EQ(socket_from_systemd(), std::nullopt);
  setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
  EXPECT_EQ(socket_from_systemd(), 3);
  setenv("LISTEN_FDS", "0", 1);
  EXPECT_EQ(socket_from_systemd(), std::nullopt);
  setenv("LISTEN_FDS", "1x", 1);
  EXPECT_EQ(socket_from_systemd(), std::nullopt);
  unsetenv("LISTEN_PID");
  unsetenv("LISTEN_FDS");
}

}  // namespace
}  // namespace madoguchi::server
