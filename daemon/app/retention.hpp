// Lets cases go that have had their time (個人情報の保護に関する法律 art. 61: nothing is held that is not
// needed any more).
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <functional>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "settings/daemon_config.hpp"
#include "storage/holdings.hpp"

namespace madoguchi::app {

class Retention {
 public:
  // All of them outlive it. While `clock_moved` says so nothing goes: what a wrong date deletes, the right
  // one does not bring back.
  // `store`: the file, beside which a restore puts others aside.
  Retention(const settings::StoreConfig& config, std::filesystem::path store, boost::asio::io_context& loop,
            storage::Holdings& holdings, const base::Clock& clock, base::Log& log,
            std::function<bool()> clock_moved);
  // Looks now, and from then on every hour while the loop turns.
  void begin();
  void end() { timer_.cancel(); }

 private:
  void look();
  base::Result<std::int64_t> let_go();
  void remove_copies();

  const settings::StoreConfig& config_;
  std::filesystem::path store_;
  storage::Holdings& holdings_;
  const base::Clock& clock_;
  base::Log& log_;
  std::function<bool()> clock_moved_;
  boost::asio::steady_timer timer_;
};

}  // namespace madoguchi::app
