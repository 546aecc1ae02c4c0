#include "simulated_ca/certificate_status.hpp"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "ca_fixture.hpp"

namespace madoguchi::simulated_ca {
namespace {

using BasicHandle = Handle<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using CrlHandle = Handle<X509_CRL, X509_CRL_free>;
using RequestHandle = Handle<OCSP_REQUEST, OCSP_REQUEST_free>;
using ResponseHandle = Handle<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using StoreHandle = Handle<X509_STORE, X509_STORE_free>;

class StatusTest : public CaTest {
 protected:
  struct Status {
    int response = -1;  // of the whole answer
    int certificate = -1;
    int reason = -2;
  };

  X509* issuer(Kind kind) { return folder_.issuing(kind).certificate.get(); }

  // Asks about a certificate as a relying party does; every check of the answer has to pass.
  Status ask(const base::Bytes& certificate_der, X509* above) {
    const auto certificate = from_der<CertificateHandle>(certificate_der, d2i_X509);
    const RequestHandle request(OCSP_REQUEST_new());
    auto* id = OCSP_cert_id_new(EVP_sha1(), X509_get_subject_name(above), X509_get0_pubkey_bitstr(above),
                                X509_get0_serialNumber(certificate.get()));
    OCSP_request_add0_id(request.get(), id);
    OCSP_request_add1_nonce(request.get(), nullptr, -1);
    const auto der =
        answer_ocsp(folder_, *issued_, to_der(request.get(), i2d_OCSP_REQUEST), clock_.now()).value();
    const auto response = from_der<ResponseHandle>(der, d2i_OCSP_RESPONSE);
    Status status;
    status.response = OCSP_response_status(response.get());
    if (status.response != OCSP_RESPONSE_STATUS_SUCCESSFUL) return status;
    const BasicHandle basic(OCSP_response_get1_basic(response.get()));
    const StoreHandle store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), above);
    EXPECT_EQ(OCSP_check_nonce(request.get(), basic.get()), 1);
    EXPECT_EQ(OCSP_basic_verify(basic.get(), nullptr, store.get(), 0), 1)
        << simulated_issuer::openssl_errors();
    ASN1_GENERALIZEDTIME *revoked = nullptr, *begin = nullptr, *end = nullptr;
    EXPECT_EQ(
        OCSP_resp_find_status(basic.get(), id, &status.certificate, &status.reason, &revoked, &begin, &end),
        1);
    EXPECT_EQ(OCSP_check_validity(begin, end, 60, -1), 1);
    return status;
  }

  CrlHandle crl(Kind kind) {
    return from_der<CrlHandle>(make_crl(folder_, *issued_, kind, clock_.now()).value(), d2i_X509_CRL);
  }

  int verify_with_crl(const Entry& entry) {
    const StoreHandle store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), issuer(entry.kind));
    X509_STORE_add_crl(store.get(), crl(entry.kind).get());
    const Handle<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
    const auto certificate = from_der<CertificateHandle>(entry.certificate, d2i_X509);
    X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_CRL_CHECK);
    X509_verify_cert(context.get());
    return X509_STORE_CTX_get_error(context.get());
  }
};

TEST_F(StatusTest, OcspTellsGoodFromRevokedFromUnknown) {
  EXPECT_EQ(ask(signature_.certificate, issuer(Kind::signature)).certificate, V_OCSP_CERTSTATUS_GOOD);
  EXPECT_EQ(ask(authentication_.certificate, issuer(Kind::authentication)).certificate,
            V_OCSP_CERTSTATUS_GOOD);

  ASSERT_TRUE(issued_->revoke(signature_.serial, {clock_.now(), 4}));
  const auto revoked = ask(signature_.certificate, issuer(Kind::signature));
  EXPECT_EQ(revoked.certificate, V_OCSP_CERTSTATUS_REVOKED);
  EXPECT_EQ(revoked.reason, OCSP_REVOKED_STATUS_SUPERSEDED);
  EXPECT_EQ(ask(authentication_.certificate, issuer(Kind::authentication)).certificate,
            V_OCSP_CERTSTATUS_GOOD);

  const auto never_entered = simulated_issuer::issue(
      folder_, Kind::authentication,
      {spki_of(key_number(3)), authentication_.subject_der, {}, clock_.now(), in_months(1)});
  EXPECT_EQ(ask(never_entered.value(), issuer(Kind::authentication)).certificate, V_OCSP_CERTSTATUS_UNKNOWN);
}

TEST_F(StatusTest, ASerialOfTheOtherCaIsUnknown) {
  EXPECT_EQ(ask(signature_.certificate, issuer(Kind::authentication)).certificate, V_OCSP_CERTSTATUS_UNKNOWN);
}

TEST_F(StatusTest, OcspDoesNotAnswerForOthers) {
  EXPECT_EQ(ask(signature_.certificate, folder_.root().certificate.get()).response,
            OCSP_RESPONSE_STATUS_UNAUTHORIZED);
  const auto malformed = answer_ocsp(folder_, *issued_, base::Bytes{0x30, 0x01, 0x00}, clock_.now()).value();
  const auto response = from_der<ResponseHandle>(malformed, d2i_OCSP_RESPONSE);
  EXPECT_EQ(OCSP_response_status(response.get()), OCSP_RESPONSE_STATUS_MALFORMEDREQUEST);
}

TEST_F(StatusTest, TheCrlListsWhatIsRevokedAndItsReason) {
  EXPECT_EQ(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl(Kind::signature).get())), -1) << "empty: left out";
  ASSERT_TRUE(issued_->revoke(signature_.serial, {clock_.now(), 4}));
  const auto list = crl(Kind::signature);
  EXPECT_EQ(X509_CRL_verify(list.get(), folder_.issuing(Kind::signature).key.get()), 1);
  const auto certificate = from_der<CertificateHandle>(signature_.certificate, d2i_X509);
  X509_REVOKED* row = nullptr;
  ASSERT_EQ(X509_CRL_get0_by_cert(list.get(), &row, certificate.get()), 1);
  const Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(
      static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(row, NID_crl_reason, nullptr, nullptr)));
  ASSERT_TRUE(reason);
  EXPECT_EQ(ASN1_ENUMERATED_get(reason.get()), 4);
  EXPECT_EQ(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl(Kind::authentication).get())), -1);
}

TEST_F(StatusTest, AnUnspecifiedReasonIsLeftOut) {
  ASSERT_TRUE(issued_->revoke(signature_.serial, {clock_.now(), 0}));
  const auto list = crl(Kind::signature);
  const auto* row = sk_X509_REVOKED_value(X509_CRL_get_REVOKED(list.get()), 0);
  EXPECT_LT(X509_REVOKED_get_ext_by_NID(row, NID_crl_reason, -1), 0);
}

TEST_F(StatusTest, VerificationFindsTheCrlThatTheCertificateNames) {
  EXPECT_EQ(verify_with_crl(signature_), X509_V_OK);
  EXPECT_EQ(verify_with_crl(authentication_), X509_V_OK);
  ASSERT_TRUE(issued_->revoke(signature_.serial, {clock_.now(), 4}));
  EXPECT_EQ(verify_with_crl(signature_), X509_V_ERR_CERT_REVOKED);
  EXPECT_EQ(verify_with_crl(authentication_), X509_V_OK);
}

}  // namespace
}  // namespace madoguchi::simulated_ca
