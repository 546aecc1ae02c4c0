// A server on a real socket in a folder of its own, and clients that are served while they wait.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../temporary_folder.hpp"
#include "rpc/method.hpp"
#include "server/server.hpp"

namespace madoguchi::server::test {

using Folder = tests::TemporaryFolder;

class RecordingLog final : public base::Log {
 public:
  void write(base::Level, std::string_view id, std::initializer_list<base::Field>) override {
    ids.emplace_back(id);
  }
  [[nodiscard]] bool has(std::string_view id) const {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  }
  std::vector<std::string> ids;
};

class StillClock final : public base::Clock {
 public:
  [[nodiscard]] base::Instant now() const override {
    return base::Instant(std::chrono::milliseconds(1'775'523'600'000));
  }
};

class Client;

class World {
 public:
  World();
  ~World();

  void start() {
    server = std::make_unique<Server>(loop, settings, table, log, clock);
    const auto started = server->start();
    ASSERT_TRUE(started) << base::describe(started.error());
  }
  // Serves until it is so; false after ten seconds.
  bool until(const std::function<bool()>& so) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!so()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      if (loop.stopped()) loop.restart();
      if (loop.poll() == 0) loop.run_one_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  Folder folder;
  boost::asio::io_context loop{1};
  RecordingLog log;
  StillClock clock;
  rpc::MethodTable table;
  ServerSettings settings;
  std::vector<rpc::Responder> held;             // of the method `later`
  std::vector<std::weak_ptr<rpc::Peer>> peers;  // who called `meet`
  int calls = 0;                                // of `count`
  std::unique_ptr<Server> server;
};

// A blocking client as its user sees it, over a socket that never blocks.
class Client {
 public:
  explicit Client(World& world)
      : world_(&world), fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, world.settings.path.c_str(), sizeof address.sun_path - 1);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Client(Client&& other) noexcept
      : world_(other.world_),
        fd_(std::exchange(other.fd_, -1)),
        connected_(other.connected_),
        in_(std::move(other.in_)) {}
  Client& operator=(Client&&) = delete;
  ~Client() { leave(); }

  [[nodiscard]] bool connected() const { return connected_; }
  void leave() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  void send_no_more() { ::shutdown(fd_, SHUT_WR); }

  // What the socket takes now.
  std::size_t offer(std::string_view text) {
    const auto size = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
    broken_ = broken_ || (size < 0 && errno != EAGAIN);
    return size < 0 ? 0 : static_cast<std::size_t>(size);
  }
  // All of it; false when the server has closed.
  bool send(std::string_view text) {
    world_->until([&] {
      text.remove_prefix(offer(text));
      return text.empty() || broken_;
    });
    return text.empty();
  }
  // The next line without its end; empty when the server has closed or ten seconds have passed.
  std::string line() {
    std::size_t end = std::string::npos;
    world_->until([&] {
      end = in_.find('\n');
      if (end == std::string::npos && !closed_) take();
      if (end == std::string::npos) end = in_.find('\n');
      return end != std::string::npos || closed_;
    });
    if (end == std::string::npos) return {};
    auto text = in_.substr(0, end);
    in_.erase(0, end + 1);
    return text;
  }
  boost::json::value reply() {
    const auto text = line();
    EXPECT_NE(text, "") << "no reply";
    return text.empty() ? boost::json::value() : boost::json::parse(text);
  }
  boost::json::value ask(std::string_view message) {
    EXPECT_TRUE(send(std::string(message) + "\n"));
    return reply();
  }
  // Has the server closed, with nothing more to read?
  bool closed() {
    world_->until([&] {
      if (!closed_) take();
      return closed_;
    });
    return closed_ && in_.empty();
  }
  // Reads what is there now.
  void take() {
    char buffer[65536];
    const auto size = ::recv(fd_, buffer, sizeof buffer, 0);
    if (size > 0) in_.append(buffer, static_cast<std::size_t>(size));
    if (size == 0 || (size < 0 && errno != EAGAIN)) closed_ = true;
  }

 private:
  World* world_;
  int fd_;
  bool connected_ = false;
  bool broken_ = false;
  bool closed_ = false;
  std::string in_;
};

inline std::string request(std::string_view method, int id, std::string_view params = "{}") {
  return R"({"jsonrpc":"2.0","method":")" + std::string(method) + R"(","id":)" + std::to_string(id) +
         R"(,"params":)" + std::string(params) + "}";
}
inline std::string reason(const boost::json::value& reply) {
  return std::string(reply.at("error").at("data").at("reason").as_string());
}

inline World::World() {
  settings.path = (folder / "s").string();
  settings.roles = [](uid_t, std::span<const gid_t>) { return rpc::all_roles; };
  using boost::json::object;
  using rpc::Caller;
  using rpc::Responder;
  table.add(
      {.name = "echo",
       .params = {{.name = "text", .required = true}},
       .example = R"({"text":"a"})",
       .handler = [](const Caller&, const object& params, Responder respond) { respond(params.at("text")); },
       .reads = true});
  table.add({.name = "big",
             .params = {{.name = "size", .type = rpc::Param::Type::integer, .required = true}},
             .example = R"({"size":1})",
             .handler = [](const Caller&, const object& params, Responder respond) {
               respond(boost::json::value(std::string(params.at("size").to_number<std::size_t>(), 'x')));
             }});
  table.add({.name = "count", .handler = [this](const Caller&, const object&, Responder respond) {
               respond(boost::json::value(++calls));
             }});
  table.add({.name = "later", .handler = [this](const Caller&, const object&, Responder respond) {
               held.push_back(std::move(respond));
             }});
  table.add({.name = "meet", .handler = [this](const Caller& caller, const object&, Responder respond) {
               peers.push_back(caller.peer);
               respond(boost::json::value(caller.uid));
             }});
}

inline World::~World() {
  server.reset();
}

}  // namespace madoguchi::server::test
