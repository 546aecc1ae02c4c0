#include "responder.hpp"

#include <openssl/bn.h>

#include "cmp/message.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::authority::test {
namespace {

std::string hex_of(const ASN1_INTEGER& number) {
  const Owned<BIGNUM, BN_free> value(ASN1_INTEGER_to_BN(&number, nullptr));
  const Owned<char, [](char* text) { OPENSSL_free(text); }> text(BN_bn2hex(value.get()));
  return text.get();
}

OSSL_CMP_PKISI* rejection(int failure_bit) {
  return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_rejection, 1 << failure_bit, "told to refuse");
}

base::Bytes template_field(const OSSL_CRMF_MSG& request, std::uint32_t tag) {
  const auto der = to_der(OSSL_CRMF_MSG_get0_tmpl(&request), i2d_OSSL_CRMF_CERTTEMPLATE);
  const auto fields = smartcard::find_tlv(der, 0x30);
  const auto field = smartcard::find_tlv(fields->value, tag);
  return field ? base::Bytes(field->value.begin(), field->value.end()) : base::Bytes{};
}

std::string wanted_not_after(const OSSL_CRMF_MSG& request) {
  const auto validity = template_field(request, 0xA4);
  const auto not_after = smartcard::find_tlv(validity, 0xA1);
  if (!not_after) return {};
  const auto time = from_der<TimePtr>(not_after->value, d2i_ASN1_TIME);
  const Owned<BIO, BIO_free_all> text(BIO_new(BIO_s_mem()));
  ASN1_TIME_print_ex(text.get(), time.get(), ASN1_DTFLGS_ISO8601);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string wanted_old_serial(const OSSL_CRMF_MSG& request) {
  const OSSL_CRMF_CERTID* old = OSSL_CRMF_MSG_get0_regCtrl_oldCertID(&request);
  return old ? hex_of(*OSSL_CRMF_CERTID_get0_serialNumber(old)) : std::string();
}

// Omission means accepted (RFC 4210 5.3.18).
bool says_accepted(const OSSL_CMP_PKISI* status) {
  if (status == nullptr) return true;
  const auto der = to_der(status, i2d_OSSL_CMP_PKISI);
  const auto fields = smartcard::find_tlv(der, 0x30);
  const auto number = smartcard::find_tlv(fields->value, 0x02);
  return number->value.back() == OSSL_CMP_PKISTATUS_accepted;
}

}  // namespace

struct Responder::Callbacks {
  static Responder& self(OSSL_CMP_SRV_CTX* server) {
    return *static_cast<Responder*>(OSSL_CMP_SRV_CTX_get0_custom_ctx(server));
  }

  static OSSL_CMP_PKISI* certificate(OSSL_CMP_SRV_CTX* server, const OSSL_CMP_MSG* message, int,
                                     const OSSL_CRMF_MSG* crmf, const X509_REQ* csr, X509** certificate,
                                     STACK_OF(X509) **, STACK_OF(X509) **) {
    auto& me = self(server);
    if (me.break_down) return nullptr;
    if (me.reject) return rejection(*me.reject);
    if (me.current_->waits_left > 0) {
      me.current_->waits_left--;
      me.current_->postponed.reset(OSSL_CMP_MSG_dup(message));
      return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_waiting, 0, nullptr);
    }
    *certificate = me.issue(crmf, csr).release();
    return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_accepted, 0, nullptr);
  }

  static OSSL_CMP_PKISI* revocation(OSSL_CMP_SRV_CTX* server, const OSSL_CMP_MSG*, const X509_NAME*,
                                    const ASN1_INTEGER* serial) {
    auto& me = self(server);
    if (me.break_down) return nullptr;
    if (me.reject_revocation) return rejection(*me.reject_revocation);
    if (!me.revoked.insert(hex_of(*serial)).second) return rejection(OSSL_CMP_PKIFAILUREINFO_certRevoked);
    return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_accepted, 0, nullptr);
  }

  static int general(OSSL_CMP_SRV_CTX* server, const OSSL_CMP_MSG*, const STACK_OF(OSSL_CMP_ITAV) * in,
                     STACK_OF(OSSL_CMP_ITAV) * *out) {
    auto& me = self(server);
    if (me.break_down) return 0;
    me.general_messages++;
    *out = sk_OSSL_CMP_ITAV_deep_copy(in, OSSL_CMP_ITAV_dup, OSSL_CMP_ITAV_free);
    return 1;
  }

  static void error(OSSL_CMP_SRV_CTX*, const OSSL_CMP_MSG*, const OSSL_CMP_PKISI*, const ASN1_INTEGER*,
                    const OSSL_CMP_PKIFREETEXT*) {}

  static int confirmation(OSSL_CMP_SRV_CTX* server, const OSSL_CMP_MSG*, int, const ASN1_OCTET_STRING*,
                          const OSSL_CMP_PKISI* status) {
    auto& me = self(server);
    (says_accepted(status) ? me.confirmed : me.refused)++;
    return 1;
  }

  static int poll(OSSL_CMP_SRV_CTX* server, const OSSL_CMP_MSG*, int, OSSL_CMP_MSG** request,
                  int64_t* check_after) {
    auto& me = self(server);
    if (me.current_->waits_left > 0) {
      me.current_->waits_left--;
      *request = nullptr;
      *check_after = me.check_after.count();
    } else {
      *request = me.current_->postponed.release();
      *check_after = 0;
    }
    return 1;
  }
};

