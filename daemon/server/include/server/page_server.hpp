// One page over HTTP on a Unix socket, for a monitor: `curl --unix-socket PATH http://localhost/metrics`.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace boost::asio {
class io_context;
}

namespace madoguchi::server {

struct PageSettings {
  std::string socket;  // its path
  mode_t mode = 0660;
  std::string group;  // of the socket's file, by name; empty: the process's own
  std::string target = "/metrics";
  std::string content_type;
  std::function<std::string()> page;  // asked for each time, on the loop
};

// Answers GET of that page and nothing else; at most a few readers at once, each with 5 s and one request.
class PageServer {
 public:
  PageServer(boost::asio::io_context& loop, PageSettings settings);
  ~PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  // Faults as Server::start().
  base::Result<void> start();

 private:
  class Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace madoguchi::server
