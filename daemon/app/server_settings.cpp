#include "server_settings.hpp"

#include <algorithm>

#include "roles.hpp"

namespace madoguchi::app {

server::ServerSettings server_settings(const settings::DaemonConfig& config,
                                       const std::filesystem::path& folder, const std::string& socket,
                                       base::Log& log) {
  server::ServerSettings settings;
  settings.path = socket.empty() ? (folder / config.socket.path).string() : socket;
  settings.adopted = server::socket_from_systemd();
  settings.mode = static_cast<mode_t>(config.socket.mode);
  settings.group = config.socket.group;
  settings.roles = make_roles(config.access, log);
  settings.max_connections = static_cast<std::size_t>(config.api.max_connections);
  settings.max_connections_per_user = static_cast<std::size_t>(config.api.max_connections_per_user);
  settings.max_display_connections = std::max<std::size_t>(1, settings.max_connections / 2);
  settings.requests_per_second = static_cast<std::size_t>(config.api.max_requests_per_second);
  settings.display_requests_per_second = static_cast<std::size_t>(config.api.max_display_requests_per_second);
  settings.max_message_bytes = config.api.max_message_bytes;
  settings.limits.in_flight = static_cast<std::size_t>(config.api.max_requests_per_connection);
  return settings;
}

}  // namespace madoguchi::app
