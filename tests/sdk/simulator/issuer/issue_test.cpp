#include "simulated_issuer/issue.hpp"

#include <gmock/gmock.h>
#include <openssl/x509v3.h>

#include <map>

#include "issuer_fixture.hpp"

namespace madoguchi::simulated_issuer {
namespace {

using NamesHandle = Handle<GENERAL_NAMES, GENERAL_NAMES_free>;

CertificateHandle issued(Kind kind, const IssueRequest& request) {
  const auto der = issue(shared_ca(), kind, request);
  EXPECT_TRUE(der) << base::describe(der.error());
  return der ? from_der<CertificateHandle>(*der, d2i_X509) : nullptr;
}

std::string oid_of(const ASN1_OBJECT* object) {
  char text[80];
  OBJ_obj2txt(text, sizeof text, object, 1);
  return text;
}

// OID and text of each otherName, in order.
std::vector<std::pair<std::string, std::string>> attributes_of(const X509* certificate) {
  std::vector<std::pair<std::string, std::string>> attributes;
  const NamesHandle names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    ASN1_OBJECT* type = nullptr;
    ASN1_TYPE* value = nullptr;
    if (GENERAL_NAME_get0_otherName(sk_GENERAL_NAME_value(names.get(), i), &type, &value) != 1) continue;
    EXPECT_EQ(value->type, V_ASN1_UTF8STRING);
    const auto* text = value->value.utf8string;
    attributes.emplace_back(oid_of(type),
                            std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                                        static_cast<std::size_t>(ASN1_STRING_length(text))));
  }
  return attributes;
}

bool verified_by(X509* certificate, Kind kind) {
  return X509_verify(certificate, shared_ca().issuing(kind).key.get()) == 1;
}

std::string first_policy(const X509* certificate) {
  const Handle<CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free> policies(static_cast<CERTIFICATEPOLICIES*>(
      X509_get_ext_d2i(certificate, NID_certificate_policies, nullptr, nullptr)));
  return policies ? oid_of(sk_POLICYINFO_value(policies.get(), 0)->policyid) : "";
}

