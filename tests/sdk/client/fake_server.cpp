#include "fake_server.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace madoguchi::client {
namespace json = boost::json;

void FakeServer::Session::raw(const std::string& bytes) const {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const auto sent = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void FakeServer::Session::result(const json::object& request, const json::value& result) const {
  raw(json::serialize(json::object{{"jsonrpc", "2.0"}, {"id", request.at("id")}, {"result", result}}) + "\n");
}

void FakeServer::Session::error(const json::object& request, int code, const std::string& reason,
                                const json::object& details) const {
  const json::object data{{"reason", reason},  {"ja", "日本語:" + reason}, {"en", "english:" + reason},
                          {"retryable", true}, {"case", "c-err"},          {"details", details}};
  const json::object error{{"code", code}, {"message", "message"}, {"data", data}};
  raw(json::serialize(json::object{{"jsonrpc", "2.0"}, {"id", request.at("id")}, {"error", error}}) + "\n");
}

void FakeServer::Session::notify(const json::object& event) const {
  raw(json::serialize(json::object{{"jsonrpc", "2.0"}, {"method", "events.notify"}, {"params", event}}) +
      "\n");
}

void FakeServer::Session::close() const {
  ::shutdown(fd_, SHUT_RDWR);
}

FakeServer::FakeServer() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket().c_str(), sizeof address.sun_path - 1);
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 8) != 0) {
    throw std::runtime_error("cannot listen on " + socket());
  }
  acceptor_ = std::thread([this] { accept_loop(); });
}

FakeServer::~FakeServer() {
  die();
  acceptor_.join();
  for (auto& session : sessions_) session.join();
  for (const int fd : connections_) ::close(fd);
  ::close(listener_);
}

void FakeServer::on(const std::string& method, Handler handler) {
  const std::scoped_lock lock(mutex_);
  handlers_[method] = std::move(handler);
}

void FakeServer::answer(const std::string& method, const json::value& result) {
  on(method,
     [result](const Session& session, const json::object& request) { session.result(request, result); });
}

void FakeServer::refuse(const std::string& method, int code, const std::string& reason,
                        const json::object& details) {
  on(method, [=](const Session& session, const json::object& request) {
    session.error(request, code, reason, details);
  });
}

void FakeServer::on_connect(std::function<void(const Session&)> handler) {
  const std::scoped_lock lock(mutex_);
  on_connect_ = std::move(handler);
}

std::vector<json::object> FakeServer::calls(const std::string& method) {
  const std::scoped_lock lock(mutex_);
  std::vector<json::object> found;
  for (const auto& [name, params] : calls_) {
    if (name == method) found.push_back(params);
  }
  return found;
}

std::vector<std::string> FakeServer::lines() {
  const std::scoped_lock lock(mutex_);
  return lines_;
}

bool FakeServer::wait_for_calls(const std::string& method, std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(20), [&] {
    std::size_t found = 0;
    for (const auto& call : calls_) found += call.first == method ? 1U : 0U;
    return found >= count;
  });
}

void FakeServer::notify_all(const json::object& event) {
  const std::scoped_lock lock(mutex_);
  for (const int fd : connections_) Session(fd).notify(event);
}

void FakeServer::die() {
  const std::scoped_lock lock(mutex_);
  dead_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  for (const int fd : connections_) ::shutdown(fd, SHUT_RDWR);
}

void FakeServer::accept_loop() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::scoped_lock lock(mutex_);
    if (fd < 0 || dead_) {
      if (fd >= 0) ::close(fd);
      return;
    }
    connections_.push_back(fd);
    sessions_.emplace_back([this, fd] { serve(fd); });
  }
}

void FakeServer::serve(int fd) {
  const Session session(fd);
  std::function<void(const Session&)> greet;
  {
    const std::scoped_lock lock(mutex_);
    greet = on_connect_;
  }
  if (greet) greet(session);
  std::string received;
  std::array<char, 4096> chunk;
  for (;;) {
    const auto got = ::recv(fd, chunk.data(), chunk.size(), 0);
    if (got <= 0) return;
    received.append(chunk.data(), static_cast<std::size_t>(got));
    for (auto end = received.find('\n'); end != std::string::npos; end = received.find('\n')) {
      handle(session, received.substr(0, end));
      received.erase(0, end + 1);
    }
  }
}

void FakeServer::handle(const Session& session, const std::string& line) {
  const auto request = json::parse(line).as_object();
  const std::string method(request.at("method").as_string());
  Handler handler;
  {
    const std::scoped_lock lock(mutex_);
    lines_.push_back(line);
    calls_.emplace_back(method, request.at("params").as_object());
    if (const auto found = handlers_.find(method); found != handlers_.end()) handler = found->second;
  }
  changed_.notify_all();
  if (handler) {
    handler(session, request);
  } else {
    session.error(request, -32601, "method_not_found");
  }
}

}  // namespace madoguchi::client
