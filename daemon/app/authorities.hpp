// The configured authorities, ready to be spoken to.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "authority/http_transport.hpp"
#include "counter/parts.hpp"
#include "metrics/counts.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

struct ExchangeCounts {
  metrics::Durations took{"madoguchi_authority_exchange_seconds",
                          "How long an exchange with an authority took, from the request to its answer.",
                          {"authority", "outcome"}};
};

// A transport that remembers how its last exchange ended, so that system.health can tell without asking.
class WatchedTransport : public authority::Transport {
 public:
  enum class State : std::uint8_t { untried, answered, silent };

  WatchedTransport(std::unique_ptr<authority::Transport> inner, std::string name,
                   std::shared_ptr<ExchangeCounts> counts)
      : inner_(std::move(inner)),
        name_(std::move(name)),
        counts_(std::move(counts)),
        state_(std::make_shared<State>(State::untried)) {}
  void post(base::Bytes message, std::chrono::milliseconds timeout, Done done) override;
  void cancel() override { inner_->cancel(); }
  [[nodiscard]] State state() const { return *state_; }

 private:
  std::unique_ptr<authority::Transport> inner_;
  std::string name_;
  std::shared_ptr<ExchangeCounts> counts_;
  std::shared_ptr<State> state_;  // the last answer may come after this
};

class Authorities {
 public:
  // Reads keys and certificates; relative paths are meant from `folder`. A fault names the setting.
  static base::Result<std::unique_ptr<Authorities>> make(boost::asio::io_context& loop,
                                                         const settings::DaemonConfig& config,
                                                         const std::filesystem::path& folder,
                                                         const base::Clock& clock);

  counter::AuthorityLine& line(mynumber::CertificateName certificate);
  // Ends every exchange under way; their cases go on from there later.
  void cancel();
  [[nodiscard]] boost::json::object health(base::Instant now) const;
  // By name, when the counter's certificate towards it ends.
  [[nodiscard]] std::vector<std::pair<std::string, base::Instant>> ends() const;
  [[nodiscard]] const ExchangeCounts& exchanges() const { return *exchanges_; }

 private:
  struct Entry {
    std::string name;
    std::vector<mynumber::CertificateName> certificates;
    std::filesystem::path ra_certificate_file;
    base::Bytes ra_certificate;
    std::unique_ptr<authority::Authority> protocol;
    std::unique_ptr<WatchedTransport> transport;
    std::unique_ptr<authority::Transport> status;  // none where the configuration names no responder
    std::vector<std::unique_ptr<authority::Transport>> lists;
    std::unique_ptr<authority::StatusInquiry> inquiry;
    std::unique_ptr<counter::AuthorityLine> line;
  };
  static authority::StatusInquiry::Sources sources_of(const Entry& entry, std::vector<base::Bytes> issuers);
  std::vector<Entry> entries_;
  std::shared_ptr<ExchangeCounts> exchanges_ = std::make_shared<ExchangeCounts>();
};

// To one of an authority's addresses, by its TLS settings.
base::Result<std::unique_ptr<authority::Transport>> transport_to(boost::asio::io_context& loop,
                                                                 const settings::AuthorityConfig& config,
                                                                 const std::filesystem::path& folder,
                                                                 const std::string& url,
                                                                 authority::Carries carries);

}  // namespace madoguchi::app
