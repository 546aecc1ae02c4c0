#include "cmp/credentials.hpp"

#include "base/secret.hpp"

namespace madoguchi::authority {
namespace {

using base::Code;

constexpr std::size_t transaction_id_bytes = 16;

base::Fault unusable(const char* pointer, std::string why) {
  return library_fault(Code::invalid_params, std::move(why), {{"pointer", pointer}});
}

// `/type=value/type=value`; null when malformed or of an unknown type.
NamePtr parse_name(std::string_view text) {
  NamePtr name(X509_NAME_new());
  if (!name || text.empty() || text.front() != '/') return nullptr;
  std::string part;
  const auto add_part = [&] {
    const auto equals = part.find('=');
    // An empty value would be some other name than the one that was meant.
    if (equals == std::string::npos || part.find_first_not_of(' ', equals + 1) == std::string::npos)
      return false;
    const std::string type = part.substr(0, equals);
    const std::string said = part.substr(equals + 1);
    part.clear();
    const auto* value = reinterpret_cast<const unsigned char*>(said.data());
    const int size = static_cast<int>(said.size());
    return X509_NAME_add_entry_by_txt(name.get(), type.c_str(), MBSTRING_UTF8, value, size, -1, 0) == 1;
  };
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      part += text[++i];
    } else if (text[i] != '/') {
      part += text[i];
    } else if (!add_part()) {
      return nullptr;
    }
  }
  return add_part() ? std::move(name) : nullptr;
}

// OpenSSL prints its log to the terminal unless told otherwise; what matters is in the error queue as well.
int keep_quiet(const char*, const char*, int, OSSL_CMP_severity, const char*) {
  return 1;
}

bool set_options(OSSL_CMP_CTX& context) {
  return OSSL_CMP_CTX_set_log_cb(&context, keep_quiet) == 1 &&
         // Without these, names of the counter's own or the old certificate slip into requests, and OpenSSL
         // looks for the card's private key to make the proof that the request already carries.
         OSSL_CMP_CTX_set_option(&context, OSSL_CMP_OPT_SUBJECTALTNAME_NODEFAULT, 1) == 1 &&
         OSSL_CMP_CTX_set_option(&context, OSSL_CMP_OPT_POPO_METHOD, OSSL_CRMF_POPO_NONE) == 1;
}

bool set_transaction(OSSL_CMP_CTX& context, base::ByteView transaction_id) {
  const OctetsPtr octets(ASN1_OCTET_STRING_new());
  return octets &&
         ASN1_OCTET_STRING_set(octets.get(), transaction_id.data(),
                               static_cast<int>(transaction_id.size())) == 1 &&
         OSSL_CMP_CTX_set1_transactionID(&context, octets.get()) == 1;
}

bool set_chain(OSSL_CMP_CTX& context, const std::vector<CertificatePtr>& chain) {
  const Owned<STACK_OF(X509), [](STACK_OF(X509) * list) { sk_X509_free(list); }> issuers(sk_X509_new_null());
  if (!issuers || OSSL_CMP_CTX_set1_cert(&context, chain.front().get()) != 1) return false;
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (sk_X509_push(issuers.get(), chain[i].get()) <= 0) return false;
  }
  return chain.size() == 1 || OSSL_CMP_CTX_set1_untrusted(&context, issuers.get()) == 1;
}

bool set_trust(OSSL_CMP_CTX& context, X509_STORE& store) {
  X509_STORE_up_ref(&store);
  if (OSSL_CMP_CTX_set0_trustedStore(&context, &store) == 1) return true;
  X509_STORE_free(&store);
  return false;
}

}  // namespace

base::Result<Credentials> Credentials::parse(CmpSettings& settings) {
  ERR_clear_error();
  Credentials credentials;
  const auto own = credentials.take_own(settings);
  base::wipe(settings.ra_key.data(), settings.ra_key.size());
  if (!own) return own.error();
  if (const auto peer = credentials.take_peer(settings); !peer) return peer.error();
  return credentials;
}

base::Result<void> Credentials::take_own(const CmpSettings& settings) {
  chain_ = parse_certificates(settings.ra_certificate);
  if (chain_.empty()) return unusable("/ra_certificate", "not a certificate");
  auto key =
      settings.ra_key_store ? RaKey::from_store(*settings.ra_key_store) : RaKey::from_pem(settings.ra_key);
  if (!key) return key.error();
  key_ = std::move(*key);
  return key_.check(*chain_.front());
}

base::Result<void> Credentials::take_peer(const CmpSettings& settings) {
  trusted_.reset(X509_STORE_new());
  trusted_at_any_time_.reset(X509_STORE_new());
  const auto certificates = parse_certificates(settings.trusted);
  if (!trusted_ || !trusted_at_any_time_ || certificates.empty())
    return unusable("/trusted", "no certificates");
  for (const auto& certificate : certificates) {
    if (X509_STORE_add_cert(trusted_.get(), certificate.get()) != 1 ||
        X509_STORE_add_cert(trusted_at_any_time_.get(), certificate.get()) != 1)
      return unusable("/trusted", "not accepted");
  }
  // Being listed is enough: an administrator may name the issuing CA or the signer itself instead of a root.
  X509_STORE_set_flags(trusted_.get(), X509_V_FLAG_PARTIAL_CHAIN);
  X509_STORE_set_flags(trusted_at_any_time_.get(), X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  if (!settings.expected_sender.empty()) {
    expected_sender_ = parse_name(settings.expected_sender);
    if (!expected_sender_) return unusable("/expected_sender", "not a name of the form /C=JP/O=.../CN=...");
  }
  if (!settings.recipient.empty()) {
    recipient_ = parse_name(settings.recipient);
    if (!recipient_) return unusable("/recipient", "not a name of the form /C=JP/O=.../CN=...");
  } else {
    const X509_NAME* fallback =
        expected_sender_ ? expected_sender_.get() : X509_get_issuer_name(chain_.front().get());
    recipient_.reset(X509_NAME_dup(fallback));
  }
  return {};
}

bool Credentials::trust(OSSL_CMP_CTX& context, bool at_any_time) const {
  return set_trust(context, at_any_time ? *trusted_at_any_time_ : *trusted_);
}

bool Credentials::valid_throughout(base::Instant from, base::Instant to) const {
  const X509& own = *chain_.front();
  const auto seconds = [](base::Instant instant) {
    return static_cast<time_t>(std::chrono::floor<std::chrono::seconds>(instant.time_since_epoch()).count());
  };
  time_t begin = seconds(from);
  time_t end = seconds(to);
  return X509_cmp_time(X509_get0_notBefore(&own), &begin) < 0 &&
         X509_cmp_time(X509_get0_notAfter(&own), &end) > 0;
}

base::Result<CmpContextPtr> Credentials::new_context(base::ByteView transaction_id) const {
  if (transaction_id.size() != transaction_id_bytes) {
    return base::make_fault(Code::internal, "a CMP transaction id has 16 bytes");
  }
  ERR_clear_error();
  auto context = key_.new_context();
  const bool ready =
      context && set_options(*context) && set_transaction(*context, transaction_id) &&
      set_chain(*context, chain_) && set_trust(*context, *trusted_) &&
      OSSL_CMP_CTX_set1_recipient(context.get(), recipient_.get()) == 1 &&
      (!expected_sender_ || OSSL_CMP_CTX_set1_expected_sender(context.get(), expected_sender_.get()) == 1);
  if (!ready) return library_fault(Code::internal, "no CMP context");
  return context;
}

}  // namespace madoguchi::authority
