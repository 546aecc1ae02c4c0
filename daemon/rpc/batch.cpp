#include "batch.hpp"

namespace madoguchi::rpc {

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
