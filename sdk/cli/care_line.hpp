// The command line of `doctor`, `store`, `support-bundle` and `messages`.
#pragma once

#include "care.hpp"
#include "command_tree.hpp"

namespace madoguchi::cli {

class CareLine {
 public:
  explicit CareLine(CommandTree& tree);
  CareLine(const CareLine&) = delete;
  CareLine& operator=(const CareLine&) = delete;

 private:
  void add_doctor();
  void add_store();
  void add_bundle();
  void add_messages();
  void add_config(CLI::App& to, std::string& config);

  CommandTree& tree_;
  std::string config_{};
  std::string id_{};
  StoreOptions store_{};
  BundleOptions bundle_{};
};

}  // namespace madoguchi::cli
