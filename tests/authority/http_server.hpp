// A server on a port of its own that answers as a test tells it, on the test's own loop.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pki.hpp"

namespace madoguchi::authority::test {

struct HttpRequest {
  std::string method;
  std::string target;
  std::map<std::string, std::string> fields;  // names in lower case
  base::Bytes body;
};

// What goes back, piece by piece; then the connection is closed unless it is to stay open.
struct HttpAnswer {
  std::vector<std::string> pieces;
  std::chrono::milliseconds pause{0};  // before each piece
  bool stay_open = false;
};

std::string answer_of(std::string_view status, std::string_view content_type, const base::Bytes& body);

class HttpServer {
 public:
  using Behaviour = std::function<HttpAnswer(const HttpRequest&)>;
  HttpServer(boost::asio::io_context& loop, Behaviour behaviour);
  // Speaks TLS with that certificate.
  HttpServer(boost::asio::io_context& loop, Behaviour behaviour, const Identity& identity);

  [[nodiscard]] std::string address(const std::string& scheme = "http",
                                    const std::string& host = "127.0.0.1") const;
  std::vector<HttpRequest> requests;
  int connections = 0;

 private:
  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> greet(boost::asio::ip::tcp::socket socket);
  template <class Stream>
  boost::asio::awaitable<void> serve(Stream& stream);

  boost::asio::io_context& loop_;
  boost::asio::ip::tcp::acceptor acceptor_;
  Behaviour behaviour_;
  std::unique_ptr<boost::asio::ssl::context> tls_;
};

}  // namespace madoguchi::authority::test
