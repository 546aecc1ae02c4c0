#include "trust.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "openssl.hpp"

namespace madoguchi::extension {
namespace {

using Signers =
    std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * stack) { sk_X509_free(stack); })>;

base::Fault refused(std::string what) {
  return base::make_fault(base::Code::plugin_failed, "signature: " + std::move(what));
}

std::string subject_of(X509* certificate) {
  const Bio text(BIO_new(BIO_s_mem()));
  if (!text || X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0)
    return "?";
  char* data = nullptr;
  const auto size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

// How the certificate calls its owner, by one of these.
std::vector<std::string> names_of(X509* certificate, int nid) {
  std::vector<std::string> names;
  auto* subject = X509_get_subject_name(certificate);
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, nid, at)) >= 0;) {
    unsigned char* text = nullptr;
    const auto* entry = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    const int size = ASN1_STRING_to_UTF8(&text, entry);
    if (size < 0) continue;
    names.emplace_back(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
  }
  return names;
}

bool is_named(X509* certificate, const std::string& vendor) {
  for (const int nid : {NID_organizationName, NID_commonName}) {
    const auto names = names_of(certificate, nid);
    if (std::find(names.begin(), names.end(), vendor) != names.end()) return true;
  }
  return false;
}

// When the signer says that it signed, as a signed attribute (RFC 5652, 11.3); null if it does not.
const ASN1_TIME* signing_time(CMS_SignerInfo* signer) {
  const int at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
  auto* attribute = at < 0 ? nullptr : CMS_signed_get_attr(signer, at);
  const auto* value = attribute == nullptr ? nullptr : X509_ATTRIBUTE_get0_type(attribute, 0);
  if (value == nullptr) return nullptr;
  return value->type == V_ASN1_UTCTIME || value->type == V_ASN1_GENERALIZEDTIME ? value->value.asn1_string
                                                                                : nullptr;
}

std::string objection(CMS_SignerInfo* signer, const std::string& vendor) {
  X509* certificate = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, &certificate, nullptr, nullptr);
  if (certificate == nullptr) return "the signer's certificate is not with it";
  const auto* signed_at = signing_time(signer);
  if (signed_at == nullptr) return "it does not say when it was made";
  return certificate_objection(certificate, vendor, signed_at);
}

// The subject of whoever signed; `store` null: whoever that is.
base::Result<std::string> verified(X509_STORE* store, base::ByteView content, base::ByteView signature,
                                   const std::string& vendor) {
  const auto der = over(signature);
  const Cms cms(der ? d2i_CMS_bio(der.get(), nullptr) : nullptr);
  if (!cms || BIO_pending(der.get()) != 0) return refused("no CMS SignedData in DER: " + last_error());
  const auto data = over(content);
  const unsigned flags = CMS_BINARY | (store == nullptr ? CMS_NO_SIGNER_CERT_VERIFY : 0U);
  if (!data || CMS_verify(cms.get(), nullptr, store, data.get(), nullptr, flags) != 1) {
    return refused("not by a trusted vendor, or not over this manifest: " + last_error());
  }
  const Signers signers(CMS_get0_signers(cms.get()));
  if (!signers || sk_X509_num(signers.get()) < 1) return refused("nobody signed");
  auto* said = CMS_get0_SignerInfos(cms.get());
  for (int i = 0; i < sk_CMS_SignerInfo_num(said); ++i) {
    if (auto why = objection(sk_CMS_SignerInfo_value(said, i), vendor); !why.empty())
      return refused(std::move(why));
  }
  return subject_of(sk_X509_value(signers.get(), 0));
}

}  // namespace

struct Trust::Store {
  std::unique_ptr<X509_STORE, Freed<X509_STORE_free>> certificates{X509_STORE_new()};
  int count = 0;
};

Trust::Trust() : store_(std::make_unique<Store>()) {}
Trust::Trust(Trust&&) noexcept = default;
Trust& Trust::operator=(Trust&&) noexcept = default;
Trust::~Trust() = default;

base::Result<Trust> Trust::load(const std::vector<std::filesystem::path>& files) {
  Trust trust;
  auto* store = trust.store_->certificates.get();
  auto* parameters = X509_STORE_get0_param(store);
  // A vendor's own certificate may be trusted without its issuer.
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
  for (const auto& file : files) {
    const Bio bio(BIO_new_file(file.c_str(), "r"));
    ERR_clear_error();
    int found = 0;
    bool ended = false;
    while (bio && !ended) {
      const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
      const auto error = ERR_peek_last_error();
      ended = !certificate && found > 0 && ERR_GET_LIB(error) == ERR_LIB_PEM &&
              ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
      if (ended || (certificate && X509_STORE_add_cert(store, certificate.get()) == 1 && ++found > 0))
        continue;
      // Whoever is trusted by what stands after it would be refused without a word.
      return base::make_fault(base::Code::internal, file.string() + ": certificate " +
                                                        std::to_string(found + 1) +
                                                        " cannot be read as PEM: " + last_error());
    }
    if (!bio) return base::make_fault(base::Code::internal, file.string() + ": " + last_error());
    ERR_clear_error();
    trust.store_->count += found;
  }
  return trust;
}

base::Result<std::string> Trust::verify(base::ByteView content, base::ByteView signature,
                                        const std::string& vendor) const {
  if (store_->count == 0) return refused("no vendor is trusted");
  return verified(store_->certificates.get(), content, signature, vendor);
}

base::Result<std::string> verify_without_trust(base::ByteView content, base::ByteView signature,
                                               const std::string& vendor) {
  return verified(nullptr, content, signature, vendor);
}

std::string certificate_objection(X509* certificate, const std::string& vendor, const ASN1_TIME* at) {
  // A certificate that does not say that it is for code may be a server's or a person's.
  if ((X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) == 0 ||
      (X509_get_extended_key_usage(certificate) & XKU_CODE_SIGN) == 0)
    return "a certificate that is not for signing code (extended key usage codeSigning)";
  if ((X509_get_key_usage(certificate) & KU_DIGITAL_SIGNATURE) == 0)
    return "a certificate whose key is not for signatures (key usage digitalSignature)";
  if (ASN1_TIME_compare(at, X509_get0_notBefore(certificate)) < 0 ||
      ASN1_TIME_compare(at, X509_get0_notAfter(certificate)) > 0)
    return "made when its certificate was not valid";
  if (is_named(certificate, vendor)) return {};
  return "the manifest's vendor is \"" + vendor + "\", the certificate's owner (O or CN) is " +
         subject_of(certificate);
}

}  // namespace madoguchi::extension
