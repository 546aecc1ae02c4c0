#include "authority/http_transport.hpp"

#include <openssl/ssl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <vector>

#include "base/url.hpp"
#include "cmp/openssl.hpp"

namespace madoguchi::authority {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint64_t largest_answer = 1024UL * 1024;
constexpr std::uint64_t largest_list = 8 * largest_answer;
// What the parser has before it at once: header, a chunk's extensions or trailers, all of which it looks
// through anew with every read until they have come to their end.
constexpr std::size_t longest_part = std::size_t{16} * 1024;
// What an answer may have beyond its body, the framing of its chunks included.
constexpr std::uint64_t largest_frame = 64UL * 1024;

struct Manner {
  std::string_view request;  // content types; empty: nothing is posted, it is fetched
  std::string_view answer;   // empty: any
  std::uint64_t largest = largest_answer;
  bool knocks = false;  // connects, and says nothing
};
// A list is signed whatever it is called, and servers have several names for it beside RFC 2585's.
constexpr Manner manner_of(Carries carries) {
  switch (carries) {
    case Carries::ocsp:
      return {"application/ocsp-request", "application/ocsp-response"};
    case Carries::crl:
      return {{}, {}, largest_list};
    case Carries::nothing:
      return {{}, {}, 0, true};
    case Carries::cmp:
      break;
  }
  return {"application/pkixcmp", "application/pkixcmp"};
}

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);

using Answer = http::response<http::vector_body<std::uint8_t>>;
using AnswerParser = http::response_parser<http::vector_body<std::uint8_t>>;

// One message and its answer. Kept alive by what it waits for.
class Post : public std::enable_shared_from_this<Post> {
 public:
  Post(asio::io_context& loop, asio::ssl::context& tls, const base::Url& url, const Manner& manner,
       Transport::Done done)
      : loop_(loop),
        url_(url),
        manner_(manner),
        resolver_(loop),
        stream_(loop, tls),
        deadline_(loop),
        done_(std::move(done)) {}

  void start(base::Bytes message, std::chrono::milliseconds timeout);
  void cancel() { finish(unreachable("cancelled")); }
  [[nodiscard]] bool finished() const { return done_ == nullptr; }

 private:
  asio::awaitable<error_code> connect();
  asio::awaitable<error_code> secure();
  template <class Stream>
  asio::awaitable<error_code> exchange(Stream& stream);
  asio::awaitable<void> run(std::shared_ptr<Post> self);
  [[nodiscard]] base::Result<base::Bytes> checked_answer();
  [[nodiscard]] base::Fault unreachable(const std::string& why) const;
  void finish(base::Result<base::Bytes> result);

  asio::io_context& loop_;
  base::Url url_;
  Manner manner_;
  tcp::resolver resolver_;
  asio::ssl::stream<tcp::socket> stream_;  // without TLS only its socket is used
  asio::steady_timer deadline_;
  Transport::Done done_;
  http::request<http::vector_body<std::uint8_t>> request_;
  AnswerParser parser_;
  const char* doing_ = "resolving";
  bool sent_ = false;
};

base::Fault Post::unreachable(const std::string& why) const {
  return base::make_fault(base::Code::authority_unreachable,
                          std::string(doing_) + " " + url_.authority + ": " + why, {{"sent", sent_}});
}

void Post::start(base::Bytes message, std::chrono::milliseconds timeout) {
  const bool posts = !manner_.request.empty();
  request_ = {posts ? http::verb::post : http::verb::get, url_.path, 11, std::move(message)};
  request_.set(http::field::host, url_.authority);
  request_.set(http::field::user_agent, "madoguchi");
  if (posts) {
    request_.set(http::field::content_type,
                 boost::string_view(manner_.request.data(), manner_.request.size()));
  }
  request_.keep_alive(false);
  request_.prepare_payload();
  parser_.body_limit(manner_.largest);
  parser_.header_limit(longest_part);
  deadline_.expires_after(timeout);
  deadline_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->finish(self->unreachable("timed out"));
  });
  asio::co_spawn(loop_, run(shared_from_this()), asio::detached);
}

asio::awaitable<error_code> Post::connect() {
  auto [unresolved, addresses] = co_await resolver_.async_resolve(url_.host, url_.port, awaited);
  if (unresolved || finished()) co_return unresolved;
  doing_ = "connecting to";
  auto [unconnected, address] = co_await asio::async_connect(stream_.next_layer(), addresses, awaited);
  if (unconnected || finished()) co_return unconnected;
  error_code error;
  // The message goes out in one piece; waiting for an acknowledgement to fill packets costs 40 ms (RFC 896,
  // 1122).
  stream_.next_layer().set_option(tcp::no_delay(true), error);
  co_return error;
}

asio::awaitable<error_code> Post::secure() {
  doing_ = "securing the connection to";
  error_code is_name;
  asio::ip::make_address(url_.host, is_name);
  // RFC 6066 3: an address is no server name.
  if (is_name && SSL_set_tlsext_host_name(stream_.native_handle(), url_.host.c_str()) != 1) {
    co_return make_error_code(boost::system::errc::invalid_argument);
  }
  stream_.set_verify_mode(asio::ssl::verify_peer);
  stream_.set_verify_callback(asio::ssl::host_name_verification(url_.host));
  auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::client, awaited);
  co_return error;
}

