#include "cmp_messages.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

#include "simulated_issuer/register.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::simulated_ca {
namespace {

using base::Bytes;
using base::ByteView;
using simulated_issuer::from_der;
using simulated_issuer::Handle;
using simulated_issuer::to_der;
using smartcard::find_tlv;
using smartcard::make_tlv;
using smartcard::TlvReader;

void free_extensions(X509_EXTENSIONS* extensions) {
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
}
using ExtensionsHandle = Handle<X509_EXTENSIONS, free_extensions>;

constexpr std::uint32_t sequence = 0x30;

constexpr std::uint32_t context(std::uint32_t number) {
  return 0xA0 + number;
}

struct Body {
  int number;
  std::string_view name;
};
constexpr std::array<Body, 8> bodies = {{{body::ir, "ir"},
                                         {body::cr, "cr"},
                                         {body::p10cr, "p10cr"},
                                         {body::kur, "kur"},
                                         {body::rr, "rr"},
                                         {body::genm, "genm"},
                                         {body::cert_conf, "certConf"},
                                         {body::poll_req, "pollReq"}}};

// By bit (RFC 4210 5.2.3).
constexpr std::array<std::string_view, 27> failures = {
    "badAlg",           "badMessageCheck",     "badRequest",          "badTime",           "badCertId",
    "badDataFormat",    "wrongAuthority",      "incorrectData",       "missingTimeStamp",  "badPOP",
    "certRevoked",      "certConfirmed",       "wrongIntegrity",      "badRecipientNonce", "timeNotAvailable",
    "unacceptedPolicy", "unacceptedExtension", "addInfoNotAvailable", "badSenderNonce",    "badCertTemplate",
    "signerNotTrusted", "transactionIdInUse",  "unsupportedVersion",  "notAuthorized",     "systemUnavail",
    "systemFailure",    "duplicateCertReq"};

// What is inside nested tags; nullopt as soon as one is missing.
std::optional<ByteView> inside(ByteView bytes, std::initializer_list<std::uint32_t> tags) {
  for (const auto tag : tags) {
    const auto found = find_tlv(bytes, tag);
    if (!found) return std::nullopt;
    bytes = found->value;
  }
  return bytes;
}

std::optional<base::Instant> read_time(ByteView choice) {
  using TimeHandle = Handle<ASN1_TIME, ASN1_TIME_free>;
  const auto time = from_der<TimeHandle>(choice, d2i_ASN1_TIME);
  std::tm parts{};
  if (!time || ASN1_TIME_to_tm(time.get(), &parts) != 1) return std::nullopt;
  return base::Instant(std::chrono::seconds(timegm(&parts)));
}

// CertTemplate: [3] issuer, [4] validity {[1] notAfter}, [6] publicKey (RFC 4211 section 5).
void read_template(const OSSL_CRMF_CERTTEMPLATE* part, CertificateRequest& request) {
  const auto der = to_der(part, i2d_OSSL_CRMF_CERTTEMPLATE);
  if (const auto key = inside(der, {sequence, context(6)})) request.spki = make_tlv(sequence, *key);
  if (const auto end = inside(der, {sequence, context(4), context(1)})) request.not_after = read_time(*end);
  if (const auto* issuer = OSSL_CRMF_CERTTEMPLATE_get0_issuer(part))
    request.issuer_der = to_der(issuer, i2d_X509_NAME);
  if (const auto* name = OSSL_CRMF_CERTTEMPLATE_get0_subject(part))
    request.subject_der = to_der(name, i2d_X509_NAME);
}

bool usable(const CertificateRequest& request) {
  const auto name = from_der<simulated_issuer::NameHandle>(request.subject_der, d2i_X509_NAME);
  return !request.spki.empty() && name && X509_NAME_entry_count(name.get()) > 0;
}

// Where, inside `message`, the value of its header's recipNonce begins; nullopt when there is none.
std::optional<std::size_t> recipient_nonce_at(const Bytes& message) {
  const auto nonce = inside(message, {sequence, sequence, context(6), 0x04});
  if (!nonce || nonce->empty()) return std::nullopt;
  return static_cast<std::size_t>(nonce->data() - message.data());
}

Bytes sign(const Bytes& data, EVP_PKEY* key) {
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  std::size_t size = 0;
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key, nullptr) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data.data(), data.size()) != 1) {
    return {};
  }
  Bytes signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, data.data(), data.size()) != 1) return {};
  signature.resize(size);
  return signature;
}

void append(Bytes& to, const Bytes& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// A message of that header and body, with the certificates that `content`, of another one, brings along.
Bytes signed_anew(ByteView header_and_body, ByteView content, EVP_PKEY* key) {
  TlvReader reader(content);
  reader.next();
  reader.next();
  const auto protection = reader.next();
  if (!protection || protection->tag != context(0)) return {};
  Bytes whole(header_and_body.begin(), header_and_body.end());
  // ProtectedPart {header, body} is what the signature is over (RFC 4210 5.1.3).
  auto signature = sign(make_tlv(sequence, whole), key);
  if (signature.empty()) return {};
  signature.insert(signature.begin(), 0);  // bits that are not used
  append(whole, make_tlv(context(0), make_tlv(0x03, signature)));
  const auto* behind = protection->value.data() + protection->value.size();
  whole.insert(whole.end(), behind, content.data() + content.size());
  return make_tlv(sequence, whole);
}

}  // namespace

std::string_view body_name(int number) {
  const auto* found =
      std::find_if(bodies.begin(), bodies.end(), [&](const Body& row) { return row.number == number; });
  return found == bodies.end() ? "other" : found->name;
}

