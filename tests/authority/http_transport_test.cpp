#include "authority/http_transport.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <cstdlib>
#include <optional>

#include "http_server.hpp"
#include "journey.hpp"

namespace madoguchi::authority::test {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

const base::Bytes question{1, 2, 3};
const base::Bytes reply{4, 5, 6, 7};

// A loop, a server on it and a transport to that; run() ends when the answer is there.
struct Line {
  explicit Line(HttpServer::Behaviour behaviour)
      : server(std::make_unique<HttpServer>(loop, std::move(behaviour))),
        transport(connect(server->address())) {}
  Line(HttpServer::Behaviour behaviour, const Identity& identity, const std::string& host,
       base::Bytes trusted)
      : server(std::make_unique<HttpServer>(loop, std::move(behaviour), identity)),
        transport(connect(server->address("https", host), std::move(trusted))) {}
  explicit Line(const std::string& url) : transport(connect(url)) {}

  std::unique_ptr<Transport> connect(const std::string& url, base::Bytes trusted = {}) {
    return make_http_transport(loop, {.url = url, .trusted = std::move(trusted)}).value();
  }

  void post(const base::Bytes& message, std::chrono::milliseconds timeout = 10s) {
    transport->post(message, timeout, [this](base::Result<base::Bytes> result) {
      ++calls;
      answer = std::move(result);
      loop.stop();
    });
  }

  base::Result<base::Bytes> run() {
    loop.restart();
    loop.run();
    EXPECT_TRUE(answer.has_value());
    loop.restart();
    loop.poll();  // whatever else is due: a second call would come now
    EXPECT_EQ(calls, 1);
    calls = 0;
    return *std::exchange(answer, std::nullopt);
  }

  base::Result<base::Bytes> ask(const base::Bytes& message = question,
                                std::chrono::milliseconds timeout = 10s) {
    post(message, timeout);
    return run();
  }

  asio::io_context loop;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<Transport> transport;
  std::optional<base::Result<base::Bytes>> answer;
  int calls = 0;
};

HttpServer::Behaviour says(std::string text) {
  return [text = std::move(text)](const HttpRequest&) { return HttpAnswer{.pieces = {text}}; };
}
HttpServer::Behaviour replies() {
  return says(answer_of("200 OK", "application/pkixcmp", reply));
}

void expect_unreachable(const base::Result<base::Bytes>& result, bool sent) {
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::Code::authority_unreachable);
  EXPECT_EQ(result.error().details.at("sent").as_bool(), sent) << result.error().inner;
}

