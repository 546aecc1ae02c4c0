// Builds everything that a daemon is made of, runs it, and takes it down in order.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "storage/case_store.hpp"

namespace madoguchi::app {

struct Options {
  std::string config;  // path of the configuration file
  std::string socket;  // instead of the configuration's; empty: the configuration's
  bool check_only = false;
  bool examine_only = false;
  std::vector<std::string> parts{};  // of an examination; empty: all
  bool strict_start = false;         // as the configuration's policy.strict_start
};

// Where a test may put something of its own between the parts.
struct Seams {
  std::function<std::unique_ptr<storage::CaseStore>(std::unique_ptr<storage::CaseStore>)> wrap_store;
};

// Runs the daemon until SIGTERM or SIGINT. Returns the process's exit status: 0 after an orderly end, 1 when
// it could not start (the reason is on standard error and in the log), 77 (EX_NOPERM) when something was not
// permitted, such as the RA key's PIN, so that starting again is no use, 2 for a configuration that is not
// valid.
int run(const Options& options, const Seams& seams = {});

}  // namespace madoguchi::app
