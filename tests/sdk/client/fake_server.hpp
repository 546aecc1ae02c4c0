// A daemon of the test's own making: a Unix socket in a folder of its own, and an answer for each method.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "../../temporary_folder.hpp"

namespace madoguchi::client {

class FakeServer {
 public:
  // One connection, as a handler sees it.
  class Session {
   public:
    explicit Session(int fd) : fd_(fd) {}
    void raw(const std::string& bytes) const;
    void result(const boost::json::object& request, const boost::json::value& result) const;
    void error(const boost::json::object& request, int code, const std::string& reason,
               const boost::json::object& details = {}) const;
    void notify(const boost::json::object& event) const;
    // Both directions; the client sees the end at once.
    void close() const;

   private:
    int fd_;
  };
  // Called with the whole request, in the connection's own thread, one request after the other.
  using Handler = std::function<void(const Session&, const boost::json::object&)>;

  FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;
  ~FakeServer();

  [[nodiscard]] std::string socket() const { return (folder_ / "daemon.sock").string(); }
  [[nodiscard]] std::string folder() const { return folder_.path().string(); }

  void on(const std::string& method, Handler handler);
  void answer(const std::string& method, const boost::json::value& result);
  void refuse(const std::string& method, int code, const std::string& reason,
              const boost::json::object& details = {});
  // Called when somebody connects, before anything is read.
  void on_connect(std::function<void(const Session&)> handler);

  // The parameters of every request for the method so far.
  std::vector<boost::json::object> calls(const std::string& method);
  // Every line received so far, as it came.
  std::vector<std::string> lines();
  // Waits until so many requests for the method have come; false after 20 s.
  bool wait_for_calls(const std::string& method, std::size_t count);
  void notify_all(const boost::json::object& event);
  // The daemon is gone: all connections end and nobody listens any more.
  void die();

 private:
  void accept_loop();
  void serve(int fd);
  void handle(const Session& session, const std::string& line);

  tests::TemporaryFolder folder_;
  int listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Handler> handlers_;
  std::function<void(const Session&)> on_connect_;
  std::vector<std::pair<std::string, boost::json::object>> calls_;
  std::vector<std::string> lines_;
  std::vector<int> connections_;
  std::vector<std::thread> sessions_;
  bool dead_ = false;
  std::thread acceptor_;
};

}  // namespace madoguchi::client
