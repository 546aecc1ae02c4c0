#include "server_settings.hpp"

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
  settings.max_message_bytes = config.api.max_message_bytes;
  settings.limits.in_flight = static_cast<std::size_t>(config.api.max_requests_per_connection);
  return settings;
}

}  // namespace madoguchi::app
