#include "check.hpp"

#include <boost/asio/io_context.hpp>
#include <iostream>

#include "audit_key.hpp"
#include "authorities.hpp"
#include "decider.hpp"
#include "files.hpp"
#include "plugin_host.hpp"
#include "station/pins_of_card.hpp"
#include "store_key.hpp"
#include "system_clock.hpp"

namespace madoguchi::app {
namespace {

namespace fs = std::filesystem;

class Findings {
 public:
  template <class T>
  void add(const base::Result<T>& result) {
    if (result) return;
    const bool absent = result.error().code == base::Code::not_found;
    std::cerr << (absent ? "notice: " : "") << result.error().inner << '\n';
    if (!absent) status_ = 2;
  }
  void add(const std::string& what) {
    std::cerr << what << '\n';
    status_ = 2;
  }
  [[nodiscard]] int status() const { return status_; }

 private:
  int status_ = 0;
};

base::Result<void> state_folder(const fs::path& store) {
  std::error_code error;
  const auto folder = store.parent_path();
  if (fs::is_directory(folder, error)) return {};
  // The service manager makes it (StateDirectory=).
  if (!fs::exists(folder, error)) {
    return base::make_fault(base::Code::not_found, folder.string() + ": the store's folder is not there");
  }
  return base::make_fault(base::Code::storage_unavailable, folder.string() + ": not a folder");
}

// Each by itself, so that one does not hide what is wrong with the next.
void check_authorities(const settings::DaemonConfig& config, const fs::path& folder, Findings& findings) {
  boost::asio::io_context loop;
  const SystemClock clock;
  for (const auto& authority : config.authorities) {
    auto one = config;
    one.authorities = {authority};
    findings.add(Authorities::make(loop, one, folder, clock));
  }
}

}  // namespace

int check(const settings::DaemonConfig& config, const fs::path& folder, base::Log& log) {
  Findings findings;
  const auto decider = Decider::make(folder / config.policy.path, plugin_host(config.plugins, folder), log,
                                     {.card = &station::card_profile(config.readers.profile)});
  findings.add(decider);
  // With one of these the daemon would start, and deny every decision.
  if (decider) {
    for (const auto& refusal : (*decider)->refusals()) findings.add("plugins: " + refusal);
  }
  if (config.readers.profile != settings::ReaderProfile::genuine) {
    findings.add(read_terminal_key(folder / config.readers.terminal_key));
  }
  check_authorities(config, folder, findings);
  findings.add(check_audit_keys(config.audit, folder));
  findings.add(check_store_keys(config.store, folder));
  findings.add(state_folder(folder / config.store.path));
  return findings.status();
}

}  // namespace madoguchi::app
