#include "peer_credentials.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace madoguchi::server {
namespace {

base::Fault failed(const char* what) {
  return base::make_fault(base::Code::internal,
                          std::string(what) + ": " + std::generic_category().message(errno));
}

}  // namespace

base::Result<PeerCredentials> peer_credentials(int socket) {
  ucred who{};
  socklen_t size = sizeof who;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return failed("SO_PEERCRED");
  PeerCredentials credentials{who.pid, who.uid, {who.gid}};

  std::vector<gid_t> groups(32);
  for (;;) {
    size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0) break;
    if (errno != ERANGE) return failed("SO_PEERGROUPS");
    groups.resize(size / sizeof(gid_t));  // the kernel has told how many there are
  }
  groups.resize(size / sizeof(gid_t));
  credentials.gids.insert(credentials.gids.end(), groups.begin(), groups.end());
  return credentials;
}

}  // namespace madoguchi::server
