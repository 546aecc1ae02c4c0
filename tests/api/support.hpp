// The methods as a client meets them, on the counter's test world: lines in, lines out, no socket.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "rpc/dispatcher.hpp"
#include "world.hpp"

namespace madoguchi::api::test {

using counter::test::Options;
using counter::test::World;

// Every reason that an error had in this process.
std::set<std::string>& reasons_seen();

class QuietPeer final : public rpc::Peer {
 public:
  bool push(std::shared_ptr<const std::string> line) override {
    lines.push_back(*line);
    return true;
  }
  bool gone() override { return left; }
  std::vector<std::string> lines;
  bool left = false;
};

class Counter final : private rpc::Outlet {
 public:
  explicit Counter(Options options = {});
  ~Counter();

  // One line, as it is, and the line that it is answered with.
  boost::json::object line(std::string_view text);
  // One call and its whole response. An error must be one that the method's row, or any method, declares; and
  // complete.
  boost::json::object call(std::string_view method, boost::json::object params = {});
  // The same, for its result: fails the test when there is none, or when it lacks what the row's schema
  // requires.
  boost::json::object result(std::string_view method, boost::json::object params = {});
  // The same, for the error's data.
  boost::json::object error(std::string_view method, boost::json::object params = {});
  // The reason only.
  std::string reason(std::string_view method, boost::json::object params = {});

  boost::json::object open_params(const char* reader = counter::test::reader_name) const;
  boost::json::object pin_params(const std::string& id, std::string_view pin) const;
  std::string open();
  std::string ready();

  World world;
  std::shared_ptr<const audit::SigningKey> audit_key =
      std::make_shared<const audit::SigningKey>(audit::SigningKey::generate());
  base::Actor reloaded_by;
  boost::json::array notices;
  std::optional<base::Fault> reload_fault;
  std::shared_ptr<const policy::Policy> policy;
  std::shared_ptr<const policy::Policy> next_policy;  // in force from 2030 on, if there is one
  boost::json::array plugins;
  std::uint64_t plugins_revision = 0;
  std::vector<extension::ServedMethod> plugin_methods;
  void serve_plugin_methods();  // these from now on
  server::EventHub hub;
  Parts parts;
  rpc::MethodTable table;
  rpc::Dispatcher dispatcher;
  std::shared_ptr<QuietPeer> peer = std::make_shared<QuietPeer>();
  rpc::Caller caller;

 private:
  std::string& output() override { return out_; }
  void advanced() override {}
  void check_error(std::string_view method, const boost::json::object& error) const;

  std::string out_;
  std::shared_ptr<rpc::Conversation> talk_;
};

}  // namespace madoguchi::api::test
