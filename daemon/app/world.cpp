#include "app/world.hpp"

#include <sysexits.h>
#include <systemd/sd-daemon.h>

#include <boost/asio/co_spawn.hpp>
#include <iostream>

#include "base/calendar.hpp"
#include "check.hpp"
#include "examine.hpp"
#include "files.hpp"
#include "notify.hpp"
#include "policy_health.hpp"
#include "spdlog_log.hpp"
#include "told.hpp"
#include "version.hpp"
#include "world_parts.hpp"

namespace madoguchi::app {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using base::Level;

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
    auto served = api::plugin_methods(table_, *api_, plugins.methods());
    if (!served.refused.empty()) return served.refused.front();
    guests = std::move(served.guests);
    return {};
  });
  if (reloaded && guests) table_.set_guests(std::move(*guests));
  log_.write(reloaded ? Level::info : Level::error, reloaded ? "policy.reloaded" : "policy.reload_refused",
             {{"why", reloaded ? std::string() : base::describe(reloaded.error())},
              {"digest", decider_->nearest(now).digest}});
  auditor_->reloaded(by, before, reloaded, in_force());
  tell_policy();
  if (reloaded) warn_of_dates();
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

// What a machine that is switched on each morning says of its days, before anything goes wrong by them.
void World::warn_of_dates() {
  const auto now = clock_.now();
  const auto seen = clock_watch_->judge();
  if (seen.id == "clock.ahead")
    log_.write(Level::warning, "clock.ahead_start",
               {{"now", std::string(seen.facts.at("now").as_string())},
                {"last", std::string(seen.facts.at("last").as_string())},
                {"days", seen.facts.at("days").as_int64()}});
  if (seen.state == doctor::State::wrong)
    log_.write(Level::warning, "clock.implausible_start",
               {{"now", base::format_time(std::chrono::floor<std::chrono::seconds>(now))}, {"why", seen.id}});
  const auto today = base::date_in_japan(now);
  if (const auto end = holidays_end(decider_->nearest(now), today))
    log_.write(Level::warning, "policy.holidays_unknown",
               {{"date", base::format_date(*end)}, {"days", std::int64_t{days_between(today, *end)}}});
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
  retention_->end();
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
  clock_watch_.emplace(loop_, clock_, log_, std::move(recorded_));
  warn_of_dates();
  auditor_->begun(in_force());
  retention_->begin();
  // What began with a policy that had been kept is told at once.
  if (decider_->trouble() != nullptr) {
    tell_policy();
  } else {
    notify_ready("");
  }
  resume();
  loop_.run();
  clock_watch_.reset();
  heartbeat_.reset();
  // The server first, then the readers, so that nothing posts to a loop that has ended.
  page_server_.reset();
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
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  // A file size limit (LimitFSIZE=, ulimit -f) is a full disk: the write fails, and the store says so.
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  if (options.examine_only) return examine(options.config, options.parts, std::cout);
  const auto text = read_text(options.config);
  if (!text) {
    std::cerr << text.error().inner << '\n';
    return 2;
  }
  const auto folder = fs::absolute(options.config).parent_path();
  auto config = settings::load_daemon_config(*text, options.config, names_of_secrets(folder));
  if (!config.value) return complain(config.complaints);
  const auto log = make_log(config.value->log);
  if (options.check_only) return check(*config.value, folder, *log);
  World world(std::move(*config.value), folder, *log);
  if (const auto built = world.build(options, seams); !built) {
    log->write(Level::error, "daemon.cannot_start", {{"why", base::describe(built.error())}});
    // What was not permitted is not permitted a second later either, and a token counts the PINs that it
    // refuses: the unit does not start the daemon again after this one (RestartPreventExitStatus=).
    return built.error().code == base::Code::forbidden ? EX_NOPERM : 1;
  }
  world.run();
  return 0;
}

}  // namespace madoguchi::app
