// Who is at the other end of a Unix socket, as of when it connected.
#pragma once

#include <sys/types.h>

#include <vector>

#include "base/result.hpp"

namespace madoguchi::server {

struct PeerCredentials {
  pid_t pid = 0;  // for the log only: the process may be gone and its number another's (S3)
  uid_t uid = 0;
  std::vector<gid_t> gids;  // the primary one first, then the supplementary ones
};

base::Result<PeerCredentials> peer_credentials(int socket);

}  // namespace madoguchi::server