template <class Stream>
asio::awaitable<error_code> Post::exchange(Stream& stream) {
  doing_ = "sending to";
  sent_ = true;
  auto [unsent, written] = co_await http::async_write(stream, request_, awaited);
  if (unsent || finished()) co_return unsent;
  doing_ = "waiting for";
  boost::beast::flat_buffer buffer(longest_part);
  for (std::uint64_t taken = 0; !parser_.is_done() && !finished();) {
    auto [error, size] = co_await http::async_read_some(stream, buffer, parser_, awaited);
    if (error) co_return error;
    taken += size;
    if (taken > manner_.largest + largest_frame) co_return http::error::buffer_overflow;
  }
  co_return error_code();
}

asio::awaitable<void> Post::run(std::shared_ptr<Post> self) {
  static_cast<void>(self);  // kept by the coroutine's frame
  auto error = co_await connect();
  if (!error && !finished() && url_.secure) error = co_await secure();
  if (!error && manner_.knocks) co_return finish(base::Bytes());
  if (!error && !finished()) {
    error = url_.secure ? co_await exchange(stream_) : co_await exchange(stream_.next_layer());
  }
  if (error) {
    finish(unreachable(error.message()));
  } else if (!finished()) {
    finish(checked_answer());
  }
}

bool is_of(std::string_view media_type, std::string_view content_type) {
  const auto type = content_type.substr(0, content_type.find_first_of("; \t"));
  return boost::beast::iequals({type.data(), type.size()}, {media_type.data(), media_type.size()});
}

base::Result<base::Bytes> Post::checked_answer() {
  Answer answer = parser_.release();
  const auto type = answer[http::field::content_type];
  const bool of_type = manner_.answer.empty() || is_of(manner_.answer, {type.data(), type.size()});
  const bool good = answer.result() == http::status::ok && of_type && !answer.body().empty();
  if (good) return std::move(answer.body());
  auto fault = unreachable("status " + std::to_string(answer.result_int()) + ", content type '" +
                           std::string(type) + "', " + std::to_string(answer.body().size()) + " bytes");
  fault.details["http_status"] = answer.result_int();
  return fault;
}

// Does not wait for what is still under way: a name server may take longer than the deadline and cannot be
// stopped.
void Post::finish(base::Result<base::Bytes> result) {
  if (finished()) return;
  asio::post(loop_, [done = std::exchange(done_, nullptr), answer = std::move(result)]() mutable {
    done(std::move(answer));
  });
  deadline_.cancel();
  resolver_.cancel();
  error_code ignored;
  stream_.next_layer().close(ignored);
}

class HttpTransport final : public Transport {
 public:
  HttpTransport(asio::io_context& loop, base::Url url, asio::ssl::context tls, Carries carries)
      : loop_(loop), url_(std::move(url)), tls_(std::move(tls)), manner_(manner_of(carries)) {}
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;
  ~HttpTransport() override { cancel(); }

  void post(base::Bytes message, std::chrono::milliseconds timeout, Done done) override {
    std::erase_if(posts_, [](const std::weak_ptr<Post>& post) { return post.expired(); });
    const auto post = std::make_shared<Post>(loop_, tls_, url_, manner_, std::move(done));
    posts_.push_back(post);
    post->start(std::move(message), timeout);
  }

  void cancel() override {
    for (const auto& weak : std::exchange(posts_, {})) {
      if (const auto post = weak.lock()) post->cancel();
    }
  }

 private:
  asio::io_context& loop_;
  base::Url url_;
  asio::ssl::context tls_;
  Manner manner_;
  std::vector<std::weak_ptr<Post>> posts_;
};

base::Fault unusable(const char* pointer, std::string why) {
  return library_fault(base::Code::invalid_params, std::move(why), {{"pointer", pointer}});
}

base::Result<void> trust(asio::ssl::context& tls, base::ByteView trusted) {
  if (trusted.empty()) {
    error_code error;
    tls.set_default_verify_paths(error);
    if (error) return unusable("/trusted", error.message());
    return {};
  }
  const auto certificates = parse_certificates(trusted);
  if (certificates.empty()) return unusable("/trusted", "no certificates");
  X509_STORE* store = SSL_CTX_get_cert_store(tls.native_handle());
  for (const auto& certificate : certificates) {
    if (X509_STORE_add_cert(store, certificate.get()) != 1) return unusable("/trusted", "not accepted");
  }
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Transport>> make_http_transport(asio::io_context& loop, HttpSettings settings) {
  auto url = base::parse_url(settings.url);
  if (!url) return unusable("/url", "not of the form http[s]://host[:port][/path]");
  asio::ssl::context tls(asio::ssl::context::tls_client);
  if (SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION) != 1) {
    return library_fault(base::Code::internal, "TLS 1.2 cannot be had");
  }
  if (url->secure) {  // the system's certificates take a while to load
    if (const auto trusted = trust(tls, settings.trusted); !trusted) return trusted.error();
  }
  return std::unique_ptr<Transport>(
      std::make_unique<HttpTransport>(loop, std::move(*url), std::move(tls), settings.carries));
}

}  // namespace madoguchi::authority
