// The commands for whoever looks after a counter's installation. Each gives the exit code.
#pragma once

#include <string>

#include "context.hpp"

namespace madoguchi::cli {

// What is wrong here, and what to do about it; works when the service does not.
int show_doctor(const Context& context, const std::string& config);

// One row of the book of messages, or all of them.
int show_messages(const Context& context, const std::string& id);

struct StoreOptions {
  std::string config{};
  std::string store{};  // instead of the configuration's
  std::string file{};   // the copy
  std::string key{};    // one more file with a key that the copy may be sealed with
};
int check_store(const Context& context, const StoreOptions& options);
int back_up_store(const Context& context, const StoreOptions& options);
int restore_store(const Context& context, const StoreOptions& options);

struct BundleOptions {
  std::string config{};
  std::string output{};
  std::string log{};  // a file with log lines; empty: the journal's
  bool yes = false;   // written without asking
};
int make_support_bundle(const Context& context, const BundleOptions& options);

}  // namespace madoguchi::cli
