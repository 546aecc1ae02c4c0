#include "simulated_card/image.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

#include "crypto.hpp"

namespace madoguchi::simulated_card {

bool Application::has(std::uint16_t id) const {
  return files.contains(id) || pins.contains(id) || keys.contains(id) ||
         std::find(opaque.begin(), opaque.end(), id) != opaque.end();
}

const Application* CardImage::find(std::string_view application) const {
  const auto found = std::find_if(applications.begin(), applications.end(),
                                  [&](const Application& a) { return a.name == application; });
  return found == applications.end() ? nullptr : &*found;
}

Application* CardImage::find(std::string_view application) {
  return const_cast<Application*>(std::as_const(*this).find(application));
}

void set_pin(Pin& pin, base::ByteView value) {
  pin.salt = base::random_bytes(16);
  pin.digest = hmac_sha256(pin.salt, value);
  pin.tries = pin.max_tries;
}

bool matches(const Pin& pin, base::ByteView value) {
  const auto digest = hmac_sha256(pin.salt, value);
  return digest.size() == pin.digest.size() &&
         CRYPTO_memcmp(digest.data(), pin.digest.data(), digest.size()) == 0;
}

}  // namespace madoguchi::simulated_card
