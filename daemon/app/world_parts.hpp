// The daemon as one: its parts, which world_parts.cpp builds and world.cpp runs.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>

#include "api/api.hpp"
#include "app/world.hpp"
#include "auditor.hpp"
#include "authorities.hpp"
#include "clock_watch.hpp"
#include "counter/desk.hpp"
#include "decider.hpp"
#include "heartbeat.hpp"
#include "monitor.hpp"
#include "mynumber/admin.hpp"
#include "plugin_port.hpp"
#include "retention.hpp"
#include "rpc/method.hpp"
#include "server/page_server.hpp"
#include "server/server.hpp"
#include "smartcard/pcsc_readers.hpp"
#include "storage/sqlite.hpp"
#include "system_clock.hpp"

namespace madoguchi::app {

// Everything in the order of its construction; taken down in the opposite one.
class World {
 public:
  World(settings::DaemonConfig config, std::filesystem::path folder, base::Log& log)
      : config_(std::move(config)),
        folder_(std::move(folder)),
        counted_log_(log),
        log_(counted_log_),
        work_(boost::asio::make_work_guard(loop_)) {}

  base::Result<void> build(const Options& options, const Seams& seams);
  void run();

 private:
  base::Result<void> build_store(const std::filesystem::path& state, const Seams& seams);
  base::Result<void> build_decider(const std::filesystem::path& kept, const Options& options);
  void forget_policies();
  base::Result<void> build_card_side();
  void build_desk();
  void build_api();
  base::Result<void> build_server(const Options& options);
  void build_monitor();
  void on_reader_event(const smartcard::ReaderEvent& event);
  void wait_for_signals();
  [[nodiscard]] Auditor::InForce in_force() const;
  base::Result<void> reload(const base::Actor& by = {});
  void tell_policy();
  void warn_of_dates();
  void entered(const audit::Entry& entry);
  [[nodiscard]] bool clock_is_doubted() const;
  void stop();
  void leave_when_idle();
  void resume();

  settings::DaemonConfig config_;
  std::filesystem::path folder_;
  CountedLog counted_log_;
  base::Log& log_;
  StoreCounts store_counts_;
  OverloadCount overloaded_;
  SystemClock clock_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::signal_set signals_{loop_, SIGTERM, SIGINT, SIGHUP};
  std::unique_ptr<storage::CaseStore> store_;
  storage::Holdings* holdings_ = nullptr;    // store_'s
  std::vector<storage::Recorded> recorded_;  // before this start wrote anything; clock_watch_ takes it
  std::unique_ptr<Auditor> auditor_;
  std::optional<Retention> retention_;
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
  std::optional<Monitor> monitor_;
  std::unique_ptr<server::PageServer> page_server_;
  std::optional<Heartbeat> heartbeat_;
  std::optional<ClockWatch> clock_watch_;
  bool stopping_ = false;
  boost::asio::steady_timer leaving_{loop_};
};

}  // namespace madoguchi::app