TEST(Issue, SignatureCertificateNamesItsHolder) {
  const auto certificate = issued(Kind::signature, good_request(Kind::signature));
  ASSERT_TRUE(certificate);
  EXPECT_TRUE(verified_by(certificate.get(), Kind::signature));
  const std::string arc = "1.2.392.200149.8.5.5.";
  using Pair = std::pair<std::string, std::string>;
  EXPECT_THAT(
      attributes_of(certificate.get()),
      testing::ElementsAre(Pair(arc + "1", "山田　太郎"), Pair(arc + "4", "419900102"), Pair(arc + "3", "1"),
                           Pair(arc + "5", "東京都武蔵野市緑町２丁目２番２８号"), Pair(arc + "2", "00000"),
                           Pair(arc + "6", "00000000000000000")));
  EXPECT_EQ(X509_get_key_usage(certificate.get()), KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
  EXPECT_EQ(first_policy(certificate.get()), "1.2.392.200149.8.5.1.1.20");
}

TEST(Issue, AuthenticationCertificateNamesNobody) {
  const auto certificate = issued(Kind::authentication, good_request(Kind::authentication));
  ASSERT_TRUE(certificate);
  EXPECT_TRUE(verified_by(certificate.get(), Kind::authentication));
  EXPECT_FALSE(verified_by(certificate.get(), Kind::signature));
  EXPECT_THAT(attributes_of(certificate.get()), testing::IsEmpty());
  EXPECT_EQ(X509_get_key_usage(certificate.get()), std::uint32_t{KU_DIGITAL_SIGNATURE});
  EXPECT_EQ(X509_get_extended_key_usage(certificate.get()), std::uint32_t{XKU_SSL_CLIENT});
  EXPECT_EQ(first_policy(certificate.get()), "1.2.392.200149.8.5.1.3.30");
}

TEST(Issue, HasTheKeyTheSubjectAndTheDatesOfTheRequest) {
  const auto request = good_request(Kind::signature);
  const auto certificate = issued(Kind::signature, request);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(to_der(X509_get_X509_PUBKEY(certificate.get()), i2d_X509_PUBKEY), request.spki);
  EXPECT_EQ(to_der(X509_get_subject_name(certificate.get()), i2d_X509_NAME), request.subject_der);
  EXPECT_EQ(X509_get_signature_nid(certificate.get()), NID_sha256WithRSAEncryption);
  EXPECT_STREQ(reinterpret_cast<const char*>(ASN1_STRING_get0_data(X509_get0_notBefore(certificate.get()))),
               "210407010000Z");
  EXPECT_STREQ(reinterpret_cast<const char*>(ASN1_STRING_get0_data(X509_get0_notAfter(certificate.get()))),
               "260401145959Z");
}

TEST(Issue, FitsTheCardsFile) {
  auto request = good_request(Kind::signature);
  std::get<Holder>(request.holder).address = std::string(150, 'x');
  const auto der = issue(shared_ca(), Kind::signature, request);
  ASSERT_TRUE(der);
  EXPECT_LT(der->size(), 2048u);
}

TEST(Issue, EveryCertificateHasASerialOfItsOwn) {
  const auto request = good_request(Kind::authentication);
  EXPECT_NE(issue(shared_ca(), Kind::authentication, request).value(),
            issue(shared_ca(), Kind::authentication, request).value());
}

TEST(Issue, CopiesThePredecessorsAttributes) {
  const auto old = issued(Kind::signature, good_request(Kind::signature));
  ASSERT_TRUE(old);
  const int index = X509_get_ext_by_NID(old.get(), NID_subject_alt_name, -1);
  const auto* value = X509_EXTENSION_get_data(X509_get_ext(old.get(), index));
  auto request = good_request(Kind::signature);
  request.holder =
      base::Bytes(ASN1_STRING_get0_data(value), ASN1_STRING_get0_data(value) + ASN1_STRING_length(value));
  const auto renewed = issued(Kind::signature, request);
  ASSERT_TRUE(renewed);
  EXPECT_EQ(attributes_of(renewed.get()), attributes_of(old.get()));
  EXPECT_EQ(attributes_of(renewed.get()).size(), 6u);
}

TEST(Issue, WritesTheEraOfTheBirthDate) {
  const std::map<std::string, std::string> births = {
      {"1912-07-29", "119120729"}, {"1912-07-30", "219120730"}, {"1926-12-25", "319261225"},
      {"1989-01-07", "319890107"}, {"1989-01-08", "419890108"}, {"2019-04-30", "420190430"},
      {"2019-05-01", "520190501"}, {"2000-02-29", "420000229"}};
  for (const auto& [date, text] : births) {
    auto request = good_request(Kind::signature);
    std::get<Holder>(request.holder).birth = *base::parse_date(date);
    EXPECT_EQ(attributes_of(issued(Kind::signature, request).get()).at(1).second, text);
  }
}

TEST(Issue, RefusesWhatIsNoRequestForThatKind) {
  const auto code = [](Kind kind, auto change) {
    auto request = good_request(kind);
    change(request);
    const auto der = issue(shared_ca(), kind, request);
    return der ? base::Code::internal : der.error().code;
  };
  const auto refused = base::Code::invalid_params;
  EXPECT_EQ(code(Kind::signature, [](auto& r) { r.holder = std::monostate(); }), refused);
  EXPECT_EQ(code(Kind::signature, [](auto& r) { r.holder = base::Bytes{0x30, 0x01}; }), base::Code::internal);
  EXPECT_EQ(code(Kind::authentication, [](auto& r) { r.holder = Holder(); }), refused);
  EXPECT_EQ(code(Kind::authentication, [](auto& r) { r.spki.push_back(0); }), refused);
  EXPECT_EQ(code(Kind::authentication, [](auto& r) { r.subject_der = {0x30, 0x00}; }), refused);
  EXPECT_EQ(code(Kind::authentication, [](auto& r) { r.subject_der.clear(); }), refused);
  EXPECT_EQ(code(Kind::authentication, [](auto& r) { r.last_day = year(2021) / April / 6; }), refused);
}

}  // namespace
}  // namespace madoguchi::simulated_issuer
