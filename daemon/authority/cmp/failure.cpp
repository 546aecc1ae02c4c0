#include "cmp/failure.hpp"

#include <openssl/cmp.h>

#include <array>
#include <string_view>

namespace madoguchi::authority {
namespace {

struct FailureRow {
  std::string_view name;
  Meaning meaning = Meaning::refused;
};

// Position is the bit of PKIFailureInfo.
constexpr std::array failures{
    FailureRow{"badAlg"},
    FailureRow{"badMessageCheck"},
    FailureRow{"badRequest"},
    FailureRow{"badTime"},
    FailureRow{"badCertId"},
    FailureRow{"badDataFormat"},
    FailureRow{"wrongAuthority"},
    FailureRow{"incorrectData"},
    FailureRow{"missingTimeStamp"},
    FailureRow{"badPOP"},
    FailureRow{"certRevoked", Meaning::already_revoked},
    FailureRow{"certConfirmed", Meaning::reconcile},
    FailureRow{"wrongIntegrity"},
    FailureRow{"badRecipientNonce"},
    FailureRow{"timeNotAvailable", Meaning::transient},
    FailureRow{"unacceptedPolicy"},
    FailureRow{"unacceptedExtension"},
    FailureRow{"addInfoNotAvailable"},
    FailureRow{"badSenderNonce"},
    FailureRow{"badCertTemplate"},
    FailureRow{"signerNotTrusted"},
    FailureRow{"transactionIdInUse", Meaning::reconcile},
    FailureRow{"unsupportedVersion"},
    FailureRow{"notAuthorized"},
    FailureRow{"systemUnavail", Meaning::transient},
    FailureRow{"systemFailure", Meaning::transient},
    FailureRow{"duplicateCertReq", Meaning::reconcile},
};
static_assert(failures.size() == OSSL_CMP_PKIFAILUREINFO_MAX + 1);

constexpr std::array statuses{"accepted",          "grantedWithMods",        "rejection",       "waiting",
                              "revocationWarning", "revocationNotification", "keyUpdateWarning"};

bool has(int bits, std::size_t position) {
  return bits > 0 && (bits >> position & 1) != 0;
}

}  // namespace

Meaning meaning_of(int failure_bits) {
  bool transient = false;
  bool refused = false;
  for (std::size_t i = 0; i < failures.size(); ++i) {
    if (!has(failure_bits, i)) continue;
    const Meaning meaning = failures.at(i).meaning;
    if (meaning == Meaning::reconcile || meaning == Meaning::already_revoked) return meaning;
    if (meaning == Meaning::transient) transient = true;
    if (meaning == Meaning::refused) refused = true;
  }
  return transient && !refused ? Meaning::transient : Meaning::refused;
}

std::string failure_names(int failure_bits) {
  std::string names;
  for (std::size_t i = 0; i < failures.size(); ++i) {
    if (!has(failure_bits, i)) continue;
    if (!names.empty()) names += ',';
    names += failures.at(i).name;
  }
  return names;
}

std::string status_name(int status) {
  if (status < 0 || static_cast<std::size_t>(status) >= statuses.size()) return "unknown";
  return statuses.at(static_cast<std::size_t>(status));
}

}  // namespace madoguchi::authority
