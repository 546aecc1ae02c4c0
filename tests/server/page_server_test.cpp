// A monitor's page on a socket of its own.
#include "server/page_server.hpp"
#include "../temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstring>
#include <filesystem>
#include <thread>

namespace madoguchi::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Page : public testing::Test {
 protected:
  Page() {
    PageSettings settings;
    settings.socket = socket().string();
    settings.mode = 0600;
    settings.content_type = "text/plain; version=0.0.4";
    settings.page = [this] { return "count " + std::to_string(++asked_) + "\n"; };
    server_ = std::make_unique<PageServer>(loop_, std::move(settings));
    const auto started = server_->start();
    if (!started) throw std::runtime_error(started.error().inner);
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Page() override {
    loop_.stop();
    thread_.join();
    server_.reset();
  }
  [[nodiscard]] std::filesystem::path socket() const { return folder_ / "metrics.sock"; }
  int connected() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket().c_str(), sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return fd;
  }
  static std::string rest_of(int fd) {
    std::string all;
    char piece[1024];
    for (ssize_t got = 0; (got = ::read(fd, piece, sizeof piece)) > 0;)
      all.append(piece, static_cast<std::size_t>(got));
    ::close(fd);
    return all;
  }
  std::string ask(const std::string& request) {
    const int fd = connected();
    EXPECT_EQ(::send(fd, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
    return rest_of(fd);
  }

  tests::TemporaryFolder folder_;
  boost::asio::io_context loop_{1};
  int asked_ = 0;
  std::unique_ptr<PageServer> server_;
  std::thread thread_;
};

TEST_F(Page, IsAnsweredAnewEachTime) {
  const std::string request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const auto first = ask(request);
  EXPECT_THAT(first, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(first, HasSubstr("Content-Type: text/plain; version=0.0.4\r\n"));
  EXPECT_THAT(first, HasSubstr("\r\n\r\ncount 1\n"));
  EXPECT_THAT(ask(request), HasSubstr("count 2\n"));
}

TEST_F(Page, AnythingElseIsRefused) {
  EXPECT_THAT(ask("GET /other HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask("POST /metrics HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), StartsWith("HTTP/1.1 405 "));
  EXPECT_EQ(ask("\x16\x03\x01 nonsense\r\n\r\n"), "");
  EXPECT_EQ(ask("GET /metrics HTTP/1.1\r\nX: " + std::string(8'000, 'x') + "\r\n\r\n"), "");
  EXPECT_EQ(asked_, 0);
}

TEST_F(Page, WhoSaysNothingKeepsNobodyWaitingAndIsLetGo) {
  std::vector<int> silent;
  silent.reserve(4);
  for (int i = 0; i < 4; ++i) silent.push_back(connected());
  // The fifth is closed at once, and the others when their time is over.
  EXPECT_EQ(rest_of(connected()), "");
  for (const int fd : silent) EXPECT_EQ(rest_of(fd), "");
  EXPECT_THAT(ask("GET /metrics HTTP/1.1\r\n\r\n"), HasSubstr("count 1"));
}

TEST_F(Page, ItsSocketIsForWhomItIsMeant) {
  struct stat status {};
  ASSERT_EQ(::stat(socket().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

}  // namespace
}  // namespace madoguchi::server