TEST(HttpTransport, PostsTheMessageAndGivesTheAnswer) {
  Line line(replies());
  EXPECT_EQ(line.ask().value(), reply);
  ASSERT_EQ(line.server->requests.size(), 1U);
  const auto& request = line.server->requests[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/pkix/");
  EXPECT_EQ(request.body, question);
  EXPECT_EQ(request.fields.at("content-type"), "application/pkixcmp");
  EXPECT_EQ(request.fields.at("connection"), "close");
  EXPECT_EQ("http://" + request.fields.at("host") + "/pkix/", line.server->address());
}

TEST(HttpTransport, CarriesCertificateStatusWithItsOwnContentTypes) {
  for (const bool fits : {true, false}) {
    Line line(says(answer_of("200 OK", fits ? "application/ocsp-response" : "application/pkixcmp", reply)));
    line.transport = make_http_transport(
                         line.loop, {.url = line.server->address(), .trusted = {}, .carries = Carries::ocsp})
                         .value();
    const auto answer = line.ask();
    EXPECT_EQ(line.server->requests.at(0).fields.at("content-type"), "application/ocsp-request");
    if (fits) {
      EXPECT_EQ(answer.value(), reply);
    } else {
      expect_unreachable(answer, true);
    }
  }
}

TEST(HttpTransport, FetchesAListOfAnyContentTypeAndPostsNothing) {
  const base::Bytes list(3UL * 1024 * 1024, 7);
  Line line(says(answer_of("200 OK", "application/x-pkcs7-crl", list)));
  line.transport =
      make_http_transport(line.loop, {.url = line.server->address(), .trusted = {}, .carries = Carries::crl})
          .value();
  EXPECT_EQ(line.ask({}).value(), list);
  const auto& request = line.server->requests.at(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_FALSE(request.fields.contains("content-type"));
  EXPECT_TRUE(request.body.empty());
}

TEST(HttpTransport, TakesAConnectionForEachMessageAndKnowsNoProxy) {
  ::setenv("http_proxy", "http://127.0.0.1:9/", 1);
  Line line(replies());
  EXPECT_TRUE(line.ask());
  EXPECT_TRUE(line.ask());
  ::unsetenv("http_proxy");
  EXPECT_EQ(line.server->connections, 2);
}

TEST(HttpTransport, CallsBackFromTheLoopOnly) {
  Line line(replies());
  line.post(question);
  line.transport->cancel();
  EXPECT_EQ(line.calls, 0);
  expect_unreachable(line.run(), false);
}

TEST(HttpTransport, SeveralMessagesMayBeUnderWay) {
  Line line([](const HttpRequest& request) {
    return HttpAnswer{.pieces = {answer_of("200 OK", "application/pkixcmp", request.body)}};
  });
  std::vector<base::Bytes> answers;
  for (std::uint8_t i = 1; i <= 5; ++i) {
    line.transport->post({i}, 10s, [&](base::Result<base::Bytes> result) {
      answers.push_back(result.value());
      if (answers.size() == 5) line.loop.stop();
    });
  }
  line.loop.run();
  std::ranges::sort(answers);
  EXPECT_EQ(answers, (std::vector<base::Bytes>{{1}, {2}, {3}, {4}, {5}}));
}

TEST(HttpTransport, ARefusedConnectionIsUnreachableAndNothingWasSent) {
  std::string nobody;
  {
    asio::io_context loop;
    nobody = HttpServer(loop, replies()).address();
  }
  Line line(nobody);
  expect_unreachable(line.ask(), false);
}

TEST(HttpTransport, AnUnknownHostIsUnreachable) {
  Line line(std::string("http://no-such-host.invalid/"));
  expect_unreachable(line.ask(question, 3s), false);
}

TEST(HttpTransport, ASilentServerTimesOut) {
  Line line([](const HttpRequest&) { return HttpAnswer{.pieces = {}, .stay_open = true}; });
  const auto result = line.ask(question, 80ms);
  expect_unreachable(result, true);
  EXPECT_NE(result.error().inner.find("timed out"), std::string::npos);
}

// What a server sends beside the body counts as well: the parser goes through it again and again, on the loop
// that serves every counter.
TEST(HttpTransport, AnEndlessFrameIsRefusedLongBeforeTheTimeout) {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nContent-Type: application/pkixcmp\r\nTransfer-Encoding: chunked\r\n";
  const std::string four_kib(4096, 'y');
  const std::vector<std::pair<std::string, std::string>> frames{
      {chunked + "\r\n1\r\nx\r\n0\r\n", "T: " + four_kib + "\r\n"},  // trailers
      {chunked + "\r\n", "1;" + four_kib + "\r\nx\r\n"},             // extensions of chunks
      {chunked + "\r\n1;", four_kib},                                // one extension
      {chunked, "H: " + four_kib + "\r\n"},                          // header
  };
  for (const auto& [begin, again] : frames) {
    Line line([&begin = begin, &again = again](const HttpRequest&) {
      HttpAnswer answer{.pieces = {begin}, .stay_open = true};
      answer.pieces.insert(answer.pieces.end(), 1024, again);
      return answer;
    });
    const auto result = line.ask(question, 30s);
    expect_unreachable(result, true);
    EXPECT_EQ(result.error().inner.find("timed out"), std::string::npos) << again.substr(0, 4);
  }
}

TEST(HttpTransport, ChunksWithTrailersAreAnAnswer) {
  Line line(
      says("HTTP/1.1 200 OK\r\nContent-Type: application/pkixcmp\r\nTransfer-Encoding: chunked\r\n\r\n"
           "1;a=b\r\n\x04\r\n3\r\n\x05\x06\x07\r\n0\r\nExpires: never\r\n\r\n"));
  EXPECT_EQ(line.ask().value(), reply);
}

// Each byte comes in time, but the whole does not.
TEST(HttpTransport, TheTimeoutCoversTheWholeExchange) {
  Line line([](const HttpRequest&) {
    HttpAnswer answer{.pieces = {}, .pause = 5ms};
    for (const char c : answer_of("200 OK", "application/pkixcmp", base::Bytes(1000, 0x30))) {
      answer.pieces.emplace_back(1, c);
    }
    return answer;
  });
  const auto begun = std::chrono::steady_clock::now();
  expect_unreachable(line.ask(question, 100ms), true);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 4s);  // the whole answer would take five
}

TEST(HttpTransport, CancelEndsEveryPost) {
  Line* there = nullptr;
  Line line([&](const HttpRequest&) {
    asio::post(there->loop, [&] { there->transport->cancel(); });
    return HttpAnswer{.pieces = {}, .stay_open = true};
  });
  there = &line;
  expect_unreachable(line.ask(), true);
  // And the next one is not affected.
  line.server = std::make_unique<HttpServer>(line.loop, replies());
  line.transport = line.connect(line.server->address());
  EXPECT_TRUE(line.ask());
}

TEST(HttpTransport, DestroyingItStillAnswers) {
  Line line([](const HttpRequest&) { return HttpAnswer{.pieces = {}, .stay_open = true}; });
  line.post(question);
  line.transport.reset();
  expect_unreachable(line.run(), false);
}

TEST(HttpTransport, TheContentTypeMayHaveParametersAndAnyCase) {
  Line line(says(answer_of("200 OK", "Application/PKIXCMP; charset=binary", reply)));
  EXPECT_EQ(line.ask().value(), reply);
}

TEST(HttpTransport, AnotherStatusOrContentTypeOrNoBodyIsUnreachable) {
  struct {
    const char* status;
    const char* type;
    base::Bytes body;
    int expected;
  } const cases[] = {{"200 OK", "text/html", reply, 200},
                     {"200 OK", "application/pkixcmp-poll", reply, 200},
                     {"200 OK", "application/pkixcmp", {}, 200},
                     {"500 Broken", "application/pkixcmp", reply, 500},
                     {"302 Found\r\nLocation: http://127.0.0.1:9/", "application/pkixcmp", reply, 302}};
  for (const auto& one : cases) {
    Line line(says(answer_of(one.status, one.type, one.body)));
    const auto result = line.ask();
    expect_unreachable(result, true);
    EXPECT_EQ(result.error().details.at("http_status").to_number<int>(), one.expected);
  }
}

TEST(HttpTransport, AnAnswerOfAMebibyteIsTakenAndABiggerOneIsNot) {
  const std::size_t mebibyte = 1024UL * 1024;
  Line fits(says(answer_of("200 OK", "application/pkixcmp", base::Bytes(mebibyte, 0x30))));
  EXPECT_EQ(fits.ask().value().size(), mebibyte);
  Line huge(says(answer_of("200 OK", "application/pkixcmp", base::Bytes(mebibyte + 1, 0x30))));
  expect_unreachable(huge.ask(), true);
  // A length that is not told beforehand.
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/pkixcmp\r\n";
  Line endless(says(head + "Connection: close\r\n\r\n" + std::string(3 * mebibyte, '0')));
  expect_unreachable(endless.ask(), true);
}

TEST(HttpTransport, AConnectionClosedMidwayIsUnreachable) {
  const auto whole = answer_of("200 OK", "application/pkixcmp", reply);
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, whole.size() / 2, whole.size() - 1}) {
    Line line(says(whole.substr(0, size)));
    expect_unreachable(line.ask(), true);
  }
  Line garbage(says("SSH-2.0-OpenSSH_9.2\r\n"));
  expect_unreachable(garbage.ask(), true);
}

