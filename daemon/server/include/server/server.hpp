// The daemon's socket: who may connect, how much each may ask for, and an end that loses no reply.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/method.hpp"

namespace boost::asio {
class io_context;
}

namespace madoguchi::server {

struct ServerSettings {
  std::string path;            // of the socket, bound by the server; not used with `adopted`
  std::optional<int> adopted;  // a listening socket that was passed in; owned by the server from start() on
  mode_t mode = 0660;          // of the socket's file
  std::string group;           // of the socket's file, by name; empty: the process's own

  // Roles of a caller by uid and all of its gids, the primary one included. None: the connection is refused.
  std::function<rpc::Roles(uid_t uid, std::span<const gid_t> gids)> roles;

  // Told of each caller that was refused for want of a role: by name of the method that it called, or with
  // none when it was refused altogether.
  std::function<void(uid_t uid, rpc::Roles roles, std::string_view method)> refused{};

  // Told of each request and connection that a limit refused, by the limit's name.
  rpc::Overloaded overloaded{};

  // Beyond these whoever has been quiet longest makes room, displays first; where nobody has been quiet for
  // idle_grace, the newcomer is refused.
  std::size_t max_connections = 256;
  std::size_t max_connections_per_user = 256;
  std::size_t max_display_connections = 256;  // of callers that are displays and nothing else
  std::chrono::milliseconds idle_grace{1'000};
  // Of one connection, as long as it has not used up as many as in one second; more are `overloaded`.
  std::size_t requests_per_second = 5'000;
  std::size_t display_requests_per_second = 50;
  std::size_t max_message_bytes = 1024UL * 1024;  // without the '\n'; a longer message ends the connection
  // Unsent bytes of one connection from which on no more of its requests are read.
  std::size_t max_output_bytes = 1024UL * 1024;
  rpc::Limits limits;
  // A peer that takes nothing of what waits for it for so long is dropped.
  std::chrono::milliseconds stall_timeout{30'000};
  // A message that has begun has to be complete within this time.
  std::chrono::milliseconds message_timeout{30'000};
  // How long stop() waits for running requests, and then for replies to be taken.
  std::chrono::milliseconds stop_timeout{60'000};
  std::chrono::milliseconds flush_timeout{2'000};
};

// The first socket of systemd's socket activation (sd_listen_fds(3)), when this process is the one it is
// meant for.
std::optional<int> socket_from_systemd();

// All of it on the loop's thread. `table` is complete before start().
class Server {
 public:
  Server(boost::asio::io_context& loop, ServerSettings settings, const rpc::MethodTable& table,
         base::Log& log, const base::Clock& clock);
  // Ends what is left at once.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens. conflict when another process serves that path; internal, with the reason in `inner`, for
  // everything else that the system refuses.
  base::Result<void> start();
  // Takes no more connections and no more requests but those that only read, waits for those that run, hands
  // over every reply and closes. `done` is called once, on the loop.
  void stop(std::function<void()> done);

  [[nodiscard]] std::size_t connections() const;
  // Requests that are being worked on.
  [[nodiscard]] std::size_t running() const;

  class Implementation;

 private:
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace madoguchi::server
