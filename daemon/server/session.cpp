#include "session.hpp"

#include <poll.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/secret.hpp"
#include "rpc/codec.hpp"

namespace madoguchi::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Events are taken while less than this waits to be sent: the rest stays in the queue of its subscription,
// where there is a bound and an end to it.
constexpr std::size_t event_window = 64UL * 1024;
// An output buffer larger than this is given back once it is empty.
constexpr std::size_t kept_output = 64UL * 1024;
// A peer that is sent away is given this long to read why.
constexpr std::chrono::milliseconds linger_time{1'000};
// A turn ends after so many lines, or with the line during which this time has passed: one that asks much has
// what is slow answered one by one, between the others'.
constexpr int lines_a_turn = 32;
constexpr int display_lines_a_turn = 4;
constexpr std::chrono::milliseconds turn_time{2};
// A batch is one line: what of it has not begun by then is refused.
constexpr std::chrono::milliseconds batch_time{500};
constexpr std::chrono::milliseconds retry_batch{200};

}  // namespace

Session::Session(Host& host, Socket socket, PeerCredentials who, rpc::Roles roles, base::Instant since)
    : host_(&host),
      socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      who_(std::move(who)),
      since_(since),
      caller_{.uid = who_.uid, .roles = roles, .peer = {}},
      in_(host.settings().max_message_bytes),
      allowance_(static_cast<double>(rate())) {}

void Session::start(rpc::Dispatcher& dispatcher) {
  caller_.peer = weak_from_this();
  conversation_ = dispatcher.converse(*this);
  read();
}

void Session::refuse(const base::Fault& fault) {
  rpc::append_fault(out_, nullptr, fault);
  out_.push_back('\n');
  in_.clear();
  state_ = State::refusing;
  write();
  after_write();
}

void Session::finish() {
  if (state_ != State::open && state_ != State::peer_done) return;
  state_ = State::finishing;
  write();
  after_write();
}

void Session::end() {
  if (state_ == State::ended) return;
  const auto self = shared_from_this();
  state_ = State::ended;
  if (conversation_) conversation_->close();
  error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  in_.clear();
  out_.clear();
  sent_ = 0;
  if (const auto watcher = watcher_.lock()) watcher->ended(*this);
  if (auto* host = std::exchange(host_, nullptr)) host->ended(*this);
}

// --- requests

void Session::read() {
  if (reading_) return;
  reading_ = true;
  const auto room = in_.room();
  socket_.async_read_some(
      asio::buffer(room.data(), room.size()),
      [self = shared_from_this()](const error_code& error, std::size_t size) { self->on_read(error, size); });
}

void Session::on_read(const error_code& error, std::size_t size) {
  reading_ = false;
  if (state_ == State::ended) return;
  in_.commit(size);
  if (error == asio::error::eof && state_ == State::open) {
    // Who sends no more may still wait for answers (`printf ... | socat - UNIX:...`).
    state_ = State::peer_done;
    in_.clear();
    after_write();
  } else if (error == asio::error::eof && unsent() != 0) {
    in_.clear();  // it still gets what waits for it
  } else if (error) {
    end();
  } else if (state_ == State::open) {
    serve();
  } else {
    in_.clear();
    if (state_ == State::lingering) read();
  }
}

// Nobody is answered past the others; see Server::Implementation::queue_turn().
void Session::serve() {
  if (std::exchange(turn_wanted_, true)) return;
  host_->queue_turn(shared_from_this());
}

void Session::take_turn() {
  turn_wanted_ = false;
  if (state_ != State::open) return;
  // What it had asked for beyond its last turn is nobody's wish any more.
  if (more_ && gone()) return end();
  // Not earlier than the bytes of a line that has begun were moved.
  const bool secret = answer_lines() || !in_.empty();
  if (state_ == State::open && !paused_ && !more_ && in_.overlong()) {
    host_->log(base::Level::warning, "connection.message_too_long", *this);
    refuse(base::make_fault(base::Code::invalid_request, {},
                            {{"max_message_bytes", host_->settings().max_message_bytes}}));
  } else {
    if (state_ == State::open) note_begun();
    if (state_ == State::open && more_) serve();
    write();
    after_write();
  }
  if (secret) base::wipe_stack();
}

void Session::note_begun() {
  if (more_ || paused_ || in_.empty()) {
    begun_.reset();
  } else if (!begun_) {
    begun_ = std::chrono::steady_clock::now();
    host_->half_written();
  }
}

void Session::refuse_half_written(std::chrono::steady_clock::time_point since) {
  if (state_ != State::open || !begun_ || *begun_ > since) return;
  host_->log(base::Level::warning, "connection.half_written", *this);
  refuse(base::make_fault(base::Code::invalid_request, {},
                          {{"message_timeout_ms", std::int64_t{host_->settings().message_timeout.count()}}}));
}

bool Session::idle() const {
  return state_ == State::open && !turn_wanted_ && !paused_ && !serving_ && unsent() == 0 &&
         conversation_->in_flight() == 0 && watcher_.expired();
}

