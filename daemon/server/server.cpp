#include "server/server.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

#include "listener.hpp"
#include "session.hpp"
#include "turns.hpp"

namespace madoguchi::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<asio::local::stream_protocol, Loop::executor_type>;

// When the process is out of descriptors, connecting waits; asking at once again would only burn time.
constexpr std::chrono::milliseconds accept_pause{100};
// How many are told why they are sent away, at one time; beyond that they only see the connection close.
constexpr std::size_t max_refusals = 64;
constexpr std::chrono::milliseconds retry_connecting{1'000};
// How soon the log says how many refusals it does not have.
constexpr std::chrono::seconds settle_every{60};

std::int64_t signed_of(std::size_t number) {
  return static_cast<std::int64_t>(number);
}

}  // namespace

class Server::Implementation final : public Host, public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(Loop& loop, ServerSettings settings, const rpc::MethodTable& table, base::Log& log,
                 const base::Clock& clock)
      : loop_(loop),
        settings_(std::move(settings)),
        log_(log),
        clock_(clock),
        dispatcher_(
            std::in_place, table, log, settings_.limits,
            [this](const rpc::Caller& caller, std::string_view method) {
              if (settings_.refused) settings_.refused(caller.uid, caller.roles, method);
            },
            settings_.overloaded,
            rpc::Counting{.now = std::chrono::steady_clock::now, .begun = [this] { settle_later(); }}),
        acceptor_(loop),
        pause_(loop.get_executor()),
        sweep_(loop.get_executor()),
        settle_(loop.get_executor()),
        deadline_(loop.get_executor()) {}

  base::Result<void> start();
  void stop(std::function<void()> done);
  void abandon();

  [[nodiscard]] std::size_t connections() const { return sessions_.size(); }
  [[nodiscard]] std::size_t running() const { return dispatcher_->running(); }

  const ServerSettings& settings() const override { return settings_; }
  void log(base::Level level, std::string_view id, const Session& session) override;
  void queue_turn(std::shared_ptr<Session> session) override;
  void half_written() override;
  void ended(Session& session) override;

 private:
  enum class Phase : std::uint8_t { serving, draining, flushing, stopped };

  void accept();
  void on_accept(const error_code& error, Socket socket);
  void admit(Socket socket);
  base::Result<void> make_room_for(const Session& newcomer);
  base::Fault full(std::string_view limit, std::size_t most) const;
  bool end_a_refused_one();
  template <class Counts>
  bool make_room(std::size_t most, const Counts& counts);
  void post_turn();
  void give_turn();
  void sweep();
  void settle_later();
  void refuse(const std::shared_ptr<Session>& session, const base::Fault& fault);
  void flush();
  void stopped();
  void after(std::chrono::milliseconds time, void (Implementation::*then)());
  void end_all();

  Loop& loop_;
  ServerSettings settings_;
  base::Log& log_;
  const base::Clock& clock_;
  std::optional<rpc::Dispatcher> dispatcher_;  // none once the server is gone
  std::optional<Listener> listener_;
  Acceptor acceptor_;
  Timer pause_;
  Timer sweep_;   // for messages that are never completed
  Timer settle_;  // for refusals that were only counted
  Timer deadline_;
  bool sweeping_ = false;
  Turns<std::shared_ptr<Session>> turns_;
  bool turn_posted_ = false;
  std::unordered_map<Session*, std::shared_ptr<Session>> sessions_;
  Phase phase_ = Phase::serving;
  std::function<void()> done_;
};

base::Result<void> Server::Implementation::start() {
  auto listener = Listener::open(settings_);
  if (!listener) return listener.error();
  listener_.emplace(std::move(*listener));
  auto socket = listener_->take_socket();
  error_code error;
  acceptor_.assign(asio::local::stream_protocol(), socket.get(), error);
  if (error) return base::make_fault(base::Code::internal, "the listening socket: " + error.message());
  socket.release();
  log_.write(base::Level::info, "server.listening",
             {{"socket", settings_.adopted ? std::string("passed in") : settings_.path}});
  accept();
  return {};
}

void Server::Implementation::accept() {
  acceptor_.async_accept([self = shared_from_this()](const error_code& error, Socket socket) {
    self->on_accept(error, std::move(socket));
  });
}

void Server::Implementation::on_accept(const error_code& error, Socket socket) {
  if (phase_ != Phase::serving || !acceptor_.is_open()) return;
  if (!error) {
    admit(std::move(socket));
    accept();
  } else if (error == asio::error::connection_aborted) {
    accept();
  } else {
    log_.write(base::Level::error, "server.accept_failed", {{"inner", error.message()}});
    pause_.expires_after(accept_pause);
    pause_.async_wait([self = shared_from_this()](const error_code& cancelled) {
      if (!cancelled && self->phase_ == Phase::serving) self->accept();
    });
  }
}

