// The methods of the socket contract: one row each, a file a family.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/privacy.hpp"
#include "audit/key.hpp"
#include "base/actor.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "counter/desk.hpp"
#include "extension/methods.hpp"
#include "policy/outlook.hpp"
#include "policy/policy.hpp"
#include "rpc/method.hpp"
#include "server/event_hub.hpp"
#include "smartcard/readers.hpp"
#include "storage/audit_trail.hpp"
#include "storage/case_store.hpp"

namespace madoguchi::api {

// The audit log as its methods read it.
struct AuditLog {
  storage::AuditTrail* trail = nullptr;
  std::shared_ptr<const audit::SigningKey> key{};
  std::vector<audit::PublicKey> keys{};  // whose statements are believed; the own one first
};

// What is held about people, and how long.
struct Privacy {
  storage::Holdings* holdings = nullptr;
  Keeping keeping{};
  std::filesystem::path store{};  // the file, beside which a restore puts others aside
};

// What the methods work with; outlives the table.
struct Parts {
  boost::asio::io_context& loop;
  counter::Desk& desk;
  storage::CaseStore& store;
  smartcard::Readers& readers;
  server::EventHub& hub;
  const base::Clock& clock;
  base::Log& log;
  counter::Decide decide;
  // The same with what every rule was asked, read and said: {trace, decision}.
  std::function<base::Result<boost::json::object>(const boost::json::object& facts, base::Instant received)>
      explain;
  // In force at that time; policy.not_in_force.
  std::function<base::Result<std::shared_ptr<const policy::Policy>>(base::Instant at)> policy;
  // What plugins open and close, around that time.
  std::function<base::Result<std::shared_ptr<const policy::Schedule>>(base::Instant at)> schedule;
  // The days after that time, for whoever tells of openings by `deciding`.
  std::function<policy::Outlook(base::Instant at, const policy::Policy& deciding)> outlook{};
  // The state of a part that only `app` knows, e.g. the authorities: name to {state, why?}.
  std::function<boost::json::object()> other_health;
  // As plugins.list tells them.
  std::function<boost::json::array()> plugins;
  // Another number, under the same policy, whenever these have something else to tell.
  std::function<std::uint64_t()> plugins_revision;
  // Policy and plugins anew; on a fault the old ones stay.
  std::function<base::Result<void>(const base::Actor& by)> reload;
  // Remarks about the policy in force, which do not keep it from being valid.
  std::function<boost::json::array()> notices;
  AuditLog audit{};
  Privacy privacy{};
  std::string version;
  base::Instant started{};
};

void add_methods(rpc::MethodTable& table, Parts& parts);
// What plugins serve as guests of the table, to be set when these plugins are in force: of each plugin all or
// none. The others serve theirs whatever is wrong with one's.
struct PluginMethods {
  rpc::Guests guests;
  std::vector<base::Fault> refused;  // plugin_failed with details.plugin
};
PluginMethods plugin_methods(rpc::MethodTable& table, Parts& parts,
                             const std::vector<extension::ServedMethod>& methods);

// The topics of events, with who may hear of them: whoever may call the methods that they are about.
std::vector<server::Topic> topics();

}  // namespace madoguchi::api
