// The command line of `audit`.
#pragma once

#include "command_tree.hpp"

namespace madoguchi::cli {

class AuditLine {
 public:
  explicit AuditLine(CommandTree& tree);
  AuditLine(const AuditLine&) = delete;
  AuditLine& operator=(const AuditLine&) = delete;

 private:
  CommandTree& tree_;
  AuditExportOptions export_{};
  AuditVerifyOptions verify_{};
};

}  // namespace madoguchi::cli
