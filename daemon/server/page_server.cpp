#include "server/page_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "listener.hpp"

namespace madoguchi::server {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Socket = asio::local::stream_protocol::socket;
using boost::system::error_code;

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
constexpr int most_readers = 4;
constexpr std::uint32_t longest_request = 4096;
constexpr std::chrono::seconds patience{5};
// After an error that stays, such as too many open files.
constexpr std::chrono::milliseconds pause{500};

}  // namespace

class PageServer::Inside : public std::enable_shared_from_this<Inside> {
 public:
  Inside(asio::io_context& loop, PageSettings settings)
      : loop_(loop), settings_(std::move(settings)), acceptor_(loop), pause_(loop) {}

  base::Result<void> start();
  void stop();

 private:
  asio::awaitable<void> accept(std::shared_ptr<Inside> self);
  asio::awaitable<void> serve(std::shared_ptr<Socket> socket, std::shared_ptr<Inside> self);
  http::response<http::string_body> answer(const http::request<http::empty_body>& request);

  asio::io_context& loop_;
  PageSettings settings_;
  asio::local::stream_protocol::acceptor acceptor_;
  asio::steady_timer pause_;
  std::optional<Listener> listener_;
  int readers_ = 0;
};

base::Result<void> PageServer::Inside::start() {
  ServerSettings socket;
  socket.path = settings_.socket;
  socket.mode = settings_.mode;
  socket.group = settings_.group;
  auto listener = Listener::open(socket);
  if (!listener) return listener.error();
  listener_.emplace(std::move(*listener));
  auto descriptor = listener_->take_socket();
  error_code error;
  acceptor_.assign(asio::local::stream_protocol(), descriptor.get(), error);
  if (error) return base::make_fault(base::Code::internal, settings_.socket + ": " + error.message());
  descriptor.release();
  asio::co_spawn(loop_, accept(shared_from_this()), asio::detached);
  return {};
}

void PageServer::Inside::stop() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  if (listener_) listener_->remove_file();
}

asio::awaitable<void> PageServer::Inside::accept(std::shared_ptr<Inside> self) {
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(awaited);
    if (!acceptor_.is_open()) co_return;
    if (error) {
      pause_.expires_after(pause);
      auto [cancelled] = co_await pause_.async_wait(awaited);
      static_cast<void>(cancelled);
      continue;
    }
    // One more is closed at once: a monitor comes again.
    if (readers_ >= most_readers) continue;
    auto taken = std::make_shared<Socket>(std::move(socket));
    asio::co_spawn(loop_, serve(std::move(taken), self), asio::detached);
  }
}

http::response<http::string_body> PageServer::Inside::answer(const http::request<http::empty_body>& request) {
  http::response<http::string_body> response{http::status::ok, 11};
  response.keep_alive(false);
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  const auto target = request.target();
  if (request.method() != http::verb::get) {
    response.result(http::status::method_not_allowed);
    response.set(http::field::allow, "GET");
    response.body() = "GET only\n";
  } else if (std::string_view(target.data(), target.size()) != settings_.target) {
    response.result(http::status::not_found);
    response.body() = "only " + settings_.target + "\n";
  } else {
    response.set(http::field::content_type, settings_.content_type);
    response.body() = settings_.page();
  }
  response.prepare_payload();
  return response;
}

asio::awaitable<void> PageServer::Inside::serve(std::shared_ptr<Socket> socket,
                                                std::shared_ptr<Inside> self) {
  static_cast<void>(self);  // kept by the coroutine's frame
  ++readers_;
  asio::steady_timer deadline(loop_, patience);
  deadline.async_wait([socket](const error_code& cancelled) {
    error_code ignored;
    if (!cancelled) socket->close(ignored);
  });
  http::request_parser<http::empty_body> parser;
  parser.header_limit(longest_request);
  boost::beast::flat_buffer buffer(longest_request);
  auto [error, read] = co_await http::async_read(*socket, buffer, parser, awaited);
  if (!error) {
    auto response = answer(parser.get());
    auto [unsent, written] = co_await http::async_write(*socket, response, awaited);
    static_cast<void>(unsent);
  }
  deadline.cancel();
  --readers_;
}

PageServer::PageServer(asio::io_context& loop, PageSettings settings)
    : inside_(std::make_shared<Inside>(loop, std::move(settings))) {}

PageServer::~PageServer() {
  inside_->stop();
}

base::Result<void> PageServer::start() {
  return inside_->start();
}

}  // namespace madoguchi::server
