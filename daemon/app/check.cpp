#include "check.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <iostream>
#include <set>

#include "audit_key.hpp"
#include "authorities.hpp"
#include "decider.hpp"
#include "files.hpp"
#include "plugin_host.hpp"
#include "service_rights.hpp"
#include "station/pins_of_card.hpp"
#include "storage/reading.hpp"
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
    const auto fault = result.error();
    if (fault.code == base::Code::not_found) return notice(fault.inner);
    add(fault.inner);
  }
  void add(const std::string& what) {
    std::cerr << what << '\n';
    status_ = 2;
  }
  static void notice(const std::string& what) { std::cerr << "notice: " << what << '\n'; }
  [[nodiscard]] int status() const { return status_; }

 private:
  int status_ = 0;
};

base::Result<void> state_folder(const fs::path& store) {
  std::error_code error;
  const auto folder = store.parent_path();
  if (fs::is_directory(folder, error)) return check_store_folder(folder);
  // The service manager makes it (StateDirectory=).
  if (!fs::exists(folder, error)) {
    return base::make_fault(base::Code::not_found, folder.string() + ": the store's folder is not there");
  }
  return base::make_fault(base::Code::storage_unavailable, folder.string() + ": not a folder");
}

bool pin_refused(const base::Fault& fault) {
  const auto* trouble = fault.details.if_contains("trouble");
  return trouble != nullptr && *trouble == "pin_refused";
}

// Each by itself, so that one does not hide what is wrong with the next.
void check_authorities(const settings::DaemonConfig& config, const fs::path& folder, Findings& findings) {
  boost::asio::io_context loop;
  const SystemClock clock;
  std::set<std::string> refused;  // PINs' files
  for (const auto& authority : config.authorities) {
    const auto pin = authority.ra_key_store ? authority.ra_key_store->pin : std::string();
    if (!pin.empty() && refused.contains(pin)) {
      Findings::notice("authority " + authority.name + ": not tried, since each wrong PIN costs a try");
      continue;
    }
    auto one = config;
    one.authorities = {authority};
    const auto made = Authorities::make(loop, one, folder, clock);
    findings.add(made);
    if (!made && pin_refused(made.error())) refused.insert(pin);
  }
}

// What a start makes itself or finds in its folder, which nobody but the daemon may look into.
void check_state(const settings::DaemonConfig& config, const fs::path& folder, const fs::path& store,
                 Findings& findings) {
  findings.add(check_audit_keys(config.audit, folder, store.parent_path()));
  const auto ring = starting_store_keys(config.store, folder, store.parent_path());
  findings.add(ring);
  std::error_code error;
  if (!ring || !fs::exists(store, error)) return;
  auto reading = storage::StoreReading::open(store);
  if (!reading) {
    const auto fault = reading.error();
    const auto& trouble = fault.details.at("trouble");
    // A start makes a new one of an empty file, and waits for whoever has it locked.
    if (trouble == "busy") return Findings::notice(fault.inner);
    if (trouble != "empty") findings.add(store.string() + ": " + fault.inner);
    return;
  }
  if (ring->keys.empty() && !reading->current()) return;  // the first key is made
  findings.add(reading->unseal_with(*ring));
}

}  // namespace

int check(const settings::DaemonConfig& config, const fs::path& folder, base::Log& log) {
  Findings findings;
  const auto store = folder / config.store.path;
  const bool as_service = become_service(store);
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
  findings.add(state_folder(store));
  if (as_service || ::geteuid() == 0) {
    check_state(config, folder, store, findings);
  } else {
    Findings::notice(store.parent_path().string() +
                     ": the daemon's own keys are not looked at; root or the daemon's user may");
  }
  return findings.status();
}

}  // namespace madoguchi::app
