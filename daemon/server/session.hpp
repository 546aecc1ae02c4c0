// One connection: reads what is there, answers every complete line, writes once.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "input_buffer.hpp"
#include "peer_credentials.hpp"
#include "rpc/dispatcher.hpp"
#include "server/server.hpp"

namespace madoguchi::server {

using Loop = boost::asio::io_context;
using Socket = boost::asio::basic_stream_socket<boost::asio::local::stream_protocol, Loop::executor_type>;
using Timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Loop::executor_type>;

class Session;

// What a session needs of the server.
class Host {
 public:
  virtual const ServerSettings& settings() const = 0;
  virtual void log(base::Level level, std::string_view id, const Session& session) = 0;
  // It has lines to answer: take_turn() is called when the others have had their turn.
  virtual void queue_turn(std::shared_ptr<Session> session) = 0;
  // It has a message that is not complete.
  virtual void half_written() = 0;
  // The session's socket is closed. May destroy it.
  virtual void ended(Session& session) = 0;

 protected:
  ~Host() = default;
};

// Every pending operation of Asio's holds the session; end() cancels them all, and is the only way out.
class Session final : public rpc::Peer, public rpc::Outlet, public std::enable_shared_from_this<Session> {
 public:
  Session(Host& host, Socket socket, PeerCredentials who, rpc::Roles roles, base::Instant since);

  void start(rpc::Dispatcher& dispatcher);
  // Says why and closes, giving the peer a moment to read it.
  void refuse(const base::Fault& fault);
  // Serves no more requests and closes once everything is sent.
  void finish();
  // Closes now. The host is told, unless it is forgotten.
  void end();
  void forget_host() { host_ = nullptr; }

  // Answers some of the lines that are there.
  void take_turn();
  // Closes, and says why, when its message has begun before `since` and is not complete.
  void refuse_half_written(std::chrono::steady_clock::time_point since);
  [[nodiscard]] bool half_written() const { return state_ == State::open && begun_.has_value(); }

  // Its caller is a display and nothing else: whoever serves a citizen goes first.
  [[nodiscard]] bool display() const { return caller_.roles == rpc::only(rpc::Role::display); }
  // It waits for nothing and nothing waits for it.
  [[nodiscard]] bool idle() const;
  [[nodiscard]] std::chrono::steady_clock::time_point quiet_since() const { return quiet_since_; }
  [[nodiscard]] bool open() const { return state_ == State::open || state_ == State::peer_done; }

  [[nodiscard]] bool lingering() const { return state_ == State::lingering; }

  [[nodiscard]] const PeerCredentials& who() const { return who_; }
  [[nodiscard]] base::Instant since() const { return since_; }

  bool push(std::shared_ptr<const std::string> line) override;
  void watch(std::weak_ptr<rpc::PeerWatcher> watcher) override { watcher_ = std::move(watcher); }
  [[nodiscard]] bool gone() override;

  std::string& output() override { return out_; }
  void advanced() override;
  std::optional<std::chrono::milliseconds> must_wait() override;

 private:
  enum class State : std::uint8_t {
    open,
    peer_done,  // it sends no more, and waits for answers perhaps
    finishing,  // closes when all is sent
    refusing,   // as finishing, but then waits for the peer to close
    lingering,  // all is sent: what still comes in is thrown away
    ended,
  };

  void read();
  void on_read(const boost::system::error_code& error, std::size_t size);
  void serve();
  // Whether any of them may have held a secret.
  bool answer_lines();
  void want_turn();
  void note_begun();
  [[nodiscard]] std::size_t rate() const;
  void write();
  void on_writable(const boost::system::error_code& error);
  void after_write();
  void linger();
  void expire_after(std::chrono::milliseconds time, std::string_view why);
  void tell_room();
  [[nodiscard]] std::size_t unsent() const { return out_.size() - sent_; }

  Host* host_;
  Socket socket_;
  Timer timer_;
  PeerCredentials who_;
  base::Instant since_;
  rpc::Caller caller_;
  std::shared_ptr<rpc::Conversation> conversation_;
  std::weak_ptr<rpc::PeerWatcher> watcher_;
  InputBuffer in_;
  std::string out_;
  std::size_t sent_ = 0;  // of out_
  State state_ = State::open;
  bool reading_ = false;      // an operation is pending
  bool blocked_ = false;      // the socket takes no more; an operation is pending
  bool serving_ = false;      // within answer_lines(): what is appended is written at its end
  bool paused_ = false;       // lines wait until output is taken
  bool turn_wanted_ = false;  // lines wait until others have had their turn
  bool more_ = false;         // there may be further lines
  std::chrono::steady_clock::time_point quiet_since_ = std::chrono::steady_clock::now();
  std::optional<std::chrono::steady_clock::time_point> begun_;  // the message that is not complete
  double allowance_;                                            // requests that it may make at once
  std::chrono::steady_clock::time_point allowed_at_ = quiet_since_;
  std::chrono::steady_clock::time_point line_begun_ = quiet_since_;  // the message that is being answered
  bool refused_ = false;  // a push was refused, and somebody wants to know when there is room
};

}  // namespace madoguchi::server
