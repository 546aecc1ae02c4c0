// The table of methods: one row drives dispatch, access, parameter validation, OpenRPC and CLI completion.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace madoguchi::rpc {

enum class Role : std::uint8_t { clerk = 1, supervisor = 2, admin = 4, display = 8 };

// A set of roles as bits of Role.
struct Roles {
  std::uint8_t bits = 0;
  [[nodiscard]] constexpr bool has(Role role) const { return (bits & static_cast<std::uint8_t>(role)) != 0; }
  [[nodiscard]] constexpr bool any_of(Roles other) const { return (bits & other.bits) != 0; }
  [[nodiscard]] constexpr bool none() const { return bits == 0; }
  bool operator==(const Roles&) const = default;
};
// Beside Roles, not within: looked up by Role, a friend of Roles would not be found.
constexpr Roles only(Role role) {
  return {static_cast<std::uint8_t>(role)};
}
constexpr Roles operator|(Roles a, Roles b) {
  return {static_cast<std::uint8_t>(a.bits | b.bits)};
}
constexpr Roles operator|(Roles a, Role b) {
  return a | only(b);
}
constexpr Roles operator|(Role a, Role b) {
  return only(a) | only(b);
}
constexpr Roles all_roles{15};
std::string_view name(Role role);
std::optional<Role> role_named(std::string_view text);
// All of them, with commas.
std::string names(Roles roles);

class Peer;

// Whoever wants to know when a peer that refused a line has room again, and when it is gone.
class PeerWatcher {
 public:
  virtual ~PeerWatcher() = default;
  virtual void writable(Peer& peer) = 0;
  virtual void ended(Peer& peer) = 0;
};

// The other end of a connection, as far as methods may know it. Outlives every call made through it (weak_ptr
// where a method keeps it, e.g. for a subscription).
class Peer {
 public:
  virtual ~Peer() = default;
  // Queues a complete line (with its '\n'). False when the bound on unsent bytes or lines was reached or the
  // connection has ended: nothing was queued then. Call on the loop.
  virtual bool push(std::shared_ptr<const std::string> line) = 0;
  // Tells `watcher`, on the loop, from now on; the last one given counts. A peer that never refuses has
  // nothing to tell.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): who overrides it keeps the pointer
  virtual void watch(std::weak_ptr<PeerWatcher> /*watcher*/) {}
  // Nobody reads what is sent there any more. One that only sends no more is not gone: it may wait for
  // answers.
  [[nodiscard]] virtual bool gone() { return false; }
};

struct Caller {
  std::uint32_t uid = 0;
  Roles roles;
  std::weak_ptr<Peer> peer;
};

// The reply to one request, to be given exactly once, now or later, on the loop. Dropping it unanswered
// answers `internal`. For a notification the value goes nowhere.
class Responder {
 public:
  using Sink = std::function<void(base::Result<boost::json::value>)>;
  // Takes one call of either, then may be gone: for whoever answers many requests and wants no allocation for
  // each.
  class Slot {
   public:
    virtual void answer(base::Result<boost::json::value> result) = 0;
    virtual void answer_text(std::string_view json) = 0;
    virtual void drop() noexcept = 0;

   protected:
    ~Slot() = default;
  };
  explicit Responder(Sink sink);
  explicit Responder(Slot& slot) noexcept : slot_(&slot) {}
  Responder(Responder&& other) noexcept;
  Responder& operator=(Responder&& other) noexcept;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();
  // Both throw std::logic_error when it has answered before.
  void operator()(base::Result<boost::json::value> result);
  // With a result that is JSON text already and goes out as it is: for what is asked often and changes
  // seldom.
  void text(std::string_view json);

 private:
  Slot& take();

  Slot* slot_;
};

// `params` lives in memory that is wiped when the handler returns: a handler that goes on later takes what it
// needs, secrets as base::Secret.
using Handler =
    std::function<void(const Caller& caller, const boost::json::object& params, Responder respond)>;

struct Param {
  // `described`: as `schema` says, which the method checks.
  enum class Type : std::uint8_t { string, integer, boolean, object, array, secret, described };
  std::string_view name = {};
  Type type = Type::string;
  bool required = false;
  std::string_view description = {};
  std::vector<std::string_view> values = {};  // a string's closed list; empty: any
  std::optional<std::int64_t> minimum = {},
                              maximum = {};  // of an integer; of a string's length in characters
  // JSON Schema as text: all of a described one; of any other what it says beyond the type, e.g. of what lies
  // within, which the method checks.
  std::string_view schema = {};
};

struct Method {
  std::string_view name = {};
  std::string_view summary = {};  // one sentence, for people
  Roles roles = all_roles;
  std::vector<Param> params = {};  // unknown parameters are refused
  std::string_view result = {};    // JSON Schema of the result, as text; may refer to shapes; empty: anything
  std::vector<base::Code> faults = {};  // beyond those that any method may give
  std::string_view example = {};        // params as JSON text, valid by this row; empty: {}
  Handler handler = {};
  bool reads = false;  // changes nothing anywhere: answered even while the daemon is being stopped
};

// Whether parameters that the row accepts may hold a secret: as a value of its own, or somewhere within one.
bool may_hold_secret(const Method& method);

// Checks names, types, closed lists and bounds; invalid_params with details.pointer and details.expected. No
// value is ever repeated in the fault. Of a secret only that it is a string is checked: its form is the
// method's business.
base::Result<void> validate(const Method& method, const boost::json::object& params);

// Rows that a table has admitted, to stand beside its own.
class Guests {
 public:
  // Those of another plugin as well, whose names begin with its own.
  void join(Guests others);

 private:
  friend class MethodTable;
  std::vector<Method> rows_;
};

// Filled before the first call; rows stay where they are from then on. Those of guests, e.g. plugins, come
// and go with them.
class MethodTable {
 public:
  // Throws std::logic_error for a name that is there already, an example that its row refuses, or a result
  // that is no JSON.
  void add(Method method);
  // With the same demands on each, and none that stands in a row's family (what its name begins with up to
  // the dot), where it would be taken for core's: all, or plugin_failed with what is wrong.
  [[nodiscard]] base::Result<Guests> admit(std::vector<Method> guests) const;
  // In place of the guests before. Not from within a guest's handler.
  void set_guests(Guests guests);
  // What a guest's row is made of has to live as long as the table: calls under way still name it.
  std::string_view keep(std::string text);
  // A schema that several rows share, as text: `{"$ref":"#/components/schemas/NAME"}` stands for it. Throws
  // std::logic_error for a name that is there already or a text that is no JSON object.
  void define(std::string_view name, std::string_view schema);
  [[nodiscard]] const Method* find(std::string_view name) const;
  [[nodiscard]] const std::vector<Method>& rows() const;  // by name, without guests
  // OpenRPC 1.2.6 of every row, guest and shape.
  [[nodiscard]] boost::json::object openrpc(std::string_view title, std::string_view version) const;

 private:
  std::vector<Method> rows_;
  std::vector<Method> guests_;                // by name
  std::set<std::string, std::less<>> texts_;  // each once, however often guests are set
  boost::json::object shapes_;
};

// Adds `rpc.discover`, which describes every row of `table`, later ones too. The table must stay where it is.
void add_discover(MethodTable& table, std::string title, std::string version);

}  // namespace madoguchi::rpc
