// The client against the development CA, whose CMP was written apart from it.
#include <gtest/gtest.h>

#include <filesystem>

#include "../temporary_folder.hpp"
#include "journey.hpp"
#include "simulated_ca/service.hpp"
#include "simulated_issuer/issue.hpp"

namespace madoguchi::authority::test {
namespace {

using simulated_issuer::CaFolder;
using simulated_issuer::Kind;
using simulated_issuer::Register;

class Now final : public base::Clock {
 public:
  [[nodiscard]] base::Instant now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

using tests::TemporaryFolder;

class SimulatedCa : public testing::Test {
 protected:
  SimulatedCa() : folder_(copy()) { restart(); }

  // Keys take seconds to make, so all tests begin with a copy of one folder.
  CaFolder copy() {
    static const TemporaryFolder first;
    static const bool made = CaFolder::create(first.path() / "ca").has_value();
    EXPECT_TRUE(made);
    std::filesystem::copy(first / "ca", temporary_ / "ca", std::filesystem::copy_options::recursive);
    return CaFolder::load(temporary_.path() / "ca").value();
  }

  void restart() {
    service_.reset();
    service_ = simulated_ca::Service::open(folder_.path(), clock_).value();
  }

  std::unique_ptr<Authority> connect(BodyType body) {
    char name[256];
    X509_NAME_oneline(X509_get_subject_name(folder_.cmp().certificate.get()), name, sizeof name);
    const auto& signer = stranger_ ? folder_.cmp() : folder_.ra();
    CmpSettings settings{.body = body,
                         .ra_certificate = certificate_pem(*signer.certificate),
                         .ra_key = key_pem(*signer.key),
                         .trusted = certificate_pem(*folder_.root().certificate),
                         .expected_sender = name,
                         .recipient = {}};
    return make_cmp_authority(std::move(settings)).value();
  }

  Enrolment enrolment(Kind kind) {
    simulated_issuer::IssueRequest request;
    request.spki = spki_of(card_key(1));
    request.subject_der = simulated_issuer::make_subject(kind, {"Tokyo-to", "Musashino-shi"},
                                                         simulated_issuer::random_common_name("13203"));
    if (kind == Kind::signature) {
      request.holder =
          simulated_issuer::Holder{"山田　花子", '2', base::parse_date("1990-05-05").value(), "東京都"};
    }
    const auto today = base::date_in_japan(clock_.now());
    request.not_before = clock_.now() - std::chrono::hours(24 * 365 * 4);
    request.last_day = base::add_days(today, 30);
    auto issued = Register::open(folder_).value();
    const auto old = simulated_issuer::issue(folder_, kind, request).value();
    issued.add(kind, old, {true, "", "", {}}, clock_.now()).value();
    return {.spki = spki_of(card_key(0)),
            .subject_der = request.subject_der,
            .old_certificate = old,
            .last_day = base::add_days(today, 1000)};
  }

  void begin(BodyType body, Kind kind = Kind::authentication) {
    port_ = connect(body);
    enrolment_ = enrolment(kind);
    conversation_ = {.transaction_id = base::random_bytes(16), .body = {}, .exchanges = {}};
    const auto input = port_->to_be_signed(enrolment_).value();
    conversation_.body = port_->assemble(enrolment_, input, card_signs(card_key(0), input)).value();
  }

  void order(const std::string& fault) {
    const auto planned = service_->control(fault);
    ASSERT_TRUE(planned) << base::describe(planned.error());
  }