Responder::ServerPtr Responder::new_server() {
  ServerPtr server(OSSL_CMP_SRV_CTX_new(nullptr, nullptr));
  OSSL_CMP_SRV_CTX_init(server.get(), this, Callbacks::certificate, Callbacks::revocation, Callbacks::general,
                        Callbacks::error, Callbacks::confirmation, Callbacks::poll);
  OSSL_CMP_SRV_CTX_set_send_unprotected_errors(server.get(), sign_errors ? 0 : 1);
  OSSL_CMP_SRV_CTX_set_grant_implicit_confirm(server.get(), grant_implicit ? 1 : 0);
  OSSL_CMP_CTX* context = OSSL_CMP_SRV_CTX_get0_cmp_ctx(server.get());
  X509_STORE* trusted = X509_STORE_new();
  X509_STORE_add_cert(trusted, pki().root.certificate.get());
  OSSL_CMP_CTX_set0_trustedStore(context, trusted);
  OSSL_CMP_CTX_set1_cert(context, signer_.certificate.get());
  OSSL_CMP_CTX_set1_pkey(context, signer_.key.get());
  OSSL_CMP_CTX_set_log_cb(context,
                          [](const char*, const char*, int, OSSL_CMP_severity, const char*) { return 1; });
  return server;
}

base::Bytes Responder::handle(base::ByteView message) {
  base::Bytes bytes(message.begin(), message.end());
  if (const auto known = answers_.find(bytes); known != answers_.end()) return known->second;
  const auto view = read_message(bytes);
  const auto request = from_der<CmpMessagePtr>(bytes, d2i_OSSL_CMP_MSG);
  if (!view || !request) return {};
  base::Bytes id(view->transaction_id.begin(), view->transaction_id.end());
  auto [open, is_new] = transactions_.try_emplace(id);
  if (is_new) open->second = Open{.server = new_server(), .postponed = nullptr, .waits_left = waits};
  current_ = &open->second;
  const CmpMessagePtr answer(OSSL_CMP_SRV_process_request(current_->server.get(), request.get()));
  ERR_clear_error();
  if (!answer) return {};
  auto answered = to_der(answer.get(), i2d_OSSL_CMP_MSG);
  answers_.emplace(std::move(bytes), answered);
  return answered;
}

CertificatePtr Responder::issue(const OSSL_CRMF_MSG* crmf, const X509_REQ* csr) {
  KeyPtr key;
  if (crmf != nullptr) {
    key = key_from_spki(smartcard::make_tlv(0x30, template_field(*crmf, 0xA6)));
    requests.push_back({wanted_old_serial(*crmf), wanted_not_after(*crmf)});
  } else {
    key = key_from_spki(to_der(X509_REQ_get_X509_PUBKEY(const_cast<X509_REQ*>(csr)), i2d_X509_PUBKEY));
    requests.push_back({});
  }
  auto certificate = certify("citizen", confuse_keys ? card_key(1) : *key, &pki().issuing, Use::end_entity);
  issued.push_back(der_of(*certificate));
  return certificate;
}

}  // namespace madoguchi::authority::test
