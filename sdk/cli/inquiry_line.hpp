// The command line of `inquiry`.
#pragma once

#include "command_tree.hpp"

namespace madoguchi::cli {

class InquiryLine {
 public:
  explicit InquiryLine(CommandTree& tree);
  InquiryLine(const InquiryLine&) = delete;
  InquiryLine& operator=(const InquiryLine&) = delete;

 private:
  void add_list(CLI::App& inquiry);
  void add_letter(CLI::App& inquiry);
  void add_steps(CLI::App& inquiry);
  CLI::App* add_step(CLI::App& inquiry, const char* verb, Key help);

  CommandTree& tree_;
  std::string id_{};
  InquiryListOptions list_{};
  InquiryLetterOptions letter_{};
  InquiryStepOptions step_{};
};

}  // namespace madoguchi::cli