std::size_t Session::rate() const {
  const auto& settings = host_->settings();
  return display() ? settings.display_requests_per_second : settings.requests_per_second;
}

std::optional<std::chrono::milliseconds> Session::must_wait() {
  const auto now = std::chrono::steady_clock::now();
  if (serving_ && now - line_begun_ > batch_time) return retry_batch;
  const auto most = static_cast<double>(rate());
  const std::chrono::duration<double> passed = now - std::exchange(allowed_at_, now);
  allowance_ = std::min(most, allowance_ + passed.count() * most);
  if (allowance_ >= 1) {
    allowance_ -= 1;
    return std::nullopt;
  }
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>((1 - allowance_) / most));
}

bool Session::answer_lines() {
  bool secret = false;
  serving_ = true;
  paused_ = more_ = false;
  const auto most = host_->settings().max_output_bytes;
  const auto turn_begun = std::chrono::steady_clock::now();
  line_begun_ = turn_begun;
  for (int left = display() ? display_lines_a_turn : lines_a_turn; state_ == State::open; --left) {
    if (unsent() >= most) write();
    if (unsent() >= most) {
      paused_ = true;
      break;
    }
    if (left == 0 || line_begun_ - turn_begun >= turn_time) {
      more_ = true;
      break;
    }
    const auto line = in_.next_line();
    if (!line) break;
    begun_.reset();
    secret = conversation_->receive(caller_, *line) || secret;
    line_begun_ = std::chrono::steady_clock::now();
  }
  in_.settle();
  serving_ = false;
  return secret;
}

// --- replies and events

void Session::advanced() {
  quiet_since_ = std::chrono::steady_clock::now();
  if (serving_ || state_ == State::ended) return;
  write();
  // The method that has just answered is still at work: what follows from it waits until it has returned.
  if (state_ != State::open || paused_) {
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->after_write(); });
  }
}

bool Session::push(std::shared_ptr<const std::string> line) {
  if (state_ != State::open && state_ != State::peer_done) return false;
  if (unsent() != 0 && unsent() + line->size() > event_window) {
    refused_ = true;
    return false;
  }
  out_.append(*line);
  if (!serving_) write();
  return true;
}

// Closed for both directions: an end of input alone does not say so.
bool Session::gone() {
  if (state_ == State::ended) return true;
  pollfd polled{socket_.native_handle(), 0, 0};
  return ::poll(&polled, 1, 0) == 1 && (polled.revents & (POLLHUP | POLLERR)) != 0;
}

void Session::write() {
  if (blocked_) return;
  while (unsent() != 0) {
    error_code error;
    sent_ += socket_.write_some(asio::buffer(out_.data() + sent_, unsent()), error);
    if (!error) continue;
    blocked_ = true;
    if (error != asio::error::would_block) {
      asio::post(socket_.get_executor(), [self = shared_from_this()] { self->end(); });
      return;
    }
    if (sent_ > out_.size() / 2) {
      out_.erase(0, sent_);
      sent_ = 0;
    }
    if (host_ != nullptr) expire_after(host_->settings().stall_timeout, "connection.stalled");
    socket_.async_wait(Socket::wait_write,
                       [self = shared_from_this()](const error_code& failed) { self->on_writable(failed); });
    return;
  }
  if (out_.capacity() > kept_output) {
    out_ = std::string();
  } else {
    out_.clear();
  }
  sent_ = 0;
}

void Session::on_writable(const error_code& error) {
  if (state_ == State::ended) return;
  if (error) return end();
  blocked_ = false;
  timer_.cancel();
  write();
  after_write();
}

// What becomes possible, or due, when output has been taken.
void Session::after_write() {
  const auto sent = unsent() == 0;
  switch (state_) {
    case State::open:
      if (refused_ && unsent() < event_window / 2) tell_room();
      if (paused_ && unsent() < host_->settings().max_output_bytes) {
        serve();
      } else if (!paused_ && !turn_wanted_) {
        read();
      }
      break;
    case State::peer_done:
      if (sent && conversation_->in_flight() == 0) {
        end();
      } else if (refused_ && unsent() < event_window / 2) {
        tell_room();
      }
      break;
    case State::finishing:
      if (sent) end();
      break;
    case State::refusing:
      if (sent) linger();
      break;
    case State::lingering:
    case State::ended:
      break;
  }
}

void Session::tell_room() {
  refused_ = false;
  if (const auto watcher = watcher_.lock()) watcher->writable(*this);
}

// Closing a socket with unread input would take the reason away from a peer that is still sending.
void Session::linger() {
  state_ = State::lingering;
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  in_.clear();
  expire_after(linger_time, {});
  read();
}

void Session::expire_after(std::chrono::milliseconds time, std::string_view why) {
  timer_.expires_after(time);
  timer_.async_wait([self = shared_from_this(), why](const error_code& error) {
    // Waiting anew does not call back a wait that has just ended.
    if (error || self->state_ == State::ended || self->timer_.expiry() > std::chrono::steady_clock::now())
      return;
    if (!why.empty()) self->host_->log(base::Level::warning, why, *self);
    self->end();
  });
}

}  // namespace madoguchi::server