  // As the counter does it: journal, send, keep what can be believed. Answers lost or set aside are counted.
  base::Result<Next> run(const std::function<base::Result<Next>(bool waited)>& ask) {
    bool waited = false;
    for (int step = 0; step < 20; ++step) {
      auto next = ask(waited);
      waited = false;
      if (!next && to_be_set_aside(next.error())) {
        ++set_aside_;
        conversation_.exchanges.back().response.clear();
        continue;
      }
      if (next && std::holds_alternative<Wait>(*next)) {
        waited = true;
        ++waits_;
        continue;
      }
      if (!is<Send>(next)) return next;
      const base::Bytes message = std::get<Send>(*next).message;
      auto& exchanges = conversation_.exchanges;
      if (exchanges.empty() || !exchanges.back().response.empty()) exchanges.push_back({message, {}});
      EXPECT_EQ(exchanges.back().request, message);
      const auto answer = service_->cmp(message);
      const bool usable = answer.delivery == simulated_ca::Delivery::answer && answer.status == 200 &&
                          port_->check_response(message, answer.body);
      if (usable) {
        exchanges.back().response = answer.body;
      } else {
        ++set_aside_;
      }
      if (restarts_) restart();
    }
    return base::make_fault(base::Code::internal, "the conversation does not end");
  }

  base::Result<Next> enrol(Verdict verdict) {
    return run(
        [this, verdict](bool waited) { return port_->enrol(enrolment_, conversation_, verdict, waited); });
  }

  base::Result<Next> revoke() {
    conversation_ = {.transaction_id = base::random_bytes(16), .body = {}, .exchanges = {}};
    return run([this](bool) { return port_->revoke(enrolment_.old_certificate, conversation_); });
  }

  // Issued, confirmed, and one certificate for the card's key.
  void expect_renewed() {
    const auto issued = enrol(Verdict::undecided);
    ASSERT_TRUE(is<Issued>(issued)) << base::describe(issued.error());
    const auto done = enrol(Verdict::accepted);
    ASSERT_TRUE(is<Finished>(done));
    const auto all = Register::open(folder_).value().all().value();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].certificate, std::get<Issued>(*issued).certificate);
    EXPECT_TRUE(all[1].registration.confirmed);
  }

  TemporaryFolder temporary_;
  Now clock_;
  CaFolder folder_;
  std::unique_ptr<simulated_ca::Service> service_;
  std::unique_ptr<Authority> port_;
  Enrolment enrolment_;
  Conversation conversation_;
  bool restarts_ = false;
  bool stranger_ = false;  // signs as somebody whom the CA does not know
  int set_aside_ = 0;
  int waits_ = 0;
};

TEST_F(SimulatedCa, RenewsOverCrAsPreviewedAndRevokesTheOld) {
  begin(BodyType::cr, Kind::signature);
  expect_renewed();
  const auto renewed = Register::open(folder_).value().all().value().at(1);
  EXPECT_EQ(renewed.kind, Kind::signature);
  EXPECT_EQ(renewed.not_after, simulated_issuer::end_of_day_in_japan(enrolment_.last_day));

  const auto revoked = revoke();
  ASSERT_TRUE(is<Finished>(revoked));
  const auto old = Register::open(folder_).value().all().value().at(0);
  ASSERT_TRUE(old.revocation);
  EXPECT_EQ(old.revocation->reason, 4);
  const auto again = revoke();
  ASSERT_TRUE(is<Finished>(again));
}

TEST_F(SimulatedCa, RenewsOverP10crByTheSubjectAlone) {
  begin(BodyType::p10cr);
  expect_renewed();
}

TEST_F(SimulatedCa, RenewsOverKur) {
  begin(BodyType::kur, Kind::signature);
  expect_renewed();
}

TEST_F(SimulatedCa, MayRestartBetweenAnyTwoMessages) {
  order(R"({"fault": "waiting", "body": "cr", "polls": 2, "check_after": 1})");
  restarts_ = true;
  begin(BodyType::cr);
  expect_renewed();
}

TEST_F(SimulatedCa, IsPolledWhileItWaits) {
  order(R"({"fault": "waiting", "body": "cr", "polls": 2, "check_after": 1})");
  begin(BodyType::cr);
  expect_renewed();
  EXPECT_GE(waits_, 1);
  EXPECT_EQ(set_aside_, 0);
}

TEST_F(SimulatedCa, LostAnswersAreAskedForAgain) {
  order(R"([{"fault": "lose_reply", "body": "cr", "count": 2},
            {"fault": "lose_reply", "body": "certConf"}])");
  begin(BodyType::cr);
  expect_renewed();
  EXPECT_EQ(set_aside_, 3);
}

