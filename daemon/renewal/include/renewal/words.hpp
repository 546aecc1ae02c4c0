// The journal's records in words for a clerk, in Japanese and English.
#pragma once

#include <string>
#include <string_view>

#include "renewal/saga.hpp"

namespace madoguchi::renewal {

struct Words {
  std::string_view ja;
  std::string_view en;
};
// Every record of the transition table and of the case's own life has words; nullopt for anything else.
std::optional<Words> words_for(std::string_view record);

// "利用者証明用電子証明書", "user authentication certificate" ...
Words title(CertificateName certificate);
Words title(mynumber::PinName pin);

// How far a saga has come, for a progress bar: `n` of `of`.
struct Progress {
  int n;
  int of;
};
Progress progress(Phase phase);

}  // namespace madoguchi::renewal
