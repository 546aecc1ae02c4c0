#include "cmp/openssl.hpp"

#include <openssl/pem.h>

#include <array>

namespace madoguchi::authority {

BioPtr reader_of(base::ByteView bytes) {
  return BioPtr(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::vector<CertificatePtr> parse_certificates(base::ByteView bytes) {
  ERR_clear_error();
  std::vector<CertificatePtr> certificates;
  if (!bytes.empty() && bytes.front() == 0x30) {
    if (auto one = certificate_from_der(bytes)) certificates.push_back(std::move(one));
    return certificates;
  }
  const auto reader = reader_of(bytes);
  while (reader) {
    CertificatePtr one(PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr));
    if (!one) break;
    certificates.push_back(std::move(one));
  }
  const unsigned long last = ERR_peek_last_error();
  if (ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE) {
    ERR_clear_error();  // the ordinary end of the file
  } else {
    certificates.clear();
  }
  return certificates;
}

LibraryErrors take_errors() {
  LibraryErrors errors;
  const char* data = nullptr;
  int flags = 0;
  while (const unsigned long error = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
    std::array<char, 256> text{};
    ERR_error_string_n(error, text.data(), text.size());
    if (!errors.text.empty()) errors.text += "; ";
    errors.text += text.data();
    if ((flags & ERR_TXT_STRING) != 0 && data != nullptr) errors.text.append(" (").append(data).append(")");
    if (ERR_GET_LIB(error) == ERR_LIB_CMP) errors.cmp_reasons.push_back(ERR_GET_REASON(error));
  }
  return errors;
}

base::Fault library_fault(base::Code code, std::string what, boost::json::object details) {
  const auto errors = take_errors();
  if (!errors.text.empty()) what.append(": ").append(errors.text);
  return base::make_fault(code, std::move(what), std::move(details));
}

}  // namespace madoguchi::authority
