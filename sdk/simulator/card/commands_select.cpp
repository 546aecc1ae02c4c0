#include <algorithm>

#include "machine.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::simulated_card {
namespace {

constexpr std::uint8_t issuer_domain[] = {0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00};
// ISO/IEC 7816-4: a name has at least the five bytes of a registered provider's identifier.
constexpr std::size_t min_name = 5;
constexpr std::uint8_t without_information = 0x0C;

bool begins(base::ByteView whole, base::ByteView part) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

base::Bytes information(std::uint32_t tag, base::ByteView value) {
  return smartcard::make_tlv(0x6F, smartcard::make_tlv(tag, value));
}

// Dropped when the host did not ask for it by P2 and Le: a case 3 command is answered by the status word
// alone.
Reply selected(const Command& command, base::Bytes control_information) {
  if (command.header.p2 == without_information || !command.expected) return status::ok;
  return control_information;
}

Reply select_application(Machine& machine, const Command& command) {
  const auto& name = command.data;
  if (name.empty() || begins(issuer_domain, name)) {
    if (!name.empty() && name.size() < min_name) return status::file_not_found;
    machine.session = {};
    return selected(command, information(0x84, issuer_domain));
  }
  if (name.size() < min_name) return status::file_not_found;
  const auto& applications = machine.image.applications;
  const auto found = std::find_if(applications.begin(), applications.end(),
                                  [&](const Application& a) { return begins(a.aid, name); });
  if (found == applications.end()) return status::file_not_found;
  machine.session = {};
  machine.session.application = static_cast<std::size_t>(found - applications.begin());
  return selected(command, information(0x84, found->aid));
}

Reply select_file(Machine& machine, const Command& command) {
  if (command.data.size() != 2) return status::wrong_length;
  const auto id = static_cast<std::uint16_t>(command.data[0] << 8 | command.data[1]);
  const auto* application = machine.application();
  if (application == nullptr || !application->has(id)) return status::file_not_found;
  machine.session.file = id;
  return selected(command, information(0x83, command.data));
}

// The master file can be selected in name only: it is no way out of an application.
Reply select_master(const Machine& machine, const Command& command) {
  if (!command.data.empty()) return status::file_not_found;
  return machine.application() == nullptr ? status::wrong_parameters : status::ok;
}

}  // namespace

Reply select(Machine& machine, const Command& command) {
  const auto p2 = command.header.p2;
  if (p2 != 0x00 && p2 != without_information) return status::wrong_parameters;
  switch (command.header.p1) {
    case 0x00:
      return select_master(machine, command);
    case 0x02:
      return select_file(machine, command);
    case 0x04:
      return select_application(machine, command);
    default:
      return status::wrong_parameters;
  }
}

}  // namespace madoguchi::simulated_card
