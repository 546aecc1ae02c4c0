#include "http_server.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace madoguchi::authority::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);

HttpRequest plain(const http::request<http::vector_body<std::uint8_t>>& request) {
  HttpRequest taken{.method = std::string(request.method_string()),
                    .target = std::string(request.target()),
                    .fields = {},
                    .body = request.body()};
  for (const auto& field : request) {
    std::string name(field.name_string());
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    taken.fields[name] = std::string(field.value());
  }
  return taken;
}

}  // namespace

std::string answer_of(std::string_view status, std::string_view content_type, const base::Bytes& body) {
  std::string text = "HTTP/1.1 ";
  text.append(status).append("\r\nContent-Type: ").append(content_type);
  text.append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  text.append(body.begin(), body.end());
  return text;
}

HttpServer::HttpServer(asio::io_context& loop, Behaviour behaviour)
    : loop_(loop), acceptor_(loop, {asio::ip::address_v4::loopback(), 0}), behaviour_(std::move(behaviour)) {
  asio::co_spawn(loop_, accept(), asio::detached);
}

HttpServer::HttpServer(asio::io_context& loop, Behaviour behaviour, const Identity& identity)
    : HttpServer(loop, std::move(behaviour)) {
  tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  const auto certificate = certificate_pem(*identity.certificate);
  const auto key = key_pem(*identity.key);
  tls_->use_certificate_chain(asio::buffer(certificate));
  tls_->use_private_key(asio::buffer(key), asio::ssl::context::pem);
}

std::string HttpServer::address(const std::string& scheme, const std::string& host) const {
  return scheme + "://" + host + ":" + std::to_string(acceptor_.local_endpoint().port()) + "/pkix/";
}

asio::awaitable<void> HttpServer::accept() {
  for (;;) {
    auto [error, socket] = co_await acceptor_.async_accept(awaited);
    if (error) co_return;
    ++connections;
    asio::co_spawn(loop_, greet(std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> HttpServer::greet(tcp::socket socket) {
  if (!tls_) {
    co_await serve(socket);
    co_return;
  }
  asio::ssl::stream<tcp::socket> stream(std::move(socket), *tls_);
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, awaited);
  if (!error) co_await serve(stream);
}

template <class Stream>
asio::awaitable<void> HttpServer::serve(Stream& stream) {
  boost::beast::flat_buffer buffer;
  http::request<http::vector_body<std::uint8_t>> request;
  const auto [unread, size] = co_await http::async_read(stream, buffer, request, awaited);
  if (unread) co_return;
  requests.push_back(plain(request));
  const HttpAnswer answer = behaviour_(requests.back());
  for (const auto& piece : answer.pieces) {
    if (answer.pause.count() > 0) {
      asio::steady_timer timer(loop_, answer.pause);
      co_await timer.async_wait(asio::use_awaitable);
    }
    const auto [unsent, sent] = co_await asio::async_write(stream, asio::buffer(piece), awaited);
    if (unsent) co_return;
  }
  if (answer.stay_open) {
    char byte = 0;
    co_await stream.async_read_some(asio::buffer(&byte, 1), awaited);  // until the other side goes
  }
}

}  // namespace madoguchi::authority::test
