// What a clerk calls the card's certificates and PINs, in Japanese and English.
#pragma once

#include <string_view>

#include "mynumber/profile.hpp"

namespace madoguchi::mynumber {

struct Title {
  std::string_view ja;
  std::string_view en;
};
// "利用者証明用電子証明書", "user authentication certificate" ...
Title title(CertificateName certificate);
Title title(PinName pin);

}  // namespace madoguchi::mynumber
