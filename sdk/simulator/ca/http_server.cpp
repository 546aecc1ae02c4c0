#include "simulated_ca/http_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <thread>
#include <vector>

namespace madoguchi::simulated_ca {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;
using asio::ip::tcp;

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr std::size_t longest_body = 64UL * 1024;
constexpr auto patience = std::chrono::seconds(60);
constexpr unsigned threads = 3;

base::ByteView bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of(const base::Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

// What to do about one request.
struct Reply {
  Response response;
  Delivery delivery = Delivery::answer;
  std::chrono::milliseconds delay{0};
};

Reply reply(http::status status, std::string_view type, std::string body) {
  Reply made;
  made.response.result(status);
  if (!type.empty())
    made.response.set(http::field::content_type, beast::string_view(type.data(), type.size()));
  made.response.body() = std::move(body);
  return made;
}

Reply reply(const base::Result<base::Bytes>& made, std::string_view type) {
  if (made) return reply(http::status::ok, type, text_of(*made));
  return reply(http::status::internal_server_error, "text/plain", base::describe(made.error()) + "\n");
}

bool has_type(const Request& request, beast::string_view type) {
  const auto value = request[http::field::content_type];
  return beast::iequals(value.substr(0, value.find(';')), type);
}

Reply cmp_reply(Service& service, const Request& request) {
  if (request.method() != http::verb::post) return reply(http::status::method_not_allowed, "", "");
  if (!has_type(request, "application/pkixcmp")) return reply(http::status::unsupported_media_type, "", "");
  auto answer = service.cmp(bytes_of(request.body()));
  auto made = answer.body.empty()
                  ? reply(static_cast<http::status>(answer.status), "text/plain", answer.error)
                  : reply(http::status::ok, "application/pkixcmp", text_of(answer.body));
  made.delivery = answer.delivery;
  made.delay = answer.delay;
  return made;
}

Reply control_reply(Service& service, const Request& request) {
  if (request.method() == http::verb::get)
    return reply(http::status::ok, "application/json", service.state());
  if (request.method() != http::verb::post) return reply(http::status::method_not_allowed, "", "");
  // A web page in the same machine's browser cannot send this type to another origin unasked.
  if (!has_type(request, "application/json")) return reply(http::status::unsupported_media_type, "", "");
  if (const auto done = service.control(request.body()); !done) {
    return reply(http::status::bad_request, "text/plain", base::describe(done.error()) + "\n");
  }
  return reply(http::status::ok, "application/json", service.state());
}

Reply handle(Service& service, const Request& request) {
  const auto target = request.target();
  if (target == "/pkix/" || target == "/pkix" || target == "/.well-known/cmp")
    return cmp_reply(service, request);
  if (target == "/control") return control_reply(service, request);
  if (target == "/ocsp" && request.method() == http::verb::post) {
    return reply(service.ocsp(bytes_of(request.body())), "application/ocsp-response");
  }
  for (const auto kind : simulated_issuer::kinds) {
    if (target == "/crl/" + std::string(simulated_issuer::to_string(kind)) &&
        request.method() == http::verb::get) {
      return reply(service.crl(kind), "application/pkix-crl");
    }
  }
  return reply(http::status::not_found, "", "");
}

// Until the client closes, or the server stops.
asio::awaitable<void> keep_silent(beast::tcp_stream& stream) {
  stream.expires_never();
  std::array<char, 256> ignored;
  while (true) co_await stream.async_read_some(asio::buffer(ignored), use_awaitable);
}

asio::awaitable<void> serve(beast::tcp_stream stream, Service& service) {
  beast::flat_buffer buffer;
  while (true) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(longest_body);
    stream.expires_after(patience);
    co_await http::async_read(stream, buffer, parser, use_awaitable);
    const auto request = parser.release();
    auto made = handle(service, request);
    if (made.delivery == Delivery::hang) co_await keep_silent(stream);
    if (made.delay.count() > 0) {
      asio::steady_timer timer(co_await asio::this_coro::executor, made.delay);
      co_await timer.async_wait(use_awaitable);
    }
    if (made.delivery == Delivery::close) break;
    made.response.version(request.version());
    made.response.keep_alive(request.keep_alive());
    made.response.prepare_payload();
    stream.expires_after(patience);
    co_await http::async_write(stream, made.response, use_awaitable);
    if (!request.keep_alive()) break;
  }
  beast::error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
}

// A client that goes away or sends no HTTP ends its own connection and nothing else.
void forget(const std::exception_ptr&) {}

asio::awaitable<void> accept(tcp::acceptor& acceptor, asio::io_context& loop, Service& service) {
  asio::steady_timer pause(loop);
  while (acceptor.is_open()) {
    boost::system::error_code error;
    auto socket =
        co_await acceptor.async_accept(asio::make_strand(loop), asio::redirect_error(use_awaitable, error));
    if (error) {  // as when there are no more file descriptors: some will be free later
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(use_awaitable);
      continue;
    }
    static_cast<void>(socket.set_option(tcp::no_delay(true), error));
    const auto executor = socket.get_executor();
    asio::co_spawn(executor, serve(beast::tcp_stream(std::move(socket)), service), forget);
  }
}

class Server final : public HttpServer {
 public:
  explicit Server(Service& service) : service_(service) {}

  base::Result<void> listen(std::uint16_t port) {
    const tcp::endpoint here(asio::ip::address_v4::loopback(), port);
    boost::system::error_code error;
    static_cast<void>(acceptor_.open(here.protocol(), error));
    if (!error) static_cast<void>(acceptor_.set_option(tcp::acceptor::reuse_address(true), error));
    if (!error) static_cast<void>(acceptor_.bind(here, error));
    if (!error) static_cast<void>(acceptor_.listen(tcp::acceptor::max_listen_connections, error));
    if (error) return base::make_fault(base::Code::conflict, "listen on 127.0.0.1: " + error.message());
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

  void run(bool signals) override {
    asio::signal_set awaited(loop_);
    if (signals) {
      awaited.add(SIGINT);
      awaited.add(SIGTERM);
      awaited.async_wait([this](auto, int) { stop(); });
    }
    asio::co_spawn(loop_, accept(acceptor_, loop_, service_), forget);
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < threads; ++i) others.emplace_back([this] { loop_.run(); });
    loop_.run();
  }

  void stop() override { loop_.stop(); }

 private:
  Service& service_;
  asio::io_context loop_{static_cast<int>(threads)};
  tcp::acceptor acceptor_{loop_};
};

}  // namespace

base::Result<std::unique_ptr<HttpServer>> HttpServer::listen(Service& service, std::uint16_t port) {
  auto server = std::make_unique<Server>(service);
  if (auto done = server->listen(port); !done) return done.error();
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace madoguchi::simulated_ca
