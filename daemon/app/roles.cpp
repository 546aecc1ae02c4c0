#include "roles.hpp"

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <optional>

namespace madoguchi::app {
namespace {

struct Table {
  std::map<uid_t, rpc::Roles> users;
  std::map<gid_t, rpc::Roles> groups;
};

std::optional<std::uint32_t> number_of(const std::string& name) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return id;
}

// Called before any thread is started: the lookups are not made for several at once.
std::optional<uid_t> uid_of(const std::string& name) {
  if (const auto id = number_of(name)) return id;
  const auto* entry = getpwnam(name.c_str());
  if (entry == nullptr) return std::nullopt;
  return entry->pw_uid;
}

std::optional<gid_t> gid_of(const std::string& name) {
  if (const auto id = number_of(name)) return id;
  const auto* entry = getgrnam(name.c_str());
  if (entry == nullptr) return std::nullopt;
  return entry->gr_gid;
}

void add(Table& table, const settings::RoleMembers& members, rpc::Role role, base::Log& log) {
  for (const auto& name : members.users) {
    if (const auto id = uid_of(name)) {
      table.users[*id] = table.users[*id] | role;
    } else {
      log.write(base::Level::warning, "access.unknown_user", {{"name", name}});
    }
  }
  for (const auto& name : members.groups) {
    if (const auto id = gid_of(name)) {
      table.groups[*id] = table.groups[*id] | role;
    } else {
      log.write(base::Level::warning, "access.unknown_group", {{"name", name}});
    }
  }
}

// What make_roles() would say, heard instead of written.
class Unknown : public base::Log {
 public:
  void write(base::Level, std::string_view, std::initializer_list<base::Field> fields) override {
    for (const auto& field : fields) names.push_back(std::get<std::string>(field.value));
  }
  std::vector<std::string> names{};
};

}  // namespace

std::vector<std::string> unknown_in(const settings::AccessConfig& access) {
  Unknown unknown;
  static_cast<void>(make_roles(access, unknown));
  return std::move(unknown.names);
}

std::function<rpc::Roles(uid_t, std::span<const gid_t>)> make_roles(const settings::AccessConfig& access,
                                                                    base::Log& log) {
  auto table = std::make_shared<Table>();
  add(*table, access.clerk, rpc::Role::clerk, log);
  add(*table, access.supervisor, rpc::Role::supervisor, log);
  add(*table, access.admin, rpc::Role::admin, log);
  add(*table, access.display, rpc::Role::display, log);
  return [table](uid_t uid, std::span<const gid_t> gids) {
    rpc::Roles roles;
    if (const auto user = table->users.find(uid); user != table->users.end()) roles = user->second;
    for (const auto gid : gids) {
      const auto group = table->groups.find(gid);
      if (group != table->groups.end())
        roles.bits = static_cast<std::uint8_t>(roles.bits | group->second.bits);
    }
    return roles;
  };
}

}  // namespace madoguchi::app
