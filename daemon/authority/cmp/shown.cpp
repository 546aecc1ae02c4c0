#include "cmp/shown.hpp"

#include <openssl/x509v3.h>

#include "cmp/message.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::authority {
namespace {

constexpr std::uint32_t list_tag = 0x30, type_tag = 0x06;

// id-it-caCerts, 1.3.6.1.5.5.7.4.17 (RFC 9483 4.3.1).
constexpr std::uint8_t ca_certs[]{0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x04, 0x11};

void free_certificates(STACK_OF(X509) * certificates) {
  sk_X509_pop_free(certificates, X509_free);
}

bool is_ca(const base::Bytes& der) {
  const auto certificate = certificate_from_der(der);
  return certificate && X509_check_ca(certificate.get()) > 0;
}

// InfoTypeAndValue {OID, SEQUENCE OF certificates}. OpenSSL 3.0 has no getter that says what a value is.
void take_named(base::ByteView information, std::vector<base::Bytes>& named) {
  smartcard::TlvReader parts(information);
  const auto type = parts.next();
  const auto value = parts.next();
  const bool answers =
      type && type->tag == type_tag && same_bytes(type->value, ca_certs) && value && value->tag == list_tag;
  if (!answers) return;
  smartcard::TlvReader certificates(value->value);
  while (const auto each = certificates.next()) {
    auto der = smartcard::make_tlv(each->tag, each->value);
    if (is_ca(der)) named.push_back(std::move(der));
  }
}

}  // namespace

bool ask_for_issuers(OSSL_CMP_CTX& context) {
  auto* question = OSSL_CMP_ITAV_create(OBJ_nid2obj(NID_id_it_caCerts), nullptr);
  if (question == nullptr) return false;
  if (OSSL_CMP_CTX_push0_genm_ITAV(&context, question) == 1) return true;
  OSSL_CMP_ITAV_free(question);
  return false;
}

ShownIssuers shown_with(const OSSL_CMP_CTX& context, const Conversation& conversation) {
  ShownIssuers shown;
  const auto answer =
      conversation.exchanges.empty() ? std::nullopt : read_message(conversation.exchanges.back().response);
  if (answer && answer->is(Body::genp)) {
    const auto all = smartcard::find_tlv(answer->body, list_tag);
    smartcard::TlvReader each(all ? all->value : base::ByteView());
    while (const auto information = each.next()) take_named(information->value, shown.named);
  }
  const Owned<STACK_OF(X509), free_certificates> enclosed(OSSL_CMP_CTX_get1_extraCertsIn(&context));
  for (int i = 0; i < sk_X509_num(enclosed.get()); ++i) {
    auto der = to_der(sk_X509_value(enclosed.get(), i), i2d_X509);
    if (is_ca(der)) shown.enclosed.push_back(std::move(der));
  }
  ERR_clear_error();
  return shown;
}

}  // namespace madoguchi::authority
