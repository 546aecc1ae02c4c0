#include "app/world.hpp"

#include <systemd/sd-daemon.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <optional>

#include "api/api.hpp"
#include "auditor.hpp"
#include "authorities.hpp"
#include "check.hpp"
#include "counter/desk.hpp"
#include "counter/reception.hpp"
#include "decider.hpp"
#include "files.hpp"
#include "heartbeat.hpp"
#include "mynumber/admin.hpp"
#include "notify.hpp"
#include "pad_use.hpp"
#include "plugin_host.hpp"
#include "plugin_port.hpp"
#include "rpc/method.hpp"
#include "server/server.hpp"
#include "server_settings.hpp"
#include "smartcard/pcsc_readers.hpp"
#include "spdlog_log.hpp"
#include "station/pins_of_card.hpp"
#include "storage/sqlite.hpp"
#include "system_clock.hpp"
#include "told.hpp"
#include "version.hpp"

namespace madoguchi::app {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using base::Level;

}  // namespace

// Everything in the order of its construction; taken down in the opposite one.
class World {
 public:
  World(settings::DaemonConfig config, fs::path folder, base::Log& log)
      : config_(std::move(config)),
        folder_(std::move(folder)),
        log_(log),
        work_(asio::make_work_guard(loop_)) {}

  base::Result<void> build(const Options& options, const Seams& seams);
  void run();

 private:
  base::Result<void> build_store(const fs::path& state, const Seams& seams);
  base::Result<void> build_decider(const fs::path& kept, const Options& options);
  void forget_policies();
  base::Result<void> build_card_side();
  void build_desk();
  base::Result<void> build_api();
  base::Result<void> build_server(const Options& options);
  void on_reader_event(const smartcard::ReaderEvent& event);
  void wait_for_signals();
  [[nodiscard]] Auditor::InForce in_force() const;
  base::Result<void> reload(const base::Actor& by = {});
  void tell_policy();
  void stop();
  void leave_when_idle();
  void resume();

  settings::DaemonConfig config_;
  fs::path folder_;
  base::Log& log_;
  SystemClock clock_;
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::signal_set signals_{loop_, SIGTERM, SIGINT, SIGHUP};
  std::unique_ptr<storage::CaseStore> store_;
  std::unique_ptr<Auditor> auditor_;
  std::optional<PolicyArchive> archive_;
  std::unique_ptr<Decider> decider_;
  std::unique_ptr<DecidersPlugins> plugins_;
  std::unique_ptr<Authorities> authorities_;
  const mynumber::CardProfile* profile_ = nullptr;
  std::unique_ptr<mynumber::TerminalKey> terminal_;
  std::unique_ptr<mynumber::AdminCommandSet> admin_;
  std::unique_ptr<smartcard::PcscReaders> readers_;
  std::unique_ptr<server::EventHub> hub_;
  std::unique_ptr<counter::Desk> desk_;
  std::optional<api::Parts> api_;
  rpc::MethodTable table_;
  std::unique_ptr<server::Server> server_;
  std::optional<Heartbeat> heartbeat_;
  bool stopping_ = false;
  asio::steady_timer leaving_{loop_};
};

base::Result<void> World::build(const Options& options, const Seams& seams) {
  // First of all, since it holds the right to be the only daemon on the state folder.
  const auto state = folder_ / config_.store.path;
  if (const auto built = build_store(state, seams); !built) return built;
  if (const auto built = build_decider(state.parent_path() / "policies", options); !built) return built;
  plugins_ = std::make_unique<DecidersPlugins>(*decider_);
  auto authorities = Authorities::make(loop_, config_, folder_);
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
  if (const auto built = build_api(); !built) return built;
  return build_server(options);
}

base::Result<void> World::build_store(const fs::path& state, const Seams& seams) {
  auto store = storage::open_sqlite(state);
  if (!store) return store.error();
  auto auditor = Auditor::make(config_.audit, {loop_, **store, clock_, log_, folder_, state.parent_path()});
  if (!auditor) return auditor.error();
  auditor_ = std::move(*auditor);
  store_ = seams.wrap_store ? seams.wrap_store(std::move(*store)) : std::move(*store);
  auditor_->write_to(*store_);
  return {};
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
      .decide_by = [this](const std::string& digest, const boost::json::object& facts,
                          base::Instant received) { return decider_->decide_by(digest, facts, received); },
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

base::Result<void> World::build_api() {
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
            auto health = authorities_->health();
            health["policy"] = decider_->health(clock_.now());
            health["plugins"] = decider_->plugins(clock_.now()).health();
            health["audit"] = auditor_->health();
            return health;
          },
      .plugins = [this] { return decider_->plugins(clock_.now()).list(); },
      .plugins_revision = [this] { return decider_->plugins(clock_.now()).revision(); },
      .reload = [this](const base::Actor& by) { return reload(by); },
      .audit = auditor_->log_for_api(),
      .version = version,
      .started = clock_.now()});
  api::add_methods(table_, *api_);
  rpc::add_discover(table_, "madoguchi", version);
  auto guests = api::plugin_methods(table_, *api_, decider_->plugins(clock_.now()).methods());
  if (!guests) return guests.error();
  table_.set_guests(std::move(*guests));
  return {};
}