class Https : public testing::Test {
 protected:
  static const Identity& identity() {
    static const Identity made = new_identity("web", &pki().root, Use::end_entity, "localhost");
    return made;
  }
  static base::Bytes root() { return certificate_pem(*pki().root.certificate); }
};

TEST_F(Https, Works) {
  Line line(replies(), identity(), "localhost", root());
  EXPECT_EQ(line.ask().value(), reply);
  EXPECT_EQ(line.server->requests.at(0).body, question);
}

TEST_F(Https, AServerOfAnotherNameGetsNothing) {
  Line by_address(replies(), identity(), "127.0.0.1", root());
  expect_unreachable(by_address.ask(), false);
  const Identity elsewhere = new_identity("web", &pki().root, Use::end_entity, "elsewhere.example");
  Line renamed(replies(), elsewhere, "localhost", root());
  expect_unreachable(renamed.ask(), false);
  EXPECT_TRUE(by_address.server->requests.empty());
  EXPECT_TRUE(renamed.server->requests.empty());
}

TEST_F(Https, AServerNobodyVouchesForGetsNothing) {
  Line line(replies(), identity(), "localhost", certificate_pem(*pki().issuing.certificate));
  expect_unreachable(line.ask(), false);
  Line system_wide(replies(), identity(), "localhost", {});
  expect_unreachable(system_wide.ask(), false);
  EXPECT_TRUE(line.server->requests.empty());
  EXPECT_TRUE(system_wide.server->requests.empty());
}

TEST_F(Https, AServerWithoutTlsGetsNothing) {
  Line line(replies());
  line.transport = line.connect(line.server->address("https"), root());
  expect_unreachable(line.ask(question, 500ms), false);
  EXPECT_TRUE(line.server->requests.empty());
}

TEST_F(Https, AnAnswerCutOffIsUnreachable) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/pkixcmp\r\n\r\n";
  Line line(says(head + "no length, and no close_notify either"), identity(), "localhost", root());
  expect_unreachable(line.ask(), true);
}

TEST(HttpTransport, CarriesAWholeEnrolment) {
  Responder responder;
  Line line([&](const HttpRequest& request) {
    return HttpAnswer{.pieces = {answer_of("200 OK", "application/pkixcmp", responder.handle(request.body))}};
  });
  Journey journey;
  Verdict verdict = Verdict::undecided;
  for (int step = 0; step < 8 && responder.confirmed == 0; ++step) {
    const auto next = journey.next(verdict).value();
    if (std::holds_alternative<Issued>(next)) verdict = Verdict::accepted;
    if (!std::holds_alternative<Send>(next)) continue;
    journey.store(line.ask(journey.record(next)).value());
  }
  EXPECT_TRUE(is<Finished>(journey.next(verdict)));
}

TEST(HttpSettings, TheComplaintNamesTheSetting) {
  asio::io_context loop;
  const auto url = make_http_transport(loop, {.url = "ftp://ca.example/", .trusted = {}});
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code, base::Code::invalid_params);
  EXPECT_EQ(detail(url.error(), "pointer"), "/url");
  const auto trusted = make_http_transport(loop, {.url = "https://ca.example/", .trusted = {'x'}});
  ASSERT_FALSE(trusted);
  EXPECT_EQ(detail(trusted.error(), "pointer"), "/trusted");
}

}  // namespace
}  // namespace madoguchi::authority::test
