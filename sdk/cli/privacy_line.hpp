// The command line of `privacy`.
#pragma once

#include <string>

#include "command_tree.hpp"

namespace madoguchi::cli {

struct PrivacyOptions {
  std::string id{};
  std::string card{};
};
int report_privacy(const Context& context, const PrivacyOptions& options);
int reseal_store(const Context& context);

class PrivacyLine {
 public:
  explicit PrivacyLine(CommandTree& tree);
  PrivacyLine(const PrivacyLine&) = delete;
  PrivacyLine& operator=(const PrivacyLine&) = delete;

 private:
  CommandTree& tree_;
  PrivacyOptions options_{};
};

}  // namespace madoguchi::cli
