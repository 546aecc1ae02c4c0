// What the authority says of certificates that lie on a card: asked for by those who want to know, and never
// waited for by anybody else.
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "card_facts.hpp"
#include "inside.hpp"

namespace madoguchi::counter {

namespace asio = boost::asio;

namespace {

// Genuine cards are the official terminal's affair, and no authority is configured beside it.
auto* inquiry_of(const Parts& parts, mynumber::CertificateName which) {
  using Inquiry = decltype(AuthorityLine::inquiry);
  return parts.channel == renewal::Channel::terminal ? Inquiry(nullptr) : parts.authority(which).inquiry;
}

}  // namespace

asio::awaitable<Statuses> Desk::statuses(std::map<mynumber::CertificateName, base::Bytes> certificates) {
  return inside_->statuses(std::move(certificates), AskStatus::anew);
}

// All at once, so that two take no longer than one.
asio::awaitable<Statuses> Desk::Inside::statuses(
    std::map<mynumber::CertificateName, base::Bytes> certificates, AskStatus how) {
  const UnderWay call(under_way);
  Statuses found;
  for (const auto& [which, der] : certificates) found[which] = {};
  std::erase_if(certificates,
                [this](const auto& item) { return stopping || inquiry_of(parts, item.first) == nullptr; });
  if (how == AskStatus::unless_silent) {
    std::erase_if(certificates, [&](const auto& item) {
      const auto until = silent.find(inquiry_of(parts, item.first));
      if (until == silent.end() || until->second <= parts.steady()) return false;
      found[item.first].doubt = authority::Doubt::unreachable;
      return true;
    });
  }
  if (certificates.empty()) co_return found;
  auto start = [this, &found, &certificates](auto handler) {
    auto kept = std::make_shared<decltype(handler)>(std::move(handler));
    const auto left = std::make_shared<std::size_t>(certificates.size());
    for (auto& [which, der] : certificates) {
      const auto took = [this, &into = found.at(which), left,
                         kept](const authority::CertificateStatus& said) {
        into = said;
        // An answer may be there at once, before this coroutine waits for it.
        if (--*left == 0) asio::post(parts.loop, [kept] { std::move (*kept)(); });
      };
      inquiry_of(parts, which)->ask(std::move(der), parts.status_patience, took);
    }
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(start, asio::use_awaitable);
  for (const auto& [which, der] : certificates) {
    auto* const asked = inquiry_of(parts, which);
    silent.erase(asked);
    if (found.at(which).doubt == authority::Doubt::unreachable)
      silent[asked] = parts.steady() + parts.silence_kept;
  }
  co_return found;
}

asio::awaitable<void> Desk::Inside::learn_standing(
    renewal::Case& visit, std::map<mynumber::CertificateName, mynumber::Certificate> read, AskStatus how) {
  std::map<mynumber::CertificateName, base::Bytes> certificates;
  for (const auto& [which, certificate] : read) {
    if (inquiry_of(parts, which) != nullptr) certificates[which] = certificate.der;
  }
  const auto found = co_await statuses(std::move(certificates), how);
  for (const auto& [which, status] : found) see(visit.seen, which, read.at(which), status);
}

}  // namespace madoguchi::counter
