// Building the parts, in the order in which one needs the other.
#include "world_parts.hpp"

#include <boost/asio/post.hpp>

#include "api/privacy.hpp"
#include "audit_key.hpp"
#include "counter/reception.hpp"
#include "doctor/examinations.hpp"
#include "files.hpp"
#include "pad_health.hpp"
#include "pad_use.hpp"
#include "plugin_host.hpp"
#include "server_settings.hpp"
#include "station/pins_of_card.hpp"
#include "storage/backup.hpp"
#include "storage/reading.hpp"
#include "store_key.hpp"
#include "told.hpp"
#include "version.hpp"

namespace madoguchi::app {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using base::Level;

namespace {

// The counter goes on: it has not got at what stands there, and to end would help whoever has changed it.
void tell_changed_schema(const fs::path& store, base::Log& log) {
  auto reading = storage::StoreReading::open(store);
  if (!reading) return;
  const auto changed = reading->changed_schema();
  if (!changed) return;
  for (const auto& what : *changed) log.write(Level::error, "store.schema_differs", {{"what", what}});
}

base::Result<std::vector<storage::Recorded>> recorded_in(const fs::path& store) {
  auto reading = storage::StoreReading::open(store);
  if (!reading) return reading.error();
  return reading->recorded_times(doctor::records_looked_at);
}

}  // namespace

base::Result<void> World::build(const Options& options, const Seams& seams) {
  // First of all, since it holds the right to be the only daemon on the state folder.
  const auto state = folder_ / config_.store.path;
  if (const auto built = build_store(state, seams); !built) return built;
  if (const auto built = build_decider(state.parent_path() / "policies", options); !built) return built;
  plugins_ = std::make_unique<DecidersPlugins>(*decider_);
  auto authorities = Authorities::make(loop_, config_, folder_, clock_);
  if (!authorities) return authorities.error();
  authorities_ = std::move(*authorities);
  if (const auto built = build_card_side(); !built) return built;
  const auto last = store_->last_event();
  if (!last) return last.error();
  server::EventLimits limits;
  limits.subscriptions = static_cast<std::size_t>(config_.api.max_subscriptions_per_connection);
  limits.queued_events = static_cast<std::size_t>(config_.api.max_queued_events);
  hub_ = std::make_unique<server::EventHub>(api::topics(), fetch_from(*store_), *last, clock_, log_, limits);
  build_desk();
  build_api();
  return build_server(options);
}

base::Result<void> World::build_store(const fs::path& state, const Seams& seams) {
  if (const auto safe = check_store_folder(state.parent_path()); !safe) return safe;
  const bool lost = store_is_lost(config_.audit, folder_, state);
  const auto ring = store_keys(config_.store, folder_, state.parent_path(), log_);
  if (!ring) return ring.error();
  auto store = storage::open_sqlite(state, *ring);
  if (!store) return store.error();
  holdings_ = store->get();
  tell_changed_schema(state, log_);
  auto recorded = recorded_in(state);
  if (!recorded) return recorded.error();
  recorded_ = std::move(*recorded);
  auto auditor = Auditor::make(config_.audit, {loop_, **store, clock_, log_, folder_, state.parent_path(),
                                               [this] { return clock_is_doubted(); }});
  if (!auditor) return auditor.error();
  auditor_ = std::move(*auditor);
  if (lost) {
    log_.write(Level::error, "store.begun_anew", {{"path", state.string()}});
    auditor_->begins_anew();
  }
  if (const auto end = storage::restored_over(state))
    auditor_->was_restored(*end, [state] { storage::forget_restored(state); });
  store_ = seams.wrap_store ? seams.wrap_store(std::move(*store)) : std::move(*store);
  store_ = std::make_unique<CountedStore>(std::move(store_), store_counts_,
                                          [this](const audit::Entry& entry) { entered(entry); });
  auditor_->write_to(*store_);
  retention_.emplace(config_.store, state, loop_, *holdings_, clock_, log_,
                     [this] { return clock_is_doubted(); });
  return {};
}

// People who work with the date vouch for it.
void World::entered(const audit::Entry& entry) {
  if (clock_watch_ && audit::by_a_person(entry.kind(), entry.get(audit::Field::uid)))
    clock_watch_->used(entry.at());
}

// For a day after somebody has set the clock, and while the records say otherwise: nobody knows yet which of
// the two days it is.
bool World::clock_is_doubted() const {
  return !clock_watch_ || clock_watch_->health().at("state") != "ok";
}

base::Result<void> World::build_decider(const fs::path& kept, const Options& options) {
  auto archive = PolicyArchive::open(kept);
  if (archive) {
    archive_.emplace(std::move(*archive));
  } else if (archive.error().code == base::Code::storage_full) {
    log_.write(Level::error, "policy.not_kept", {{"why", base::describe(archive.error())}});
  } else {
    return archive.error();
  }
  profile_ = &station::card_profile(config_.readers.profile);
  auto decider = Decider::make(folder_ / config_.policy.path, plugin_host(config_.plugins, folder_), log_,
                               {.archive = archive_ ? &*archive_ : nullptr,
                                .strict = options.strict_start || config_.policy.strict_start,
                                .now = clock_.now(),
                                .card = profile_});
  if (!decider) return decider.error();
  decider_ = std::move(*decider);
  forget_policies();
  return {};
}

// The policies that no case under way needs any more.
void World::forget_policies() {
  const auto needed = counter::policies_under_way(*store_);
  if (needed) decider_->keep_only(*needed);
}

base::Result<void> World::build_card_side() {
  admin_ = mynumber::make_admin_commands(*profile_);
  if (admin_) {
    const auto key = read_terminal_key(folder_ / config_.readers.terminal_key);
    if (!key) return key.error();
    terminal_ = mynumber::make_terminal_key(*key);
  }
  readers_ = std::make_unique<smartcard::PcscReaders>(
      [this](const smartcard::ReaderEvent& event) {
        asio::post(loop_, [this, event] { on_reader_event(event); });
      },
      log_);
  return {};
}

void World::build_desk() {
  desk_ = std::make_unique<counter::Desk>(counter::Parts{
      .loop = loop_,
      .readers = *readers_,
      .store = *store_,
      .profile = *profile_,
      .admin = admin_.get(),
      .terminal = terminal_.get(),
      .authority = [this](mynumber::CertificateName which) -> counter::AuthorityLine& {
        return authorities_->line(which);
      },
      .decide = [this](const boost::json::object& facts,
                       base::Instant received) { return decider_->decide(facts, received); },
      .decide_by =
          [this](const std::string& digest, const boost::json::object& facts, base::Instant received,
                 const policy::CaseSoFar& so_far) {
            return decider_->decide_by(digest, facts, received, so_far);
          },
      .clock = clock_,
      .log = log_,
      .publish = [this](const storage::EventRecord& record) { hub_->publish(told(record)); },
      .plugins = plugins_.get(),
      .card_deadline = config_.readers.job_deadline,
      .pad_use = pad_use_of(config_.readers.pin_pad),
      .pad_patience = config_.readers.pin_pad_patience,
      .hold = config_.readers.hold,
      .channel = config_.channel == settings::IssuingChannel::terminal ? renewal::Channel::terminal
                                                                       : renewal::Channel::cmp});
}

void World::build_api() {
  api_.emplace(api::Parts{
      .loop = loop_,
      .desk = *desk_,
      .store = *store_,
      .readers = *readers_,
      .hub = *hub_,
      .clock = clock_,
      .log = log_,
      .decide = [this](const boost::json::object& facts,
                       base::Instant received) { return decider_->decide(facts, received); },
      .explain = [this](const boost::json::object& facts,
                        base::Instant received) { return decider_->explain(facts, received); },
      .policy = [this](base::Instant at) { return decider_->policy(at); },
      .schedule = [this](base::Instant at) { return decider_->schedule(at); },
      .outlook = [this](base::Instant at,
                        const policy::Policy& deciding) { return decider_->outlook(at, deciding); },
      .other_health =
          [this] {
            auto health = authorities_->health(clock_.now());
            health["policy"] = decider_->health(clock_.now());
            health["plugins"] = decider_->plugins(clock_.now()).health();
            health["audit"] = auditor_->health();
            health["sealing"] = api::sealing_health(*holdings_);
            if (auto lacking = pad_health(config_.readers.pin_pad, readers_->list()))
              health["pin_pad"] = std::move(*lacking);
            if (clock_watch_) health["clock"] = clock_watch_->health();
            return health;
          },
      .plugins = [this] { return decider_->plugins(clock_.now()).list(); },
      .plugins_revision = [this] { return decider_->plugins(clock_.now()).revision(); },
      .reload = [this](const base::Actor& by) { return reload(by); },
      .notices = [this] { return decider_->notices(); },
      .audit = auditor_->log_for_api(),
      .privacy = {holdings_,
                  {config_.store.keep_days, config_.store.keep_unfinished_days},
                  folder_ / config_.store.path},
      .version = version,
      .started = clock_.now()});
  api::add_methods(table_, *api_);
  rpc::add_discover(table_, "madoguchi", version);
  auto served = api::plugin_methods(table_, *api_, decider_->plugins(clock_.now()).methods());
  for (const auto& fault : served.refused)
    log_.write(Level::error, "plugin.methods_refused",
               {{"plugin", std::string(fault.details.at("plugin").as_string())}, {"why", fault.inner}});
  table_.set_guests(std::move(served.guests));
}

base::Result<void> World::build_server(const Options& options) {
  auto settings = server_settings(config_, folder_, options.socket, log_);
  settings.refused = [this](uid_t uid, rpc::Roles roles, std::string_view method) {
    auditor_->refused({.uid = uid, .role = rpc::names(roles), .staff = {}}, method);
  };
  settings.overloaded = [this](std::string_view limit) { overloaded_.add({std::string(limit)}); };
  server_ = std::make_unique<server::Server>(loop_, std::move(settings), table_, log_, clock_);
  if (const auto started = server_->start(); !started) return started;
  if (!config_.metrics.socket.empty()) build_monitor();
  return {};
}

// A counter works without being watched.
void World::build_monitor() {
  monitor_.emplace(Watched{.store = store_counts_,
                           .log = counted_log_,
                           .exchanges = authorities_->exchanges(),
                           .overloaded = overloaded_,
                           .store_file = folder_ / config_.store.path,
                           .clock = clock_,
                           .started = api_->started,
                           .version = version,
                           .readers = *readers_,
                           .stuck_calls = [this] { return readers_->stuck_calls(); },
                           .under_way = [this] { return desk_->under_way(); },
                           .connections = [this] { return server_->connections(); },
                           .requests = [this] { return server_->running(); },
                           .plugins = [this] { return decider_->plugins(clock_.now()).list(); },
                           .health = [this] { return api_->other_health(); },
                           .certificates = [this] { return authorities_->ends(); }});
  server::PageSettings page;
  page.socket = (folder_ / config_.metrics.socket).string();
  page.mode = static_cast<mode_t>(config_.metrics.mode);
  page.group = config_.metrics.group;
  page.content_type = metrics::content_type;
  page.page = [this] { return monitor_->page(); };
  page_server_ = std::make_unique<server::PageServer>(loop_, std::move(page));
  if (const auto started = page_server_->start(); !started)
    log_.write(Level::error, "metrics.not_served", {{"why", base::describe(started.error())}});
}

}  // namespace madoguchi::app
