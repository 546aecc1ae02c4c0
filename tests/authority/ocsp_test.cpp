// What is believed of an OCSP responder, and what is not: first the development CA's, then one that
// misbehaves.
#include "authority/ocsp.hpp"

#include <gtest/gtest.h>
#include <openssl/ocsp.h>

#include <functional>

#include "status_ca.hpp"

namespace madoguchi::authority::test {
namespace {

using base::Code;
using namespace std::chrono_literals;

base::Result<Standing> standing_in(const base::Result<Statement>& read) {
  if (!read) return read.error();
  EXPECT_EQ(read->doubt == Doubt::none, read->standing != Standing::unknown);
  return read->standing;
}

class Ocsp : public testing::Test {
 protected:
  static base::Bytes ask(const base::Bytes& certificate) {
    return make_status_request({certificate, ca().issuers}, base::random_bytes(16)).value();
  }
  static base::Result<Standing> read(const base::Bytes& certificate, const base::Bytes& request,
                                     const base::Bytes& response) {
    return standing_in(read_status({certificate, ca().issuers}, request, response, now()));
  }
};

void expect_not_believed(const base::Result<Standing>& read, std::string_view why) {
  ASSERT_FALSE(read) << "taken as " << static_cast<int>(*read);
  EXPECT_EQ(read.error().code, Code::authority_mismatch);
  EXPECT_NE(read.error().inner.find(why), std::string::npos) << read.error().inner;
}

TEST_F(Ocsp, good_revoked_and_never_issued) {
  const auto certificate = ca().issue(true);
  auto request = ask(certificate);
  EXPECT_EQ(read(certificate, request, ca().answer(request)).value(), Standing::good);
  const auto parsed = certificate_from_der(certificate);
  const auto serial = simulated_issuer::serial_text(X509_get0_serialNumber(parsed.get()));
  ASSERT_TRUE(ca().entries->revoke(serial, {now(), 0}).value());
  request = ask(certificate);
  EXPECT_EQ(read(certificate, request, ca().answer(request)).value(), Standing::revoked);
  const auto unheard_of = ca().issue(false);
  request = ask(unheard_of);
  EXPECT_EQ(read(unheard_of, request, ca().answer(request)).value(), Standing::unknown);
}

TEST_F(Ocsp, an_answer_to_another_question_is_none) {
  const auto certificate = ca().issue(true);
  expect_not_believed(read(certificate, ask(certificate), ca().answer(ask(certificate))), "nonce");
}

TEST_F(Ocsp, an_answer_about_another_certificate_is_none) {
  const auto certificate = ca().issue(true);
  const auto request = ask(certificate);
  expect_not_believed(read(ca().issue(true), request, ca().answer(request)), "another certificate");
}

TEST_F(Ocsp, an_answer_of_another_time_is_none) {
  const auto certificate = ca().issue(true);
  const auto request = ask(certificate);
  expect_not_believed(read(certificate, request, ca().answer(request, now() - 1h)), "no longer counts");
  expect_not_believed(read(certificate, request, ca().answer(request, now() + 1h)), "from the future");
  EXPECT_TRUE(read(certificate, request, ca().answer(request, now() + 2min))) << "clocks differ";
}

TEST_F(Ocsp, what_is_no_answer) {
  const auto certificate = ca().issue(true);
  const auto request = ask(certificate);
  const auto answer = ca().answer(request);
  expect_not_believed(read(certificate, request, {}), "not an OCSP answer");
  expect_not_believed(read(certificate, request, {1, 2, 3}), "not an OCSP answer");
  for (std::size_t size = 0; size < answer.size(); size += 7) {
    const base::Bytes cut(answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(read(certificate, request, cut)) << size;
  }
  for (std::size_t at = 0; at < answer.size(); at += 3) {
    auto spoilt = answer;
    spoilt[at] ^= 0x20;
    const auto said = read(certificate, request, spoilt);
    // What accompanies the signed part may be spoilt where it is not needed; the word itself may not change.
    EXPECT_TRUE(!said || *said == Standing::good) << at;
  }
  auto longer = answer;
  longer.push_back(0);
  expect_not_believed(read(certificate, request, longer), "not an OCSP answer");
}

TEST_F(Ocsp, a_responder_that_cannot_tell_decides_nothing) {
  const auto certificate = ca().issue(true);
  const auto request = ask(certificate);
  for (const int status : {OCSP_RESPONSE_STATUS_TRYLATER, OCSP_RESPONSE_STATUS_UNAUTHORIZED}) {
    const Owned<OCSP_RESPONSE, OCSP_RESPONSE_free> none(OCSP_response_create(status, nullptr));
    const auto said = read(certificate, request, to_der(none.get(), i2d_OCSP_RESPONSE));
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code, Code::authority_unreachable);
  }
}

TEST_F(Ocsp, nobody_is_asked_about_a_certificate_of_somebody_else) {
  const auto stranger = der_of(*certify("citizen", *new_ec_key(), &pki().issuing, Use::end_entity));
  for (const auto& issuers : {ca().issuers, std::vector<base::Bytes>{}}) {
    const auto request = make_status_request({stranger, issuers}, base::random_bytes(16));
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().code, Code::authority_mismatch);
  }
}

// A responder in this test's hands.
struct Responds {
  const Identity* signer = nullptr;  // the issuer itself unless named
  int status = V_OCSP_CERTSTATUS_GOOD;
  int reason = OCSP_REVOKED_STATUS_NOSTATUS;
  bool nonce = true;
  std::chrono::seconds made = 0s;  // after now
  std::optional<std::chrono::seconds> until = 300s;
};

class OcspCrafted : public testing::Test {
 protected:
  base::Result<Standing> said_by(const Responds& how) {
    using RequestPtr = Owned<OCSP_REQUEST, OCSP_REQUEST_free>;
    const auto request = make_status_request({certificate_, issuers_}, base::random_bytes(16)).value();
    const auto asked = from_der<RequestPtr>(request, d2i_OCSP_REQUEST);
    const Owned<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_BASICRESP_new());
    const auto at = [](std::chrono::seconds offset) {
      return TimePtr(X509_gmtime_adj(nullptr, static_cast<long>(offset.count())));
    };
    const auto made = at(how.made);
    const auto until = how.until ? at(*how.until) : nullptr;
    const auto revoked = how.status == V_OCSP_CERTSTATUS_REVOKED ? at(0s) : nullptr;
    auto* id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(asked.get(), 0));
    EXPECT_NE(OCSP_basic_add1_status(basic.get(), id, how.status, how.reason, revoked.get(), made.get(),
                                     until.get()),
              nullptr);
    if (how.nonce) OCSP_copy_nonce(basic.get(), asked.get());
    const Identity& signer = how.signer != nullptr ? *how.signer : pki().issuing;
    EXPECT_EQ(
        OCSP_basic_sign(basic.get(), signer.certificate.get(), signer.key.get(), EVP_sha256(), nullptr, 0),
        1);
    const Owned<OCSP_RESPONSE, OCSP_RESPONSE_free> answer(
        OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
    return standing_in(
        read_status({certificate_, issuers_}, request, to_der(answer.get(), i2d_OCSP_RESPONSE), now()));
  }

