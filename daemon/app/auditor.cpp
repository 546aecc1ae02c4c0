#include "auditor.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>

#include "audit/statement.hpp"
#include "base/calendar.hpp"
#include "base/code_book.hpp"

namespace madoguchi::app {
namespace {

namespace json = boost::json;
using audit::Entry;
using audit::Field;
using audit::Kind;
using base::Level;

// Refusals that were counted and entries that have had their time wait for this.
constexpr std::chrono::seconds tick_every{60};
constexpr std::chrono::minutes look_again{60};
constexpr int prune_at_once = 500;

std::string own_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string("counter");
}

std::string text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

base::Result<std::unique_ptr<Auditor>> Auditor::make(const settings::AuditConfig& config, Setting setting) {
  auto keys = audit_keys(config, setting.folder, setting.state, setting.log);
  if (!keys) return keys.error();
  auto& trail = setting.trail;
  std::unique_ptr<Auditor> auditor(new Auditor(std::move(setting), std::move(*keys), config.keep_days));
  trail.seal_with(auditor->key_, config.counter.empty() ? own_name() : config.counter);
  auto damage = trail.check_end(auditor->keys_);
  if (!damage) return damage.error();
  auditor->damage_ = std::move(*damage);
  return auditor;
}

Auditor::Auditor(Setting setting, AuditKeys keys, int keep_days)
    : setting_(std::move(setting)),
      key_(std::make_shared<const audit::SigningKey>(std::move(keys.own))),
      keys_(std::move(keys.believed)),
      keep_days_(keep_days),
      timer_(setting_.loop) {}

void Auditor::begins_anew() {
  begins_anew_ = true;
  damage_.push_back({audit::Flaw::missing, 1});
}

void Auditor::was_restored(std::int64_t end, std::function<void()> once_entered) {
  restored_ = Restored{end, std::move(once_entered)};
}

api::AuditLog Auditor::log_for_api() const {
  return {&setting_.trail, key_, keys_};
}

void Auditor::record(std::vector<Entry> entries) {
  if (entries.empty() || store_ == nullptr) return;
  storage::Change change;
  change.audit = std::move(entries);
  const auto committed = store_->commit(change);
  lost_ = !committed;
  if (committed) return;
  for (const auto& entry : change.audit) {
    setting_.log.write(Level::error, "audit.lost",
                       {{"what", entry.what()}, {"why", base::describe(committed.error())}});
  }
}

void Auditor::add_plugins(std::vector<Entry>& entries, const json::array& plugins) const {
  for (const auto& each : plugins) {
    const auto& plugin = each.as_object();
    const bool refused = text(plugin, "state") == "refused";
    Entry entry(setting_.clock.now(), Kind::plugin, refused ? "plugin.refused" : "plugin.loaded");
    entry.put(Field::plugin, text(plugin, "name")).put(Field::version, text(plugin, "version"));
    entries.push_back(
        entry.put(Field::vendor, text(plugin, "vendor")).put(Field::key, text(plugin, "sha256")));
  }
}

// The log has it as well: whoever keeps that elsewhere sees when an old store is put in place of this one.
void Auditor::tell_head(std::string_view id) const {
  const auto marks = setting_.trail.audit_marks();
  const auto head =
      marks ? audit::read_statement(marks->head) : base::Result<audit::Statement>(marks.error());
  if (!head) return;
  setting_.log.write(Level::info, id, {{"seq", head->place.seq}, {"hash", head->place.hash}});
}

void Auditor::begun(const InForce& now) {
  std::vector<Entry> entries;
  for (const auto& problem : damage_) tell(problem);
  if (begins_anew_) {
    Entry gone(setting_.clock.now(), Kind::audit, "audit.damaged");
    gone.put(Field::reason, audit::name(audit::Flaw::missing)).put(Field::through, std::int64_t{1});
    entries.push_back(std::move(gone));
  }
  if (restored_) {
    setting_.log.write(Level::warning, "store.was_restored", {{"end", restored_->end}});
    Entry restored(setting_.clock.now(), Kind::daemon, "store.restored");
    entries.push_back(restored.put(Field::through, restored_->end));
  }
  Entry begun(setting_.clock.now(), Kind::daemon, "daemon.started");
  entries.push_back(begun.put(Field::policy, now.digest).put(Field::key, keys_.front().id()));
  add_plugins(entries, now.plugins);
  record(std::move(entries));
  if (restored_ && !lost_) restored_->once_entered();
  tell_head("audit.head");
  tick();
  boost::asio::post(setting_.loop, [this] { look_back(); });
}

void Auditor::tell(const audit::Problem& problem) const {
  setting_.log.write(Level::error, "audit.damaged",
                     {{"flaw", std::string(audit::name(problem.flaw))}, {"seq", problem.seq}});
}

// Whoever calls meanwhile is answered between two pieces.
void Auditor::look_back() {
  if (ended_) return;
  const auto looked = setting_.trail.look_back();
  for (const auto& problem : looked.found) {
    tell(problem);
    damage_.push_back(problem);
  }
  if (!looked.done) boost::asio::post(setting_.loop, [this] { look_back(); });
}

void Auditor::ended() {
  ended_ = true;
  auto entries = refusals_.settle_all(setting_.clock.now());
  entries.emplace_back(setting_.clock.now(), Kind::daemon, "daemon.stopped");
  record(std::move(entries));
  tell_head("audit.head");
  timer_.cancel();
}

void Auditor::reloaded(const base::Actor& by, const std::string& before, const base::Result<void>& outcome,
                       const InForce& now) {
  std::vector<Entry> entries;
  Entry entry(setting_.clock.now(), Kind::policy, outcome ? "policy.reloaded" : "policy.refused");
  entry.by(by).put(Field::policy, now.digest);
  if (before != now.digest) entry.put(Field::was, before);
  if (!outcome) entry.put(Field::reason, base::entry(outcome.error().code).reason);
  entries.push_back(entry);
  if (outcome) add_plugins(entries, now.plugins);
  record(std::move(entries));
}

// The caller is answered first, and a store that takes its time keeps nobody from it.
void Auditor::refused(const base::Actor& caller, std::string_view method) {
  boost::asio::post(setting_.loop, [this, caller, asked = std::string(method)] {
    record(refusals_.refused(setting_.clock.now(), caller, asked));
  });
}

void Auditor::tick() {
  record(refusals_.settle(setting_.clock.now()));
  prune();
  timer_.expires_after(tick_every);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void Auditor::prune() {
  const auto now = setting_.clock.now();
  if (keep_days_ == 0 || now < next_prune_ || setting_.clock_is_doubted()) return;
  const auto before = base::start_of_day_in_japan(base::add_days(base::date_in_japan(now), -keep_days_));
  const auto gone = setting_.trail.prune_audit(before, now, prune_at_once);
  if (!gone) {
    tell_not_pruned(base::describe(gone.error()), base::date_in_japan(now));
  } else if (*gone > 0) {
    setting_.log.write(Level::info, "audit.pruned", {{"entries", *gone}});
  }
  if (!gone || *gone < prune_at_once) next_prune_ = now + look_again;
}

// It may stay so for years: once a day, and when the reason is another.
void Auditor::tell_not_pruned(const std::string& why, base::Date today) {
  if (std::pair(why, today) == not_pruned_) return;
  not_pruned_ = {why, today};
  setting_.log.write(Level::error, "audit.not_pruned", {{"why", why}});
}

json::object Auditor::health() const {
  if (!damage_.empty()) return {{"state", "degraded"}, {"why", audit::name(damage_.front().flaw)}};
  if (lost_) return {{"state", "degraded"}, {"why", "not_recorded"}};
  return {{"state", "ok"}};
}

}  // namespace madoguchi::app
