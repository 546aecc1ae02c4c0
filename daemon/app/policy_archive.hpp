// Policies that were once accepted, in the daemon's state folder: the last one, for a start with files that
// are not valid (F7), and those that cases under way were decided by.
//
// A snapshot is a file named by the SHA-256 of its bytes; `last-accepted` names one of them. A snapshot is on
// stable storage before anything names it.
#pragma once

#include <boost/json/array.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "policy_source.hpp"

namespace madoguchi::app {

struct LastAccepted {
  PolicySource source;
  boost::json::array plugins;  // as they were: {name, version}
};

class PolicyArchive {
 public:
  // Makes the folder, in one that exists.
  static base::Result<PolicyArchive> open(std::filesystem::path folder);

  // Durable when it returns; on a fault what was the last one still is.
  base::Result<void> accept(const ReadPolicy& policy, const boost::json::array& plugins);
  // not_found when there is none yet; storage.unavailable when it is damaged or not the daemon's.
  [[nodiscard]] base::Result<LastAccepted> last_accepted() const;
  // The snapshot with the version of that digest.
  [[nodiscard]] base::Result<PolicySource> holding(const std::string& version_digest) const;
  // Removes what is neither the last one nor holds one of these versions.
  void keep_only(const std::set<std::string>& version_digests);

 private:
  explicit PolicyArchive(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void look_around();
  [[nodiscard]] base::Result<boost::json::object> snapshot(const std::string& name) const;
  [[nodiscard]] base::Result<boost::json::object> pointer() const;
  [[nodiscard]] base::Result<std::string> snapshot_named(const boost::json::object& pointer) const;

  std::filesystem::path folder_;
  std::map<std::string, std::set<std::string>> versions_;  // of each snapshot, by its name
};

}  // namespace madoguchi::app
