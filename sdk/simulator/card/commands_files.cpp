#include <algorithm>

#include "machine.hpp"

namespace madoguchi::simulated_card {
namespace {

// Le of 00 or 0000 asks for all there is and is never answered with "end of file".
bool asks_for_all(std::uint32_t expected) {
  return expected == 256 || expected == 65536;
}

struct Place {
  std::uint16_t id = 0;
  std::size_t offset = 0;
  std::uint16_t fault = status::ok;
};

// P1 and P2 of the BINARY commands: a 15-bit offset into the current file, or a short id (which becomes
// current) and an 8-bit offset.
Place place(Machine& machine, const smartcard::Command::Header& header) {
  const auto* application = machine.application();
  if ((header.p1 & 0x80) == 0) {
    if (!machine.session.file) return {.fault = status::no_current_file};
    return {.id = *machine.session.file, .offset = static_cast<std::size_t>(header.p1 << 8 | header.p2)};
  }
  const auto id = static_cast<std::uint16_t>(header.p1 & 0x1F);
  if ((header.p1 & 0x60) != 0 || id == 0) return {.fault = status::wrong_parameters};
  if (application == nullptr || !application->has(id)) return {.fault = status::file_not_found};
  machine.session.file = id;
  return {.id = id, .offset = header.p2};
}

const File* transparent(const Machine& machine, std::uint16_t id) {
  const auto* application = machine.application();
  if (application == nullptr) return nullptr;
  const auto found = application->files.find(id);
  return found == application->files.end() || found->second.record ? nullptr : &found->second;
}

bool may_read(const Machine& machine, const File& file) {
  if (file.administered && machine.terminal()) return true;
  if (file.never_readable) return false;
  return file.read_pins.empty() ||
         std::any_of(file.read_pins.begin(), file.read_pins.end(),
                     [&](std::uint16_t pin) { return machine.session.verified.contains(pin); });
}

}  // namespace

Reply read_binary(Machine& machine, const Command& command) {
  const auto at = place(machine, command.header);
  if (at.fault != status::ok) return at.fault;
  if (!command.expected || !command.data.empty()) return status::wrong_length;
  const auto* file = transparent(machine, at.id);
  if (file == nullptr) return status::wrong_file_type;
  if (!may_read(machine, *file)) return status::security;
  if (at.offset >= file->content.size()) return status::wrong_offset;
  const std::size_t available = file->content.size() - at.offset;
  const std::size_t size = std::min<std::size_t>(*command.expected, available);
  const auto begin = file->content.begin() + static_cast<std::ptrdiff_t>(at.offset);
  const bool short_of = available < *command.expected && !asks_for_all(*command.expected);
  return {base::Bytes(begin, begin + static_cast<std::ptrdiff_t>(size)),
          short_of ? status::end_of_file : status::ok};
}

Reply read_record(Machine& machine, const Command& command) {
  const auto* application = machine.application();
  const auto mode = static_cast<std::uint8_t>(command.header.p2 & 0x07);
  const auto short_id = static_cast<std::uint16_t>(command.header.p2 >> 3);
  if (application == nullptr) return status::no_current_file;
  if (mode == 0x05) return status::not_supported;
  if (mode != 0x04) return status::wrong_parameters;
  if (!command.expected) return status::wrong_length;
  if (short_id == 0 && !machine.session.file) return status::no_current_file;
  const std::uint16_t id = short_id != 0 ? short_id : *machine.session.file;
  if (!application->has(id)) return status::file_not_found;
  const auto found = application->files.find(id);
  if (found == application->files.end() || !found->second.record) return status::wrong_file_type;
  machine.session.file = id;
  if (!may_read(machine, found->second)) return status::security;
  if (command.header.p1 != 1) return status::record_not_found;
  const auto& record = found->second.content;
  const std::size_t size = std::min<std::size_t>(*command.expected, record.size());
  return base::Bytes(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(size));
}

Reply update_binary(Machine& machine, const Command& command) {
  const auto at = place(machine, command.header);
  if (at.fault != status::ok) return at.fault;
  if (command.data.empty()) return status::wrong_length;
  const auto* file = transparent(machine, at.id);
  if (file == nullptr) return status::wrong_file_type;
  if (!file->administered || !machine.terminal()) return status::security;
  if (at.offset + command.data.size() > file->content.size()) return status::wrong_offset;
  if (machine.disturbance.refuse_write) return status::memory_failure;
  const std::size_t size =
      std::min(command.data.size(), machine.disturbance.cut_write.value_or(command.data.size()));
  const bool stored = machine.change([&](Application& application) {
    std::copy_n(command.data.begin(), size,
                application.files.at(at.id).content.begin() + static_cast<std::ptrdiff_t>(at.offset));
  });
  return stored ? status::ok : status::memory_failure;
}

Reply get_data(Machine& machine, const Command& command) {
  if (machine.application() != nullptr) return status::no_key;
  const auto found =
      machine.image.data_objects.find(static_cast<std::uint16_t>(command.header.p1 << 8 | command.header.p2));
  if (found == machine.image.data_objects.end()) return status::no_key;
  // Seen on cards: an object that does not fit is a wrong length, not 61xx or 6Cxx.
  if (!command.expected || *command.expected < found->second.size()) return status::wrong_length;
  return found->second;
}

}  // namespace madoguchi::simulated_card