void Server::Implementation::admit(Socket socket) {
  error_code error;
  socket.non_blocking(true, error);
  auto who = peer_credentials(socket.native_handle());
  if (error || !who) {
    log_.write(base::Level::error, "connection.no_credentials",
               {{"inner", error ? error.message() : base::describe(who.error())}});
    return;
  }
  if (sessions_.size() >= settings_.max_connections + max_refusals && !end_a_refused_one()) return;
  const auto roles = settings_.roles(who->uid, who->gids);
  const auto session =
      std::make_shared<Session>(*this, std::move(socket), std::move(*who), roles, clock_.now());
  if (roles.none()) {
    sessions_.emplace(session.get(), session);
    if (settings_.refused) settings_.refused(session->who().uid, roles, {});
    refuse(session, base::make_fault(base::Code::forbidden, {}, {{"uid", session->who().uid}}));
    return;
  }
  const auto room = make_room_for(*session);
  sessions_.emplace(session.get(), session);
  if (room) {
    session->start(*dispatcher_);
  } else {
    refuse(session, room.error());
  }
}

// One that has been told why: whoever comes now is to be told as well.
bool Server::Implementation::end_a_refused_one() {
  const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                  [](const auto& entry) { return entry.second->lingering(); });
  if (found == sessions_.end()) return false;
  const auto session = found->second;
  session->end();
  return true;
}

base::Fault Server::Implementation::full(std::string_view limit, std::size_t most) const {
  if (settings_.overloaded) settings_.overloaded(limit);
  return rpc::overloaded({{limit, most}}, retry_connecting);
}

// Who asks for nothing may be sent away for whoever does: a front-end that left its connections open, or
// opens a thousand of them, is in nobody's way.
base::Result<void> Server::Implementation::make_room_for(const Session& newcomer) {
  if (newcomer.display() &&
      !make_room(settings_.max_display_connections, [](const Session& one) { return one.display(); }))
    return full("display_connections", settings_.max_display_connections);
  const auto uid = newcomer.who().uid;
  if (!make_room(settings_.max_connections_per_user,
                 [uid](const Session& one) { return one.who().uid == uid; }))
    return full("connections_per_user", settings_.max_connections_per_user);
  if (!make_room(settings_.max_connections, [](const Session&) { return true; }))
    return full("connections", settings_.max_connections);
  return {};
}

template <class Counts>
bool Server::Implementation::make_room(std::size_t most, const Counts& counts) {
  if (sessions_.size() < most) return true;
  std::size_t found = 0;
  Session* quietest = nullptr;
  const auto long_ago = std::chrono::steady_clock::now() - settings_.idle_grace;
  for (auto& [key, session] : sessions_) {
    if (!session->open() || !counts(*session)) continue;
    ++found;
    if (!session->idle() || session->quiet_since() > long_ago) continue;
    const auto rank = [](const Session& one) { return std::pair(!one.display(), one.quiet_since()); };
    if (quietest == nullptr || rank(*session) < rank(*quietest)) quietest = session.get();
  }
  if (found < most) return true;
  if (quietest == nullptr) return false;
  log(base::Level::warning, "connection.made_room", *quietest);
  quietest->refuse(full("connections", most));
  return true;
}

// Between two turns everything else that is ready comes first, so that who has written meanwhile is there to
// be chosen.
void Server::Implementation::queue_turn(std::shared_ptr<Session> session) {
  const auto peer = session->who().uid;
  const bool display = session->display();
  turns_.add(peer, display, std::move(session));
  post_turn();
}

void Server::Implementation::post_turn() {
  if (turns_.empty() || std::exchange(turn_posted_, true)) return;
  asio::post(loop_, [self = shared_from_this()] { self->give_turn(); });
}

void Server::Implementation::give_turn() {
  turn_posted_ = false;
  if (const auto session = turns_.take()) (*session)->take_turn();
  post_turn();
}

void Server::Implementation::half_written() {
  if (std::exchange(sweeping_, true)) return;
  sweep_.expires_after(settings_.message_timeout);
  sweep_.async_wait([self = shared_from_this()](const error_code& cancelled) {
    if (!cancelled) self->sweep();
  });
}

void Server::Implementation::sweep() {
  sweeping_ = false;
  const auto since = std::chrono::steady_clock::now() - settings_.message_timeout;
  std::vector<std::shared_ptr<Session>> all;
  for (const auto& [key, session] : sessions_) {
    if (session->half_written()) all.push_back(session);
  }
  for (const auto& session : all) session->refuse_half_written(since);
  if (std::any_of(all.begin(), all.end(), [](const auto& session) { return session->half_written(); }))
    half_written();
}

