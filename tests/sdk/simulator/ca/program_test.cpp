// madoguchi-ca as it is run, against the openssl command: another program at the other end of a real socket.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json/parse.hpp>

#include "ca_fixture.hpp"
#include "program.hpp"

namespace madoguchi::simulated_ca {
namespace {

using testing::HasSubstr;

constexpr int ten_seconds = 10'000;

class ProgramTest : public CaTest {
 protected:
  ProgramTest() {
    // OpenSSL's client would obey these.
    for (const char* name : {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"}) unsetenv(name);
  }

  void serve(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {CA_PROGRAM, "serve", folder_.path().string(), "--port", "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    program_ = std::make_unique<Program>(arguments);
    const auto ready = program_->read(true);
    port_ = static_cast<std::uint16_t>(boost::json::parse(ready).at("port").as_int64());
    base_url_ = "http://127.0.0.1:" + std::to_string(port_);
  }

  std::string file(const std::string& name) { return (folder_.path() / name).string(); }

  // `key`: of those made with the build.
  std::vector<std::string> enrolment(const std::string& name, int key = 2) {
    const auto number = std::to_string(key);
    return {OPENSSL_PROGRAM, "cmp",
            "-cmd",          "cr",
            "-server",       base_url_.substr(7),
            "-path",         "pkix/",
            "-cert",         file("ra.crt.pem"),
            "-key",          file("ra.key.pem"),
            "-trusted",      file("root.crt.pem"),
            "-newkey",       std::string(DEVELOPMENT_CA) + "/card-" + number + ".key.pem",
            "-subject",      "/C=JP/CN=" + name,
            "-certout",      file("new-" + number + ".crt.pem"),
            "-msg_timeout",  "5"};
  }
  Result enrol(const std::string& name, int key = 2) { return run(enrolment(name, key)); }

  // One connection, one request; what comes back until the server closes. `patience` in ms; empty when
  // nothing came.
  std::string talk(const std::string& request, int patience = ten_seconds) {
    const int connection = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string text;
    if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
      EXPECT_EQ(send(connection, request.data(), request.size(), MSG_NOSIGNAL),
                static_cast<ssize_t>(request.size()));
      char buffer[4096];
      pollfd ready{connection, POLLIN, 0};
      while (poll(&ready, 1, patience) == 1) {
        const auto size = recv(connection, buffer, sizeof buffer, 0);
        closed_ = size <= 0;
        if (closed_) break;
        text.append(buffer, static_cast<std::size_t>(size));
      }
    }
    close(connection);
    return text;
  }

  std::string post(const std::string& target, const std::string& type, const std::string& body,
                   int patience = ten_seconds) {
    closed_ = false;
    return talk("POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + type +
                    "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
                patience);
  }

  std::unique_ptr<Program> program_;
  std::uint16_t port_ = 0;
  std::string base_url_;
  bool closed_ = false;  // by the server
};

TEST_F(ProgramTest, OpensslEnrolsAsksAndVerifies) {
  serve();
  const auto enrolled = enrol("997794E9AGCIEG13221003A");
  ASSERT_EQ(enrolled.status, 0) << enrolled.output;
  const auto verify = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"verify", "-CAfile", file("authentication.crt.pem")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.push_back(file("new-2.crt.pem"));
    return openssl(arguments);
  };
  EXPECT_THAT(verify({}).output, HasSubstr(": OK"));

  const auto status = [&] {
    return openssl({"ocsp", "-issuer", file("authentication.crt.pem"), "-cert", file("new-2.crt.pem"), "-url",
                    base_url_ + "/ocsp", "-CAfile", file("authentication.crt.pem")})
        .output;
  };
  EXPECT_THAT(status(), testing::AllOf(HasSubstr("Response verify OK"), HasSubstr("new-2.crt.pem: good")));

  const auto fetch_crl = [&] {
    return openssl({"crl", "-in", base_url_ + "/crl/authentication", "-out", file("crl.pem")}).output;
  };
  fetch_crl();
  EXPECT_THAT(verify({"-crl_check", "-CRLfile", file("crl.pem")}).output, HasSubstr(": OK"));

  const auto serial = issued_->all().value().back().serial;
  EXPECT_EQ(run({CA_PROGRAM, "revoke", folder_.path().string(), serial, "--reason", "4"}).output,
            "revoked\n");
  EXPECT_THAT(status(), testing::AllOf(HasSubstr("new-2.crt.pem: revoked"), HasSubstr("Reason: superseded")));
  fetch_crl();
  EXPECT_THAT(verify({"-crl_check", "-CRLfile", file("crl.pem")}).output, HasSubstr("certificate revoked"));
}

TEST_F(ProgramTest, ListsWhatIsIssued) {
  serve();
  ASSERT_EQ(enrol("listed").status, 0);
  const auto listed =
      boost::json::parse(run({CA_PROGRAM, "issued", folder_.path().string(), "--json"}).output);
  ASSERT_EQ(listed.as_array().size(), 3u);
  const auto& last = listed.as_array().back();
  EXPECT_EQ(last.at("subject"), "CN=listed,C=JP");
  EXPECT_EQ(last.at("kind"), "authentication");
  EXPECT_EQ(last.at("status"), "good");
  EXPECT_EQ(last.at("confirmed"), true);
  EXPECT_EQ(last.at("spki_sha256").as_string(), issued_->all().value().back().spki_sha256);
}

TEST_F(ProgramTest, LosesAReplyAndHangsAndFails) {
  serve({"--fault", R"({"fault": "lose_reply", "body": "cr"})"});
  EXPECT_NE(enrol("lost", 2).status, 0);
  EXPECT_EQ(issued_->all().value().size(), 3u) << "it was processed";
  EXPECT_THAT(post("/control", "application/json", R"({"fault": "http_500", "body": "cr"})"),
              HasSubstr("200 OK"));
  EXPECT_NE(enrol("failed", 3).status, 0);
  EXPECT_EQ(issued_->all().value().size(), 3u) << "it was not processed";
  EXPECT_EQ(enrol("failed", 3).status, 0);
}

TEST_F(ProgramTest, AHangingConnectionDoesNotHoldUpTheOthers) {
  serve();
  const auto order = post("/control", "application/json", R"({"fault": "hang", "body": "genm"})");
  ASSERT_THAT(order, HasSubstr(R"("fault":"hang")"));
  const Program hanging(std::vector<std::string>{
      OPENSSL_PROGRAM, "cmp", "-cmd", "genm", "-infotype", "caProtEncCert", "-server", base_url_.substr(7),
      "-path", "pkix/", "-cert", file("ra.crt.pem"), "-key", file("ra.key.pem"), "-trusted",
      file("root.crt.pem"), "-msg_timeout", "60"});
  // Until the hanging one has been received.
  std::string state;
  while (state.find(R"("genm":1)") == std::string::npos) {
    state = talk("GET /control HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    ASSERT_FALSE(state.empty());
  }
  EXPECT_EQ(enrol("meanwhile").status, 0);
  program_->terminate();
  EXPECT_EQ(program_->wait(), 0) << "stops although a client hangs";
}

TEST_F(ProgramTest, ServesSeveralAtOnce) {
  serve();
  std::vector<std::unique_ptr<Program>> clients;
  for (const int key : {2, 3, 4}) {
    clients.push_back(std::make_unique<Program>(enrolment("one of " + std::to_string(key), key)));
  }
  for (const auto& client : clients) {
    const auto output = client->read(false);
    EXPECT_EQ(client->wait(), 0) << output;
  }
  for (const auto& entry : issued_->all().value()) EXPECT_TRUE(entry.registration.confirmed) << entry.subject;
  EXPECT_EQ(issued_->all().value().size(), 5u);
  program_->terminate();
  const auto complaints = program_->read(false);
  EXPECT_EQ(program_->wait(), 0) << complaints;
}

TEST_F(ProgramTest, AnswersOnlyWhatItIsFor) {
  serve();
  const auto status = [](const std::string& answer) { return answer.substr(0, answer.find("\r\n")); };
  EXPECT_EQ(status(post("/pkix/", "application/pkixcmp", "nonsense")), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(status(post("/pkix/", "text/plain", "nonsense")), "HTTP/1.1 415 Unsupported Media Type");
  EXPECT_EQ(status(post("/control", "text/plain", "{}")), "HTTP/1.1 415 Unsupported Media Type");
  EXPECT_EQ(status(post("/control", "application/json", "{")), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(status(post("/control", "application/json", R"({"fault": "x"})")), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(status(post("/nowhere", "text/plain", "")), "HTTP/1.1 404 Not Found");
  EXPECT_EQ(status(talk("GET /pkix/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")),
            "HTTP/1.1 405 Method Not Allowed");
  EXPECT_EQ(talk("nonsense\r\n\r\n"), "");
  EXPECT_EQ(post("/pkix/", "application/pkixcmp", std::string(70'000, 'x')).find("200 OK"),
            std::string::npos);
  EXPECT_EQ(enrol("still there").status, 0);
}

TEST_F(ProgramTest, SaysWhatIsWrongAndFails) {
  const auto none = run({CA_PROGRAM, "serve", (folder_.path() / "none").string()});
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.output, HasSubstr("storage.unavailable"));
  EXPECT_EQ(run({CA_PROGRAM, "init", folder_.path().string()}).status, 1);
  EXPECT_EQ(run({CA_PROGRAM, "revoke", folder_.path().string(), "abc"}).status, 1);
  EXPECT_EQ(run({CA_PROGRAM, "serve", folder_.path().string(), "--fault", R"({"fault": "x"})"}).status, 1);
  serve();
  const auto taken = run({CA_PROGRAM, "serve", folder_.path().string(), "--port", std::to_string(port_)});
  EXPECT_EQ(taken.status, 1);
  EXPECT_THAT(taken.output, HasSubstr("in use"));
}

TEST_F(ProgramTest, InitMakesACaThatServes) {
  const auto fresh = (folder_.path() / "fresh").string();
  ASSERT_EQ(run({CA_PROGRAM, "init", fresh}).status, 0);
  EXPECT_EQ(run({CA_PROGRAM, "issued", fresh, "--json"}).output, "[]\n");
}

}  // namespace
}  // namespace madoguchi::simulated_ca
