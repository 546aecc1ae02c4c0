// What the daemon itself has to enter into the audit log: its beginning and end, policies and plugins,
// refused callers; and how long entries stay.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/array.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/api.hpp"
#include "audit/refusals.hpp"
#include "audit_key.hpp"
#include "base/calendar.hpp"
#include "base/clock.hpp"
#include "storage/audit_trail.hpp"

namespace madoguchi::app {

class Auditor {
 public:
  struct Setting {
    boost::asio::io_context& loop;
    storage::AuditTrail& trail;
    const base::Clock& clock;
    base::Log& log;
    std::filesystem::path folder;  // of the configuration
    std::filesystem::path state;   // of the store
    // While it says so no entry goes for its age.
    std::function<bool()> clock_is_doubted;
  };
  // Seals the store with the daemon's key.
  static base::Result<std::unique_ptr<Auditor>> make(const settings::AuditConfig& config, Setting setting);
  // Where entries go from now on.
  void write_to(storage::CaseStore& store) { store_ = &store; }

  // There was a log here before this one, and it is gone with its store.
  void begins_anew();
  // The store is a copy that was put in place of one whose log went up to `end` (0: not known).
  void was_restored(std::int64_t end, std::function<void()> once_entered);

  [[nodiscard]] api::AuditLog log_for_api() const;
  // What is in force, as plugins.list has the plugins.
  struct InForce {
    std::string digest;
    boost::json::array plugins;
  };
  void begun(const InForce& now);
  void ended();
  void reloaded(const base::Actor& by, const std::string& before, const base::Result<void>& outcome,
                const InForce& now);
  void refused(const base::Actor& caller, std::string_view method);
  [[nodiscard]] boost::json::object health() const;

 private:
  Auditor(Setting setting, AuditKeys keys, int keep_days);
  void record(std::vector<audit::Entry> entries);
  void add_plugins(std::vector<audit::Entry>& entries, const boost::json::array& plugins) const;
  void tell_head(std::string_view id) const;
  void tell(const audit::Problem& problem) const;
  void look_back();
  void tick();
  void prune();
  void tell_not_pruned(const std::string& why, base::Date today);

  Setting setting_;
  std::shared_ptr<const audit::SigningKey> key_;
  std::vector<audit::PublicKey> keys_;
  int keep_days_;
  storage::CaseStore* store_ = nullptr;
  audit::Refusals refusals_;
  boost::asio::steady_timer timer_;
  base::Instant next_prune_{};
  std::pair<std::string, base::Date> not_pruned_;  // told last
  struct Restored {
    std::int64_t end = 0;
    std::function<void()> once_entered;
  };
  std::optional<Restored> restored_;
  std::vector<audit::Problem> damage_;  // found when the daemon began; the store enters it
  bool begins_anew_ = false;
  bool ended_ = false;
  bool lost_ = false;  // the last entry could not be recorded
};

}  // namespace madoguchi::app
