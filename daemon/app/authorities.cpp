#include "authorities.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "authority/cmp.hpp"
#include "base/calendar.hpp"
#include "base/code_book.hpp"
#include "doctor/examinations.hpp"
#include "files.hpp"
#include "key_store.hpp"

namespace madoguchi::app {
namespace {

using base::Code;
using base::make_fault;
namespace fs = std::filesystem;

authority::BodyType body_of(settings::RequestBody body) {
  switch (body) {
    case settings::RequestBody::cr:
      return authority::BodyType::cr;
    case settings::RequestBody::p10cr:
      return authority::BodyType::p10cr;
    case settings::RequestBody::kur:
      return authority::BodyType::kur;
  }
  return authority::BodyType::cr;
}

base::Result<authority::CmpSettings> cmp_settings(const settings::AuthorityConfig& config,
                                                  const fs::path& folder) {
  authority::CmpSettings cmp;
  cmp.body = body_of(config.body);
  cmp.expected_sender = config.expected_sender;
  cmp.recipient = config.recipient;
  auto certificate = read_bytes(folder / config.ra_certificate);
  if (!certificate) return certificate.error();
  cmp.ra_certificate = std::move(*certificate);
  if (config.ra_key_store) {
    auto store = key_store(*config.ra_key_store, folder);
    if (!store) return store.error();
    cmp.ra_key_store = std::move(*store);
  } else {
    auto key = read_key(folder / config.ra_key);
    if (!key) return key.error();
    cmp.ra_key = std::move(*key);
  }
  for (const auto& file : config.trust) {
    const auto trusted = read_bytes(folder / file);
    if (!trusted) return trusted.error();
    cmp.trusted.insert(cmp.trusted.end(), trusted->begin(), trusted->end());
    cmp.trusted.push_back('\n');
  }
  return cmp;
}

base::Result<std::vector<base::Bytes>> issuers_of(const settings::AuthorityConfig& config,
                                                  const fs::path& folder) {
  std::vector<base::Bytes> issuers;
  for (const auto& file : config.issuers) {
    const auto bytes = read_bytes(folder / file);
    if (!bytes) return bytes.error();
    auto certificates = authority::certificates_in(*bytes);
    if (certificates.empty()) {
      return make_fault(Code::invalid_params, "no certificates in " + file, {{"pointer", "/issuers"}});
    }
    std::move(certificates.begin(), certificates.end(), std::back_inserter(issuers));
  }
  return issuers;
}

base::Result<authority::HttpSettings> http_settings(const settings::AuthorityConfig& config,
                                                    const fs::path& folder, const std::string& url,
                                                    authority::Carries carries) {
  authority::HttpSettings http{url, {}, carries};
  if (config.tls_ca.empty()) return http;
  auto trusted = read_bytes(folder / config.tls_ca);
  if (!trusted) return trusted.error();
  http.trusted = std::move(*trusted);
  return http;
}

boost::json::object state_of(const WatchedTransport& transport) {
  switch (transport.state()) {
    case WatchedTransport::State::untried:
      return {{"state", "untried"}};
    case WatchedTransport::State::answered:
      return {{"state", "ok"}};
    case WatchedTransport::State::silent:
      break;
  }
  const auto& book = base::entry(Code::authority_unreachable);
  return {{"state", "failed"}, {"reason", book.reason}, {"ja", book.ja}, {"en", book.en}};
}

// As `madoguchi doctor` judges it, which nobody may have run for a year. What has failed already stays the
// first to be told.
void tell_end(const doctor::Credentials& own, base::ByteView certificate, base::Instant now,
              boost::json::object& state) {
  if (const auto end = doctor::end_of_certificate(certificate)) {
    state["ends_on"] = base::format_date(base::date_in_japan(*end));
    state["days_left"] = std::chrono::floor<std::chrono::days>(*end - now).count();
  }
  const auto found = doctor::judge_ra_certificate(own, certificate, now);
  if (found.state == doctor::State::ok || state.at("state") == "failed") return;
  const auto told = doctor::to_json(found);
  state["state"] = "degraded";
  state["why"] = found.id;
  state["path"] = own.certificate.string();
  for (const auto* language : {"ja", "en"}) state[language] = told.at(language);
}

base::Fault naming(const settings::AuthorityConfig& config, base::Fault fault) {
  fault.inner = "authority " + config.name + ": " + fault.inner;
  return fault;
}

}  // namespace

base::Result<std::unique_ptr<authority::Transport>> transport_to(boost::asio::io_context& loop,
                                                                 const settings::AuthorityConfig& config,
                                                                 const fs::path& folder,
                                                                 const std::string& url,
                                                                 authority::Carries carries) {
  auto http = http_settings(config, folder, url, carries);
  if (!http) return http.error();
  auto transport = authority::make_http_transport(loop, std::move(*http));
  if (transport || carries == authority::Carries::cmp) return transport;
  auto fault = transport.error();
  const auto* pointer = fault.details.if_contains("pointer");
  if (pointer != nullptr && *pointer == "/url")
    fault.details["pointer"] = carries == authority::Carries::ocsp ? "/ocsp_url" : "/crl_urls";
  return fault;
}

base::Result<std::unique_ptr<Authorities>> Authorities::make(boost::asio::io_context& loop,
                                                             const settings::DaemonConfig& config,
                                                             const fs::path& folder,
                                                             const base::Clock& clock) {
  auto made = std::make_unique<Authorities>();
  for (const auto& each : config.authorities) {
    auto cmp = cmp_settings(each, folder);
    if (!cmp) return naming(each, cmp.error());
    auto issuers = issuers_of(each, folder);
    if (!issuers) return naming(each, issuers.error());
    auto ra_certificate = cmp->ra_certificate;
    auto protocol = authority::make_cmp_authority(std::move(*cmp));
    if (!protocol) return naming(each, protocol.error());
    auto transport = transport_to(loop, each, folder, each.url, authority::Carries::cmp);
    if (!transport) return naming(each, transport.error());
    base::Result<std::unique_ptr<authority::Transport>> status(nullptr);
    if (!each.ocsp_url.empty())
      status = transport_to(loop, each, folder, each.ocsp_url, authority::Carries::ocsp);
    if (!status) return naming(each, status.error());
    std::vector<std::unique_ptr<authority::Transport>> lists;
    for (const auto& url : each.crl_urls) {
      auto list = transport_to(loop, each, folder, url, authority::Carries::crl);
      if (!list) return naming(each, list.error());
      lists.push_back(std::move(*list));
    }
    Entry entry{each.name,
                {},
                folder / each.ra_certificate,
                std::move(ra_certificate),
                std::move(*protocol),
                std::make_unique<WatchedTransport>(std::move(*transport), each.name, made->exchanges_),
                std::move(*status),
                std::move(lists),
                nullptr,
                nullptr};
    if (entry.status != nullptr || !entry.lists.empty())
      entry.inquiry = std::make_unique<authority::StatusInquiry>(sources_of(entry, *issuers), clock);
    for (const auto certificate : each.certificates) {
      entry.certificates.push_back(certificate == policy::Certificate::signature
                                       ? mynumber::CertificateName::signature
                                       : mynumber::CertificateName::authentication);
    }
    entry.line = std::make_unique<counter::AuthorityLine>(
        counter::AuthorityLine{*entry.protocol, *entry.transport, each.timeout, each.patience,
                               std::move(*issuers), entry.status.get(), entry.inquiry.get()});
    made->entries_.push_back(std::move(entry));
  }
  return made;
}

authority::StatusInquiry::Sources Authorities::sources_of(const Entry& entry,
                                                          std::vector<base::Bytes> issuers) {
  authority::StatusInquiry::Sources sources{std::move(issuers), entry.status.get()};
  for (const auto& list : entry.lists) sources.lists.push_back(list.get());
  return sources;
}

counter::AuthorityLine& Authorities::line(mynumber::CertificateName certificate) {
  // The configuration was refused unless each certificate has exactly one.
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return std::find(entry.certificates.begin(), entry.certificates.end(), certificate) !=
           entry.certificates.end();
  });
  if (found == entries_.end()) throw std::logic_error("an authority is asked for where none issues");
  return *found->line;
}