  base::Bytes certificate_ = der_of(*certify("citizen", *new_ec_key(), &pki().issuing, Use::end_entity));
  std::vector<base::Bytes> issuers_{der_of(*pki().root.certificate), der_of(*pki().issuing.certificate)};
};

TEST_F(OcspCrafted, only_the_issuer_and_whom_it_has_certified_for_that_are_believed) {
  const auto appointed = new_identity("ocsp", &pki().issuing, Use::ocsp_signer);
  EXPECT_EQ(said_by({}).value(), Standing::good);
  EXPECT_EQ(said_by({.signer = &appointed}).value(), Standing::good);
  const auto unappointed = new_identity("not for that", &pki().issuing, Use::end_entity);
  // One of the issuers that are configured, but not this certificate's.
  const auto of_another = new_identity("ocsp", &pki().root, Use::ocsp_signer);
  const auto self_made = new_identity("issuing", nullptr, Use::ca);
  for (const auto* signer : {&unappointed, &of_another, &pki().root, &self_made}) {
    expect_not_believed(said_by({.signer = signer}), "not signed");
  }
}

TEST_F(OcspCrafted, without_the_nonce_only_a_fresh_answer_counts) {
  EXPECT_EQ(said_by({.nonce = false}).value(), Standing::good);
  EXPECT_EQ(said_by({.made = -1h, .until = 1h}).value(), Standing::good);
  expect_not_believed(said_by({.nonce = false, .made = -1h, .until = 1h}), "without the nonce");
}

TEST_F(OcspCrafted, without_an_end_only_a_fresh_answer_counts) {
  EXPECT_EQ(said_by({.until = std::nullopt}).value(), Standing::good);
  expect_not_believed(said_by({.made = -1h, .until = std::nullopt}), "without an end");
}

TEST_F(OcspCrafted, what_was_known_before_the_certificate_began_is_not_good) {
  // The certificate began an hour ago.
  EXPECT_EQ(said_by({.made = -2h, .until = 1h}).value(), Standing::unknown);
  EXPECT_EQ(said_by({.status = V_OCSP_CERTSTATUS_REVOKED, .made = -2h, .until = 1h}).value(),
            Standing::revoked);
}

TEST_F(OcspCrafted, a_hold_may_be_lifted) {
  Responds how{.status = V_OCSP_CERTSTATUS_REVOKED, .reason = OCSP_REVOKED_STATUS_CERTIFICATEHOLD};
  EXPECT_EQ(said_by(how).value(), Standing::unknown);
  how.reason = OCSP_REVOKED_STATUS_CESSATIONOFOPERATION;
  EXPECT_EQ(said_by(how).value(), Standing::revoked);
}

}  // namespace
}  // namespace madoguchi::authority::test
