#include "batch.hpp"

namespace madoguchi::rpc {

std::size_t size(const Batch& batch) {
  std::size_t bytes = 0;
  for (const auto& reply : batch.replies) bytes += reply.size();
  return bytes;
}

void append_replies(std::string& out, const Batch& batch) {
  bool first = true;
  for (const auto& reply : batch.replies) {
    if (reply.empty()) continue;
    out.push_back(first ? '[' : ',');
    out.append(reply);
    first = false;
  }
  if (!first) out.append("]\n");
}

}  // namespace madoguchi::rpc
