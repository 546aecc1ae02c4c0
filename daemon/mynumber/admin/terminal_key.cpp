#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <climits>
#include <stdexcept>

#include "base/secret.hpp"
#include "mynumber/admin.hpp"

namespace madoguchi::mynumber {
namespace {

class HmacTerminalKey final : public TerminalKey {
 public:
  explicit HmacTerminalKey(base::ByteView key) : key_(key.begin(), key.end()) {}
  HmacTerminalKey(const HmacTerminalKey&) = delete;
  HmacTerminalKey& operator=(const HmacTerminalKey&) = delete;
  ~HmacTerminalKey() override { base::wipe(key_.data(), key_.size()); }

  [[nodiscard]] base::Bytes cryptogram(base::ByteView challenge) const override {
    base::Sha256 code{};
    unsigned int size = 0;
    if (HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), challenge.data(), challenge.size(),
             code.data(), &size) == nullptr) {
      throw std::runtime_error("HMAC-SHA-256 is not to be had from OpenSSL");
    }
    return {code.begin(), code.end()};
  }

 private:
  base::Bytes key_;
};

}  // namespace

std::unique_ptr<TerminalKey> make_terminal_key(base::ByteView key) {
  return std::make_unique<HmacTerminalKey>(key);
}

}  // namespace madoguchi::mynumber
