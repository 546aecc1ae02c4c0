// Talks to madoguchid over its Unix socket: JSON-RPC 2.0, one message a line. Blocking, one thread at a time.
//
//   auto client = madoguchi::client::Client::open({});
//   if (!client) return complain(client.error());
//   auto readers = client->call("readers.list", {});
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "madoguchi_client/secret.hpp"

namespace madoguchi::client {

// Why a call has no result. Programs test `reason`; people read `ja` or `en`.
struct RpcError {
  int code = 0;  // the daemon's JSON-RPC number; 0 when this library speaks, with one of the reasons below
  std::string reason{};
  std::string ja{};
  std::string en{};
  bool retryable = false;
  std::string case_id{};  // empty when about no case
  boost::json::object details{};
};

// Reasons that this library gives.
namespace reasons {
inline constexpr std::string_view no_daemon = "client.no_daemon";  // nothing listens there; nothing was sent
inline constexpr std::string_view no_permission =
    "client.no_permission";  // somebody may listen there, whom this user may not connect to; nothing was sent
inline constexpr std::string_view lost = "client.lost";  // connection ended; the call may have been done
inline constexpr std::string_view timeout =
    "client.timeout";  // no answer in time; the call may have been done
inline constexpr std::string_view interrupted =
    "client.interrupted";                                      // Options::interrupt_fd; may have been done
inline constexpr std::string_view garbled = "client.garbled";  // the answer was not JSON-RPC
}  // namespace reasons

// Made by this library, with the texts of `reason`. `inner` goes into details.inner.
RpcError make_error(std::string_view reason, const std::string& inner = {});

template <class T>
class Outcome {
 public:
  Outcome(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Outcome(RpcError error) : held_(std::in_place_index<1>, std::move(error)) {}
  explicit operator bool() const { return held_.index() == 0; }
  T& value() { return std::get<0>(held_); }
  const T& value() const { return std::get<0>(held_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const RpcError& error() const { return std::get<1>(held_); }

 private:
  std::variant<T, RpcError> held_;
};

using Reply = Outcome<boost::json::value>;

// One `events.notify`. `seq` is for `events.subscribe {since}` after a lost connection.
struct Event {
  std::int64_t seq = 0;
  std::string topic{};
  std::string type{};
  std::string case_id{};
  std::string reader{};
  boost::json::object data{};
  boost::json::object document{};  // as it came
};

// `$MADOGUCHI_SOCKET`, else /run/madoguchi/madoguchi.sock.
std::string default_socket();

struct Options {
  std::string socket{};   // empty: default_socket()
  int interrupt_fd = -1;  // becoming readable ends any waiting with `client.interrupted`; not read, not owned
};

// A parameter that is written into the request without any copy that is not wiped.
struct SecretParameter {
  std::string_view name{};  // a top-level parameter
  const Secret* value = nullptr;
  std::string_view inside{};  // not empty: `name` is the only member of this one, an object
};

struct CallOptions {
  std::chrono::milliseconds timeout{0};  // 0: as long as the connection lives
  SecretParameter secret{};
  // Called for events that arrive meanwhile; without it they are kept for next_event().
  std::function<void(const Event&)> on_event{};
};

class Connection;

class Client {
 public:
  static Outcome<Client> open(const Options& options);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  Reply call(std::string_view method, const boost::json::object& params, const CallOptions& options = {});
  // The same with the text of a JSON object, which is sent as it is (line breaks apart) and never parsed or
  // copied: for parameters that hold secrets. The caller has checked that it is one object.
  Reply call_text(std::string_view method, std::string_view params, const CallOptions& options = {});

  // The next event, the oldest first; nullopt when none came in time. A lost daemon is an error at once. When
  // more come than next_event() takes, the kept ones are replaced by one of type `resync`: read the state
  // anew.
  Outcome<std::optional<Event>> next_event(std::chrono::milliseconds timeout);

 private:
  explicit Client(std::unique_ptr<Connection> connection);
  Reply wait_for(std::int64_t id, const CallOptions& options);
  void keep(Event event);

  std::unique_ptr<Connection> connection_;
  std::deque<Event> events_;
  std::int64_t next_id_ = 1;
};

}  // namespace madoguchi::client