class SimulatedCaGarbage : public SimulatedCa, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(EveryMode, SimulatedCaGarbage,
                         testing::Values("random", "truncated", "nonce", "protection"));

TEST_P(SimulatedCaGarbage, IsSetAsideAndTheAnswerAskedForAgain) {
  for (const char* body : {"cr", "certConf"}) {
    order(std::string(R"({"fault": "garbage", "mode": ")") + GetParam() + R"(", "body": ")" + body + R"("})");
  }
  begin(BodyType::cr);
  expect_renewed();
  EXPECT_EQ(set_aside_, 2);
}

TEST_F(SimulatedCa, ASignedOrUnsignedErrorOfTheMomentIsTriedAgain) {
  order(R"([{"fault": "reject", "body": "cr", "failure": "systemFailure"},
            {"fault": "unsigned_error", "body": "certConf"}])");
  begin(BodyType::cr);
  expect_renewed();
  EXPECT_EQ(set_aside_, 2);
}

TEST_F(SimulatedCa, ARefusalEndsIt) {
  order(R"({"fault": "reject", "body": "cr", "failure": "badCertTemplate"})");
  begin(BodyType::cr);
  const auto step = enrol(Verdict::undecided);
  ASSERT_TRUE(is<Rejected>(step));
  EXPECT_EQ(detail(std::get<Rejected>(*step).fault, "failure"), "badCertTemplate");
}

TEST_F(SimulatedCa, ACertificateForAnotherKeyIsAMismatchAndIsRefused) {
  order(R"({"fault": "wrong_key", "body": "cr"})");
  begin(BodyType::cr);
  const auto step = enrol(Verdict::undecided);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::authority_mismatch);
  EXPECT_EQ(detail(step.error(), "differs"), "key");
  EXPECT_TRUE(is<Finished>(enrol(Verdict::refused)));
}

TEST_F(SimulatedCa, AnswersAPreflight) {
  begin(BodyType::cr);
  conversation_ = {.transaction_id = base::random_bytes(16), .body = {}, .exchanges = {}};
  EXPECT_TRUE(is<Finished>(run([this](bool) { return port_->preflight(conversation_, clock_.now()); })));
}

TEST_F(SimulatedCa, NamesItsIssuers) {
  begin(BodyType::cr);
  conversation_ = {.transaction_id = base::random_bytes(16), .body = {}, .exchanges = {}};
  const auto step = run([this](bool) { return port_->ask_issuers(conversation_, clock_.now()); });
  ASSERT_TRUE(is<Finished>(step));
  const auto& finished = std::get<Finished>(*step);
  EXPECT_TRUE(finished.told_at);
  std::vector<base::Bytes> issuers;
  for (const auto kind : simulated_issuer::kinds)
    issuers.push_back(simulated_issuer::to_der(folder_.issuing(kind).certificate.get(), i2d_X509));
  EXPECT_EQ(finished.shown.named, issuers);
}

// What issuing would meet with shows before a key is made for it.
TEST_F(SimulatedCa, RefusesThePreflightOfASignerWhomItDoesNotKnow) {
  stranger_ = true;
  begin(BodyType::cr);
  conversation_ = {.transaction_id = base::random_bytes(16), .body = {}, .exchanges = {}};
  const auto step = run([this](bool) { return port_->preflight(conversation_, clock_.now()); });
  ASSERT_TRUE(is<Rejected>(step));
  const auto& fault = std::get<Rejected>(*step).fault;
  EXPECT_EQ(detail(fault, "failure"), "signerNotTrusted");
  EXPECT_NE(detail(fault, "en").find("RA certificate"), std::string::npos);
}

}  // namespace
}  // namespace madoguchi::authority::test