base::Result<void> World::build_server(const Options& options) {
  auto settings = server_settings(config_, folder_, options.socket, log_);
  settings.refused = [this](uid_t uid, rpc::Roles roles, std::string_view method) {
    auditor_->refused({.uid = uid, .role = rpc::names(roles), .staff = {}}, method);
  };
  server_ = std::make_unique<server::Server>(loop_, std::move(settings), table_, log_, clock_);
  return server_->start();
}

void World::on_reader_event(const smartcard::ReaderEvent& event) {
  using Kind = smartcard::ReaderEvent::Kind;
  if (event.kind == Kind::card_removed || event.kind == Kind::reader_removed) desk_->card_gone(event.reader);
  desk_->announce("readers", std::string(type_of(event.kind)), event.reader, {});
}

void World::wait_for_signals() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      static_cast<void>(reload());  // told to the log
    } else if (!stopping_) {
      stop();
    } else {
      // Asked twice: what waits for an authority goes on another day. A card is never left in the middle of a
      // write.
      authorities_->cancel();
    }
    wait_for_signals();
  });
}

Auditor::InForce World::in_force() const {
  const auto now = clock_.now();
  return {decider_->nearest(now).digest, decider_->plugins(now).list()};
}

base::Result<void> World::reload(const base::Actor& by) {
  notify_reloading();
  const auto now = clock_.now();
  const auto before = decider_->nearest(now).digest;
  std::optional<rpc::Guests> guests;
  const auto reloaded = decider_->reload(now, [&](const extension::Plugins& plugins) -> base::Result<void> {
    auto admitted = api::plugin_methods(table_, *api_, plugins.methods());
    if (!admitted) return admitted.error();
    guests = std::move(*admitted);
    return {};
  });
  if (reloaded && guests) table_.set_guests(std::move(*guests));
  log_.write(reloaded ? Level::info : Level::error, reloaded ? "policy.reloaded" : "policy.reload_refused",
             {{"why", reloaded ? std::string() : base::describe(reloaded.error())},
              {"digest", decider_->nearest(now).digest}});
  auditor_->reloaded(by, before, reloaded, in_force());
  tell_policy();
  if (reloaded) forget_policies();
  return reloaded;
}

// How the policy is, to whoever listens and to the service manager.
void World::tell_policy() {
  const auto health = decider_->health(clock_.now());
  const bool refused = decider_->trouble() != nullptr;
  desk_->announce("policy", refused ? "policy.degraded" : "policy.reloaded", {}, health);
  notify_ready(refused ? "the policy is not valid; the one before stays in force" : "");
}

void World::stop() {
  stopping_ = true;
  sd_notify(0, "STOPPING=1\nSTATUS=finishing what has begun");
  log_.write(Level::info, "daemon.stopping", {{"under_way", static_cast<std::int64_t>(desk_->under_way())}});
  desk_->stop();
  server_->stop([this] {
    // What goes on without a clerk may be lost on its way: it is said again at the next start.
    authorities_->cancel();
    leave_when_idle();
  });
}

void World::leave_when_idle() {
  if (desk_->under_way() > 0) {
    leaving_.expires_after(std::chrono::milliseconds(20));
    leaving_.async_wait([this](const boost::system::error_code&) { leave_when_idle(); });
    return;
  }
  desk_->release_all();
  auditor_->ended();
  signals_.cancel();
  work_.reset();
  loop_.stop();
}

void World::resume() {
  asio::co_spawn(loop_, desk_->resume(), [this](const std::exception_ptr& thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      log_.write(Level::error, "daemon.resume_ended", {{"why", std::string(error.what())}});
    }
  });
}

void World::run() {
  wait_for_signals();
  log_.write(Level::info, "daemon.ready",
             {{"version", std::string(version)}, {"policy", decider_->nearest(clock_.now()).digest}});
  heartbeat_.emplace(
      loop_, [this] { return readers_->stuck_calls(); }, [this] { return desk_->under_way() == 0; }, log_);
  auditor_->begun(in_force());
  // What began with a policy that had been kept is told at once.
  if (decider_->trouble() != nullptr) {
    tell_policy();
  } else {
    notify_ready("");
  }
  resume();
  loop_.run();
  heartbeat_.reset();
  // The server first, then the readers, so that nothing posts to a loop that has ended.
  server_.reset();
  readers_.reset();
  log_.write(Level::info, "daemon.stopped");
}

namespace {

int complain(const std::vector<settings::Complaint>& complaints) {
  for (const auto& complaint : complaints) std::cerr << to_text(complaint) << '\n';
  return 2;
}

}  // namespace

int run(const Options& options, const Seams& seams) {
  // A client that goes away while it is written to is no reason to end.
  std::signal(SIGPIPE, SIG_IGN);
  // A file size limit (LimitFSIZE=, ulimit -f) is a full disk: the write fails, and the store says so.
  std::signal(SIGXFSZ, SIG_IGN);
  const auto text = read_text(options.config);
  if (!text) {
    std::cerr << text.error().inner << '\n';
    return 2;
  }
  auto config = settings::load_daemon_config(*text, options.config);
  if (!config.value) return complain(config.complaints);
  const auto folder = fs::absolute(options.config).parent_path();
  const auto log = make_log(config.value->log);
  if (options.check_only) return check(*config.value, folder, *log);
  World world(std::move(*config.value), folder, *log);
  if (const auto built = world.build(options, seams); !built) {
    log->write(Level::error, "daemon.cannot_start", {{"why", base::describe(built.error())}});
    return 1;
  }
  world.run();
  return 0;
}

}  // namespace madoguchi::app
