#include "openssl.hpp"

#include <openssl/err.h>

#include <climits>

namespace madoguchi::extension {

std::string last_error() {
  std::string text;
  while (const auto code = ERR_get_error()) {
    char line[256];
    ERR_error_string_n(code, line, sizeof line);
    text = line;
  }
  return text.empty() ? "no reason given" : text;
}

Bio over(base::ByteView bytes) {
  if (bytes.size() > INT_MAX) return nullptr;
  return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

}  // namespace madoguchi::extension
