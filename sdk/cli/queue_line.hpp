// `queue` on the command line: the waiting line as a clerk and a web server need it.
#pragma once

#include "command_tree.hpp"

namespace madoguchi::cli {

class QueueLine {
 public:
  explicit QueueLine(CommandTree& tree);

 private:
  void add_publishing(CLI::App& queue);
  void add_tickets(CLI::App& queue);
  CLI::App* add_desk(CLI::App& queue, const char* name, Key help, std::function<int()> action);

  CommandTree& tree_;
  QueueOptions options_{};
  std::string folder_{};
  bool follow_ = false;
};

}  // namespace madoguchi::cli