void Server::Implementation::settle_later() {
  settle_.expires_after(settle_every);
  settle_.async_wait([self = shared_from_this()](const error_code& cancelled) {
    if (!cancelled && self->dispatcher_ && self->dispatcher_->settle_refusals()) self->settle_later();
  });
}

void Server::Implementation::refuse(const std::shared_ptr<Session>& session, const base::Fault& fault) {
  if (dispatcher_->note_connection(session->who().uid))
    log(base::Level::warning, "connection.refused", *session);
  session->refuse(fault);
}

void Server::Implementation::log(base::Level level, std::string_view id, const Session& session) {
  const auto connected = std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - session.since());
  log_.write(level, id,
             {{"uid", std::int64_t{session.who().uid}},
              {"pid", std::int64_t{session.who().pid}},
              {"connected_seconds", std::int64_t{connected.count()}},
              {"connections", signed_of(sessions_.size())}});
}

void Server::Implementation::ended(Session& session) {
  sessions_.erase(&session);
  if (phase_ == Phase::flushing && sessions_.empty()) stopped();
}

// --- the end, in order: no new connections, no new work, wait for the work that runs, hand over the replies,
// close

void Server::Implementation::stop(std::function<void()> done) {
  if (phase_ != Phase::serving) throw std::logic_error("the server is being stopped already");
  phase_ = Phase::draining;
  done_ = std::move(done);
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  if (listener_) listener_->remove_file();
  log_.write(base::Level::info, "server.stopping",
             {{"connections", signed_of(sessions_.size())}, {"running", signed_of(dispatcher_->running())}});
  dispatcher_->refuse_new();
  after(settings_.stop_timeout, &Implementation::flush);
  // A method may be at work further up the stack: go on when it has returned.
  dispatcher_->when_idle([this] { asio::post(loop_, [self = shared_from_this()] { self->flush(); }); });
}

void Server::Implementation::flush() {
  if (phase_ != Phase::draining) return;
  phase_ = Phase::flushing;
  dispatcher_->when_idle({});
  if (dispatcher_->running() != 0) {
    log_.write(base::Level::warning, "server.stop_overdue", {{"running", signed_of(dispatcher_->running())}});
  }
  after(settings_.flush_timeout, &Implementation::end_all);
  std::vector<std::shared_ptr<Session>> all;
  for (const auto& [key, session] : sessions_) all.push_back(session);
  for (const auto& session : all) session->finish();
  if (sessions_.empty()) stopped();
}

void Server::Implementation::after(std::chrono::milliseconds time, void (Implementation::*then)()) {
  deadline_.expires_after(time);
  deadline_.async_wait([self = shared_from_this(), then](const error_code& cancelled) {
    if (!cancelled) (self.get()->*then)();
  });
}

void Server::Implementation::end_all() {
  while (!sessions_.empty()) {
    const auto session = sessions_.begin()->second;
    session->end();
  }
}

void Server::Implementation::stopped() {
  if (phase_ == Phase::stopped) return;
  phase_ = Phase::stopped;
  deadline_.cancel();
  sweep_.cancel();
  settle_.cancel();
  listener_.reset();
  log_.write(base::Level::info, "server.stopped");
  if (done_) asio::post(loop_, std::exchange(done_, nullptr));
}

// The server is being destroyed: nothing that is still to come may reach the log, the table or the caller.
void Server::Implementation::abandon() {
  const auto before = std::exchange(phase_, Phase::stopped);
  done_ = nullptr;
  dispatcher_.reset();
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  sweep_.cancel();
  settle_.cancel();
  deadline_.cancel();
  turns_.clear();
  for (auto& [key, session] : sessions_) {
    session->forget_host();
    session->end();
  }
  sessions_.clear();
  if (before == Phase::serving && listener_) listener_->remove_file();
  listener_.reset();
}

std::size_t Server::connections() const {
  return implementation_->connections();
}

std::size_t Server::running() const {
  return implementation_->running();
}

Server::Server(asio::io_context& loop, ServerSettings settings, const rpc::MethodTable& table, base::Log& log,
               const base::Clock& clock)
    : implementation_(std::make_shared<Implementation>(loop, std::move(settings), table, log, clock)) {}

Server::~Server() {
  implementation_->abandon();
}

base::Result<void> Server::start() {
  return implementation_->start();
}

void Server::stop(std::function<void()> done) {
  implementation_->stop(std::move(done));
}

}  // namespace madoguchi::server