void Authorities::cancel() {
  for (auto& entry : entries_) {
    entry.transport->cancel();
    if (entry.status) entry.status->cancel();
    for (const auto& list : entry.lists) list->cancel();
  }
}

void WatchedTransport::post(base::Bytes message, std::chrono::milliseconds timeout, Done done) {
  inner_->post(
      std::move(message), timeout,
      [state = state_, counts = counts_, name = name_, begun = std::chrono::steady_clock::now(),
       done = std::move(done)](base::Result<base::Bytes> answer) {
        *state = answer ? State::answered : State::silent;
        counts->took.add({name, answer ? "answered" : "silent"}, std::chrono::steady_clock::now() - begun);
        done(std::move(answer));
      });
}

boost::json::object Authorities::health(base::Instant now) const {
  boost::json::object health;
  for (const auto& entry : entries_) {
    auto state = state_of(*entry.transport);
    tell_end({entry.name, entry.ra_certificate_file, {}}, entry.ra_certificate, now, state);
    health["authority." + entry.name] = std::move(state);
  }
  return health;
}

std::vector<std::pair<std::string, base::Instant>> Authorities::ends() const {
  std::vector<std::pair<std::string, base::Instant>> all;
  for (const auto& entry : entries_) {
    if (const auto end = doctor::end_of_certificate(entry.ra_certificate)) all.emplace_back(entry.name, *end);
  }
  return all;
}

}  // namespace madoguchi::app
