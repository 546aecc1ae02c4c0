// Does whoever issued a certificate stand by it? Asked at the responder (OCSP), and where that says nothing,
// in the issuer's lists (CRL). Never a verdict by silence: without a word that counts it is unknown, and why.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "authority/standing.hpp"
#include "authority/transport.hpp"
#include "base/clock.hpp"

namespace madoguchi::authority {

enum class StatusSource : std::uint8_t { none, ocsp, crl };
std::string_view name(StatusSource source);

struct CertificateStatus {
  Standing standing = Standing::unknown;
  Doubt doubt = Doubt::not_offered;          // why it is unknown
  StatusSource source = StatusSource::none;  // who has said so; none: nobody
  std::optional<base::Instant> as_of;        // when that was so, where somebody has said so
};

// {status, source, as_of, reason}, the last two where there is one.
boost::json::object to_json(const CertificateStatus& status);

// How long a list is used before another is asked for; what it says counts until its own next update at most.
constexpr std::chrono::minutes list_kept{10};

// To be used on the loop's thread only.
class StatusInquiry {
 public:
  struct Sources {
    std::vector<base::Bytes> issuers;  // DER
    Transport* ocsp = nullptr;         // nullptr: there is none
    std::vector<Transport*> lists{};   // one a list
  };
  using Done = std::function<void(const CertificateStatus&)>;

  // The transports and the clock outlive it.
  StatusInquiry(Sources sources, const base::Clock& clock);
  StatusInquiry(const StatusInquiry&) = delete;
  StatusInquiry& operator=(const StatusInquiry&) = delete;
  // What is under way is not told any more.
  ~StatusInquiry();

  // `done` is called once, within the budget as far as the transports keep to it; before this returns where
  // nothing has to be fetched.
  void ask(base::Bytes certificate, std::chrono::milliseconds budget, Done done);

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace madoguchi::authority
