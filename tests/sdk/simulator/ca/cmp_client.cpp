#include "cmp_client.hpp"

#include <openssl/err.h>

namespace madoguchi::simulated_ca {
namespace {

using StoreHandle = Handle<X509_STORE, X509_STORE_free>;

int discard_log(const char*, const char*, int, OSSL_CMP_severity, const char*) {
  return 1;
}

ASN1_TIME* time_of(base::Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
  return ASN1_TIME_set(nullptr, static_cast<time_t>(seconds));
}

int refuse(OSSL_CMP_CTX*, X509*, int, const char** text) {
  *text = "not wanted";
  return 1 << OSSL_CMP_PKIFAILUREINFO_incorrectData;
}

}  // namespace

CmpClient::CmpClient(const CaFolder& folder, CmpServer& server)
    : server_(&server), context_(OSSL_CMP_CTX_new(nullptr, nullptr)) {
  auto* context = context_.get();
  auto* trusted = X509_STORE_new();
  X509_STORE_add_cert(trusted, folder.root().certificate.get());
  OSSL_CMP_CTX_set_log_cb(context, discard_log);
  OSSL_CMP_CTX_set0_trustedStore(context, trusted);
  OSSL_CMP_CTX_set1_cert(context, folder.ra().certificate.get());
  OSSL_CMP_CTX_set1_pkey(context, folder.ra().key.get());
  OSSL_CMP_CTX_set1_recipient(context, X509_get_subject_name(folder.cmp().certificate.get()));
  OSSL_CMP_CTX_set1_expected_sender(context, X509_get_subject_name(folder.cmp().certificate.get()));
  OSSL_CMP_CTX_set_option(context, OSSL_CMP_OPT_SUBJECTALTNAME_NODEFAULT, 1);
  OSSL_CMP_CTX_set_transfer_cb(context, transfer);
  OSSL_CMP_CTX_set_transfer_cb_arg(context, this);
}

OSSL_CMP_MSG* CmpClient::transfer(OSSL_CMP_CTX* context, const OSSL_CMP_MSG* request) {
  auto& client = *static_cast<CmpClient*>(OSSL_CMP_CTX_get_transfer_cb_arg(context));
  const auto number = client.requests.size();
  client.requests.push_back(to_der(request, i2d_OSSL_CMP_MSG));
  if (!client.send(number)) return nullptr;
  client.answers.push_back(client.server_->handle(client.requests.back()));
  const auto& answer = client.answers.back();
  if (answer.status != 200 || answer.delivery != Delivery::answer || !client.receive(number)) return nullptr;
  const unsigned char* in = answer.body.data();
  return d2i_OSSL_CMP_MSG(nullptr, &in, static_cast<long>(answer.body.size()));
}

bool CmpClient::prepare(const Order& order) {
  auto* context = context_.get();
  const auto subject = from_der<simulated_issuer::NameHandle>(order.subject, d2i_X509_NAME);
  const auto old = order.old ? from_der<CertificateHandle>(order.old->certificate, d2i_X509) : nullptr;
  EVP_PKEY_up_ref(order.key);
  OSSL_CMP_CTX_set0_newPkey(context, 1, order.key);
  OSSL_CMP_CTX_set_option(context, OSSL_CMP_OPT_POPO_METHOD, order.popo);
  if (order.body == OSSL_CMP_P10CR) {
    const Handle<X509_REQ, X509_REQ_free> request(X509_REQ_new());
    X509_REQ_set_version(request.get(), 0);
    X509_REQ_set_subject_name(request.get(), subject.get());
    X509_REQ_set_pubkey(request.get(), order.key);
    X509_REQ_sign(request.get(), order.key, EVP_sha256());
    return OSSL_CMP_CTX_set1_p10CSR(context, request.get()) == 1;
  }
  OSSL_CMP_CTX_set1_subjectName(context, subject.get());
  if (old) OSSL_CMP_CTX_set1_oldCert(context, old.get());
  crmf_.reset(OSSL_CMP_CTX_setup_CRM(context, order.body == OSSL_CMP_KUR ? 1 : 0, 0));
  if (!crmf_) return false;
  if (order.not_after && OSSL_CRMF_MSG_set0_validity(crmf_.get(), nullptr, time_of(*order.not_after)) != 1)
    return false;
  if (old && order.body == OSSL_CMP_CR) {
    const Handle<OSSL_CRMF_CERTID, OSSL_CRMF_CERTID_free> id(
        OSSL_CRMF_CERTID_gen(X509_get_issuer_name(old.get()), X509_get0_serialNumber(old.get())));
    if (OSSL_CRMF_MSG_set1_regCtrl_oldCertID(crmf_.get(), id.get()) != 1) return false;
  }
  return OSSL_CRMF_MSG_create_popo(order.popo, crmf_.get(), order.key, EVP_sha256(), nullptr, nullptr) == 1;
}

void CmpClient::after() {
  error_ = simulated_issuer::openssl_errors();
}

CertificateHandle CmpClient::enrol(const Order& order) {
  if (!prepare(order)) ADD_FAILURE() << simulated_issuer::openssl_errors();
  auto* certificate = OSSL_CMP_exec_certreq(context_.get(), order.body, crmf_.get());
  after();
  if (certificate == nullptr || X509_up_ref(certificate) != 1) return nullptr;
  return CertificateHandle(certificate);
}

CertificateHandle CmpClient::try_enrol(const Order& order) {
  if (!crmf_ && !prepare(order)) ADD_FAILURE() << simulated_issuer::openssl_errors();
  check_after_ = 0;
  const int done = OSSL_CMP_try_certreq(context_.get(), order.body, crmf_.get(), &check_after_);
  after();
  auto* certificate = done == 1 ? OSSL_CMP_CTX_get0_newCert(context_.get()) : nullptr;
  if (certificate == nullptr || X509_up_ref(certificate) != 1) return nullptr;
  return CertificateHandle(certificate);
}

bool CmpClient::revoke(const Entry& entry, int reason) {
  const auto old = from_der<CertificateHandle>(entry.certificate, d2i_X509);
  OSSL_CMP_CTX_set1_oldCert(context_.get(), old.get());
  OSSL_CMP_CTX_set_option(context_.get(), OSSL_CMP_OPT_REVOCATION_REASON, reason);
  const bool done = OSSL_CMP_exec_RR_ses(context_.get()) == 1;
  after();
  return done;
}

bool CmpClient::ask() {
  auto* itav = OSSL_CMP_ITAV_create(OBJ_txt2obj("id-it-caProtEncCert", 0), nullptr);
  OSSL_CMP_CTX_push0_genm_ITAV(context_.get(), itav);
  auto* answer = OSSL_CMP_exec_GENM_ses(context_.get());
  after();
  const bool answered = answer != nullptr;
  sk_OSSL_CMP_ITAV_pop_free(answer, OSSL_CMP_ITAV_free);
  return answered;
}

int CmpClient::failure() const {
  const int bits = OSSL_CMP_CTX_get_failInfoCode(context_.get());
  for (int bit = 0; bits > 0 && bit <= OSSL_CMP_PKIFAILUREINFO_MAX; ++bit) {
    if ((bits & (1 << bit)) != 0) return bit;
  }
  return -1;
}

std::string CmpClient::status_text() const {
  char text[512];
  return OSSL_CMP_CTX_snprint_PKIStatus(context_.get(), text, sizeof text) != nullptr ? text : "";
}

void CmpClient::refuse_certificate() {
  OSSL_CMP_CTX_set_certConf_cb(context_.get(), refuse);
}

}  // namespace madoguchi::simulated_ca
