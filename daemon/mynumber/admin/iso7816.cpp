#include "admin/iso7816.hpp"

namespace madoguchi::mynumber {

base::Fault admin_refused(std::string_view command, smartcard::StatusWord status, CardState& state) {
  if (status.value == status::security) state.terminal_authenticated = false;
  return refused(command, status);
}

std::unique_ptr<AdminCommandSet> make_admin_commands(const CardProfile& profile) {
  switch (profile.admin) {
    case AdminSet::iso7816:
      return std::make_unique<Iso7816Commands>(profile);
    case AdminSet::none:
      break;
  }
  return nullptr;
}

}  // namespace madoguchi::mynumber
