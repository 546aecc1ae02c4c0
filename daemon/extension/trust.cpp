#include "trust.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

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

// A certificate that says what it is for says so for code.
bool may_sign_code(X509* certificate) {
  if ((X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) == 0) return true;
  return (X509_get_extended_key_usage(certificate) & XKU_CODE_SIGN) != 0;
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
    int found = 0;
    while (bio) {
      const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
      if (!certificate || X509_STORE_add_cert(store, certificate.get()) != 1) break;
      ++found;
    }
    const auto why = last_error();
    if (found == 0)
      return base::make_fault(base::Code::internal, file.string() + ": no certificate in PEM: " + why);
    trust.store_->count += found;
  }
  return trust;
}

base::Result<std::string> Trust::verify(base::ByteView content, base::ByteView signature) const {
  if (store_->count == 0) return refused("no vendor is trusted");
  const auto der = over(signature);
  const Cms cms(der ? d2i_CMS_bio(der.get(), nullptr) : nullptr);
  if (!cms || BIO_pending(der.get()) != 0) return refused("no CMS SignedData in DER: " + last_error());
  const auto data = over(content);
  if (!data ||
      CMS_verify(cms.get(), nullptr, store_->certificates.get(), data.get(), nullptr, CMS_BINARY) != 1) {
    return refused("not by a trusted vendor, or not over this manifest: " + last_error());
  }
  const Signers signers(CMS_get0_signers(cms.get()));
  if (!signers || sk_X509_num(signers.get()) < 1) return refused("nobody signed");
  for (int i = 0; i < sk_X509_num(signers.get()); ++i) {
    if (!may_sign_code(sk_X509_value(signers.get(), i)))
      return refused("a certificate that is not for signing code");
  }
  return subject_of(sk_X509_value(signers.get(), 0));
}

}  // namespace madoguchi::extension