bool is_request_body(std::string_view name) {
  return std::any_of(bodies.begin(), bodies.end(), [&](const Body& row) { return row.name == name; });
}

std::optional<int> failure_bit(std::string_view name) {
  const auto* found = std::find(failures.begin(), failures.end(), name);
  if (found == failures.end()) return std::nullopt;
  return static_cast<int>(found - failures.begin());
}

std::string transaction_of(const OSSL_CMP_MSG* message) {
  const auto* id = OSSL_CMP_HDR_get0_transactionID(OSSL_CMP_MSG_get0_header(message));
  if (id == nullptr) return {};
  return base::to_hex({ASN1_STRING_get0_data(id), static_cast<std::size_t>(ASN1_STRING_length(id))});
}

Bytes sender_nonce_of(ByteView message) {
  const auto nonce = inside(message, {sequence, sequence, context(5), 0x04});
  return nonce ? Bytes(nonce->begin(), nonce->end()) : Bytes();
}

Bytes sender_of(ByteView message) {
  const auto name = inside(message, {sequence, sequence, context(4)});  // GeneralName, directoryName
  return name ? Bytes(name->begin(), name->end()) : Bytes();
}

int status_of(const OSSL_CMP_PKISI* info) {
  const auto der = to_der(info, i2d_OSSL_CMP_PKISI);
  const auto status = inside(der, {sequence, 0x02});
  return status && status->size() == 1 ? status->front() : -1;
}

int revocation_reason(ByteView message) {
  // PKIMessage {header, [11] {RevReqContent {RevDetails {certDetails, crlEntryDetails}}}}
  const auto details = inside(message, {sequence, context(11), sequence, sequence});
  if (!details) return 0;
  TlvReader reader(*details);
  reader.next();
  const auto entry = reader.next();
  if (!entry || entry->tag != sequence) return 0;
  using ReasonHandle = Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free>;
  const auto extensions = from_der<ExtensionsHandle>(make_tlv(sequence, entry->value), d2i_X509_EXTENSIONS);
  const ReasonHandle reason(extensions ? static_cast<ASN1_ENUMERATED*>(X509V3_get_d2i(
                                             extensions.get(), NID_crl_reason, nullptr, nullptr))
                                       : nullptr);
  return reason ? static_cast<int>(ASN1_ENUMERATED_get(reason.get())) : 0;
}

std::optional<CertificateRequest> read_request(const OSSL_CRMF_MSG* message) {
  CertificateRequest request;
  read_template(OSSL_CRMF_MSG_get0_tmpl(message), request);
  if (const auto* old = OSSL_CRMF_MSG_get0_regCtrl_oldCertID(message)) {
    const auto* issuer = OSSL_CRMF_CERTID_get0_issuer(old);
    const auto* serial = OSSL_CRMF_CERTID_get0_serialNumber(old);
    if (issuer == nullptr || serial == nullptr) return std::nullopt;
    request.old = CertificateName{to_der(issuer, i2d_X509_NAME), simulated_issuer::serial_text(serial)};
  }
  if (!usable(request)) return std::nullopt;
  return request;
}

std::optional<CertificateRequest> read_request(const X509_REQ* message) {
  CertificateRequest request;
  request.spki = to_der(X509_REQ_get_X509_PUBKEY(const_cast<X509_REQ*>(message)), i2d_X509_PUBKEY);
  request.subject_der = to_der(X509_REQ_get_subject_name(message), i2d_X509_NAME);
  if (!usable(request)) return std::nullopt;
  return request;
}

Bytes answer_to_another(ByteView message, EVP_PKEY* key) {
  Bytes altered(message.begin(), message.end());
  const auto nonce = recipient_nonce_at(altered);
  const auto content = inside(altered, {sequence});
  if (!nonce || !content) return {};
  altered[*nonce] ^= 0xFF;
  TlvReader reader(*content);
  const auto header = reader.next();
  const auto body = reader.next();
  if (!header || !body) return {};
  return signed_anew({content->data(), body->value.data() + body->value.size()}, *content, key);
}

Bytes refusing_signer(ByteView message, EVP_PKEY* key) {
  const auto content = inside(message, {sequence});
  TlvReader reader(content.value_or(ByteView()));
  const auto header = reader.next();
  const auto refusal = reader.next();
  if (!header || !refusal || refusal->tag != context(body::error)) return {};
  // ErrorMsgContent {pKIStatusInfo {status, statusString, failInfo}, errorCode, errorDetails}
  const auto error = inside(refusal->value, {sequence});
  TlvReader members(error.value_or(ByteView()));
  const auto info = members.next();
  if (!info) return {};
  Bytes told;
  TlvReader parts(info->value);
  while (const auto part = parts.next()) {
    if (part->tag != 0x03) append(told, make_tlv(part->tag, part->value));
  }
  append(told, Bytes{0x03, 0x04, 0x03, 0x00, 0x00, 0x08});  // signerNotTrusted, bit 20
  Bytes whole = make_tlv(sequence, told);
  while (const auto member = members.next()) append(whole, make_tlv(member->tag, member->value));
  Bytes header_and_body = make_tlv(header->tag, header->value);
  append(header_and_body, make_tlv(refusal->tag, make_tlv(sequence, whole)));
  return signed_anew(header_and_body, *content, key);
}

Bytes with_broken_signature(ByteView message) {
  Bytes altered(message.begin(), message.end());
  const auto bits = inside(altered, {sequence, context(0), 0x03});
  if (!bits || bits->empty()) return {};
  altered[static_cast<std::size_t>(bits->data() - altered.data()) + bits->size() - 1] ^= 0x01;
  return altered;
}

}  // namespace madoguchi::simulated_ca
