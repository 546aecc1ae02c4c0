#include "simulated_issuer/handle.hpp"

#include <openssl/err.h>
#include <openssl/rsa.h>

namespace madoguchi::simulated_issuer {

std::string openssl_errors() {
  const char* data = nullptr;
  int flags = 0;
  const unsigned long code = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags);
  if (code == 0) return "unknown";
  const char* reason = ERR_reason_error_string(code);
  std::string text = reason != nullptr ? reason : "unknown";
  if (data != nullptr && (flags & ERR_TXT_STRING) != 0 && *data != '\0')
    text.append(" (").append(data).append(")");
  ERR_clear_error();
  return text;
}

base::Fault openssl_fault(std::string_view what) {
  return base::make_fault(base::Code::internal, std::string(what) + ": " + openssl_errors());
}

KeyHandle make_rsa_key() {
  return KeyHandle(EVP_RSA_gen(2048));
}

}  // namespace madoguchi::simulated_issuer
