#include "cmp/proof.hpp"

#include <array>

#include "cmp/message.hpp"
#include "cmp/openssl.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::authority {
namespace {

using base::Code;

constexpr int only_request = 0;  // certReqId: one request a message (RFC 9483 4.1.1)
constexpr std::uint32_t sequence = 0x30;
constexpr std::uint32_t bit_string = 0x03;
constexpr std::uint32_t popo_signature = 0xA1;       // ProofOfPossession.signature, POPOSigningKey
constexpr std::uint32_t template_public_key = 0xA6;  // CertTemplate.publicKey, IMPLICIT SubjectPublicKeyInfo

constexpr std::array<std::uint8_t, 15> sha256_with_rsa{0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                                       0xF7, 0x0D, 0x01, 0x01, 0x0B, 0x05, 0x00};
constexpr std::array<std::uint8_t, 12> ecdsa_with_sha256{0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86,
                                                         0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02};

base::Fault mismatch(std::string inner) {
  return library_fault(Code::authority_mismatch, std::move(inner));
}

struct Subject {
  KeyPtr key;
  NamePtr name;
};

base::Result<Subject> subject_of(const Enrolment& enrolment) {
  Subject subject{key_from_spki(enrolment.spki), name_from_der(enrolment.subject_der)};
  if (!subject.key) return mismatch("the card's public key is not a SubjectPublicKeyInfo");
  if (!subject.name || X509_NAME_entry_count(subject.name.get()) == 0)
    return mismatch("the subject is empty");
  return subject;
}

// 23:59:59 in Japan on the last day; null for no day.
TimePtr end_of(base::Date last_day) {
  if (!last_day.ok()) return nullptr;
  const auto next_day = base::start_of_day_in_japan(base::add_days(last_day, 1));
  const auto last_second = std::chrono::floor<std::chrono::seconds>(next_day) - std::chrono::seconds(1);
  return TimePtr(ASN1_TIME_set(nullptr, last_second.time_since_epoch().count()));
}

bool name_old_certificate(OSSL_CRMF_MSG& message, base::ByteView old_certificate) {
  const auto old = certificate_from_der(old_certificate);
  if (!old) return false;
  const CertIdPtr id(
      OSSL_CRMF_CERTID_gen(X509_get_issuer_name(old.get()), X509_get0_serialNumber(old.get())));
  return id && OSSL_CRMF_MSG_set1_regCtrl_oldCertID(&message, id.get()) == 1;
}

base::Result<base::Bytes> crmf_input(BodyType type, const Enrolment& enrolment, const Subject& subject) {
  const CrmfPtr message(OSSL_CRMF_MSG_new());
  bool done = message && OSSL_CRMF_MSG_set_certReqId(message.get(), only_request) == 1 &&
              OSSL_CRMF_CERTTEMPLATE_fill(OSSL_CRMF_MSG_get0_tmpl(message.get()), subject.key.get(),
                                          subject.name.get(), nullptr, nullptr) == 1;
  if (auto not_after = end_of(enrolment.last_day); done && not_after) {
    done = OSSL_CRMF_MSG_set0_validity(message.get(), nullptr, not_after.get()) == 1;
    if (done) static_cast<void>(not_after.release());
  }
  if (done && (type == BodyType::kur || !enrolment.old_certificate.empty())) {
    done = name_old_certificate(*message, enrolment.old_certificate);
  }
  if (!done) return mismatch("no certificate request can be made of this enrolment");
  const auto der = to_der(message.get(), i2d_OSSL_CRMF_MSG);
  const auto whole = smartcard::find_tlv(der, sequence);
  const auto request = whole ? smartcard::find_tlv(whole->value, sequence) : std::nullopt;
  if (!request) return library_fault(Code::internal, "a CertReqMsg could not be encoded");
  return smartcard::make_tlv(sequence, request->value);
}

base::Result<base::Bytes> pkcs10_input(const Subject& subject) {
  const CsrPtr csr(X509_REQ_new());
  const bool done = csr && X509_REQ_set_version(csr.get(), X509_REQ_VERSION_1) == 1 &&
                    X509_REQ_set_subject_name(csr.get(), subject.name.get()) == 1 &&
                    X509_REQ_set_pubkey(csr.get(), subject.key.get()) == 1;
  if (!done) return mismatch("no PKCS#10 request can be made of this enrolment");
  auto der = to_der(csr.get(), [](const X509_REQ* request, unsigned char** out) {
    return i2d_re_X509_REQ_tbs(const_cast<X509_REQ*>(request), out);
  });
  if (der.empty()) return library_fault(Code::internal, "a CertificationRequestInfo could not be encoded");
  return der;
}

base::Result<base::ByteView> signature_algorithm(const EVP_PKEY& key) {
  if (EVP_PKEY_is_a(&key, "RSA") == 1) return base::ByteView(sha256_with_rsa);
  if (EVP_PKEY_is_a(&key, "EC") == 1) return base::ByteView(ecdsa_with_sha256);
  return mismatch("the card's key is neither RSA nor EC");
}

void append(base::Bytes& bytes, base::ByteView more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

// AlgorithmIdentifier and BIT STRING. ASN1_BIT_STRING_set() would cut trailing zero bits off the signature,
// which spoils more than every second one with short zero runs, so the string is written here.
base::Bytes algorithm_and_signature(base::ByteView algorithm, base::ByteView signature) {
  base::Bytes bits{0x00};  // unused bits
  append(bits, signature);
  base::Bytes der(algorithm.begin(), algorithm.end());
  append(der, smartcard::make_tlv(bit_string, bits));
  return der;
}

base::Result<void> check_names(const Subject& subject, const Enrolment& enrolment, const X509_NAME* name,
                               base::ByteView spki) {
  // The key's own encoding is compared: the card's SubjectPublicKeyInfo may have been written in another way.
  if (!same_bytes(spki, to_der(subject.key.get(), i2d_PUBKEY)))
    return mismatch("the request is for another key");
  if (name == nullptr || !same_bytes(to_der(name, i2d_X509_NAME), enrolment.subject_der)) {
    return mismatch("the request is for another subject");
  }
  return {};
}

base::Result<void> check_crmf(const Subject& subject, const Enrolment& enrolment, base::ByteView request) {
  const CrmfListPtr list(OSSL_CRMF_MSGS_new());
  auto parsed = from_der<CrmfPtr>(request, d2i_OSSL_CRMF_MSG);
  if (!list || !parsed) return mismatch("not a CertReqMsg");
  const OSSL_CRMF_CERTTEMPLATE* wanted = OSSL_CRMF_MSG_get0_tmpl(parsed.get());
  const auto der = to_der(wanted, i2d_OSSL_CRMF_CERTTEMPLATE);
  const auto fields = smartcard::find_tlv(der, sequence);
  const auto key = fields ? smartcard::find_tlv(fields->value, template_public_key) : std::nullopt;
  if (!key) return mismatch("the request names no key");
  const auto names = check_names(subject, enrolment, OSSL_CRMF_CERTTEMPLATE_get0_subject(wanted),
                                 smartcard::make_tlv(sequence, key->value));
  if (!names) return names;
  if (sk_OSSL_CRMF_MSG_push(list.get(), parsed.get()) <= 0) return library_fault(Code::internal, "no memory");
  static_cast<void>(parsed.release());
  constexpr int never_ra_verified = 0;
  if (OSSL_CRMF_MSGS_verify_popo(list.get(), only_request, never_ra_verified, nullptr, nullptr) != 1) {
    return mismatch("the card's signature does not prove its key");
  }
  return {};
}

base::Result<void> check_pkcs10(const Subject& subject, const Enrolment& enrolment, base::ByteView request) {
  const auto parsed = from_der<CsrPtr>(request, d2i_X509_REQ);
  if (!parsed) return mismatch("not a PKCS#10 request");
  const auto names = check_names(subject, enrolment, X509_REQ_get_subject_name(parsed.get()),
                                 to_der(X509_REQ_get_X509_PUBKEY(parsed.get()), i2d_X509_PUBKEY));
  if (!names) return names;
  if (X509_REQ_verify_ex(parsed.get(), subject.key.get(), nullptr, nullptr) != 1) {
    return mismatch("the card's signature does not prove its key");
  }
  return {};
}

}  // namespace

base::Result<base::Bytes> proof_input(BodyType type, const Enrolment& enrolment) {
  const auto subject = subject_of(enrolment);
  if (!subject) return subject.error();
  return type == BodyType::p10cr ? pkcs10_input(*subject) : crmf_input(type, enrolment, *subject);
}

base::Result<base::Bytes> assemble_request(BodyType type, const Enrolment& enrolment,
                                           base::ByteView to_be_signed, base::ByteView signature) {
  const auto key = key_from_spki(enrolment.spki);
  if (!key) return mismatch("the card's public key is not a SubjectPublicKeyInfo");
  const auto algorithm = signature_algorithm(*key);
  if (!algorithm) return algorithm.error();
  const auto proof = algorithm_and_signature(*algorithm, signature);
  base::Bytes content(to_be_signed.begin(), to_be_signed.end());
  append(content, type == BodyType::p10cr ? proof : smartcard::make_tlv(popo_signature, proof));
  auto request = smartcard::make_tlv(sequence, content);
  if (const auto checked = check_request(type, enrolment, request); !checked) return checked.error();
  return request;
}

base::Result<void> check_request(BodyType type, const Enrolment& enrolment, base::ByteView request) {
  const auto subject = subject_of(enrolment);
  if (!subject) return subject.error();
  return type == BodyType::p10cr ? check_pkcs10(*subject, enrolment, request)
                                 : check_crmf(*subject, enrolment, request);
}

}  // namespace madoguchi::authority
