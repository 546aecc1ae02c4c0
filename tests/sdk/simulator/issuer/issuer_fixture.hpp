// The CA that is made once a build (its keys take seconds), and requests that it grants.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "../../../temporary_folder.hpp"
#include "simulated_issuer/ca_folder.hpp"
#include "simulated_issuer/issue.hpp"

namespace madoguchi::simulated_issuer {

using std::chrono::April;
using std::chrono::January;
using std::chrono::November;
using std::chrono::year;

using tests::TemporaryFolder;

// Only to be read.
inline const CaFolder& shared_ca() {
  static const CaFolder ca = CaFolder::load(std::filesystem::path(DEVELOPMENT_CA) / "ca").value();
  return ca;
}

inline base::Bytes shared_spki() {
  return to_der(X509_get_X509_PUBKEY(shared_ca().ra().certificate.get()), i2d_X509_PUBKEY);
}

inline IssueRequest good_request(Kind kind) {
  IssueRequest request;
  request.spki = shared_spki();
  request.subject_der = make_subject(kind, {"Tokyo-to", "Musashino-shi"}, random_common_name("13203"));
  if (kind == Kind::signature) {
    request.holder =
        Holder{"山田　太郎", '1', year(1990) / January / 2, "東京都武蔵野市緑町２丁目２番２８号"};
  }
  request.not_before = *base::parse_time("2021-04-07T10:00:00+09:00");
  request.last_day = year(2026) / April / 1;
  return request;
}

}  // namespace madoguchi::simulated_issuer
