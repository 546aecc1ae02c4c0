#include <algorithm>

#include "admin/iso7816.hpp"
#include "files.hpp"
#include "slots.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::mynumber {
namespace {

using smartcard::Command;

constexpr std::uint8_t filler = 0xFF;
// A certificate begins with 30 82 and two bytes of length: while these are filler the file holds none.
constexpr std::size_t head_size = 4;

// Into the current file, 255 bytes a command.
base::Result<void> update_binary(smartcard::Channel& card, CardState& state, std::size_t offset,
                                 base::ByteView bytes) {
  while (!bytes.empty()) {
    const base::ByteView chunk = bytes.first(std::min(bytes.size(), Command::max_short_data));
    const Command::Header header{.cla = 0x00,
                                 .ins = 0xD6,
                                 .p1 = static_cast<std::uint8_t>(offset >> 8),
                                 .p2 = static_cast<std::uint8_t>(offset & 0xFF)};
    const auto answer = smartcard::exchange(card, Command(header, base::Bytes(chunk.begin(), chunk.end())));
    if (!answer) return answer.error();
    if (!answer->status.ok()) return admin_refused("update_binary", answer->status, state);
    offset += chunk.size();
    bytes = bytes.subspan(chunk.size());
  }
  return {};
}

}  // namespace

base::Result<void> Iso7816Commands::mark_present(smartcard::Channel& card, CardState& state,
                                                 CertificateName which) {
  const auto selected = select_file(card, presence_file);
  if (!selected) {
    // A card without the file tells presence by the certificate's own file.
    if (selected.error().code == base::Code::not_found) return {};
    return selected.error();
  }
  return update_binary(card, state, presence_offset(which), base::Bytes{presence_mark});
}

// The head is taken away first and put back last, as the one short command that makes the file a certificate:
// power lost in between leaves a file that reads as empty, never one with a new head and an old tail.
// Presence is marked before that, so that a certificate that can be read is never one that the card denies
// having.
base::Result<void> Iso7816Commands::write_certificate(smartcard::Channel& card, CardState& state,
                                                      CertificateName which, Slot slot, base::ByteView der) {
  const auto file = certificate_file(profile_, which, slot);
  if (!file) return file.error();
  const auto length = smartcard::der_sequence_length(der);
  if (!length || *length != der.size() || der.size() <= head_size || der.size() > profile_.certificate_size) {
    return base::make_fault(base::Code::authority_mismatch, "a certificate of " + std::to_string(der.size()) +
                                                                " bytes does not fit the card's file");
  }
  base::Bytes content(profile_.certificate_size, filler);
  std::copy(der.begin(), der.end(), content.begin());
  const base::ByteView whole(content);
  const base::Bytes no_head(head_size, filler);

  if (const auto entered = enter(card, state, Application::jpki); !entered) return entered.error();
  if (slot == Slot::active) {
    if (const auto marked = mark_present(card, state, which); !marked) return marked.error();
  }
  if (const auto selected = select_file(card, *file); !selected) return selected.error();
  if (const auto done = update_binary(card, state, 0, no_head); !done) return done.error();
  if (const auto done = update_binary(card, state, head_size, whole.subspan(head_size)); !done)
    return done.error();
  return update_binary(card, state, 0, whole.first(head_size));
}

base::Result<std::optional<base::Bytes>> Iso7816Commands::read_back(smartcard::Channel& card,
                                                                    CardState& state, CertificateName which,
                                                                    Slot slot) {
  const auto file = certificate_file(profile_, which, slot);
  if (!file) return file.error();
  if (const auto entered = enter(card, state, Application::jpki); !entered) return entered.error();
  auto der = read_der_file(card, *file, pin_of(which));
  if (der) return std::optional<base::Bytes>(std::move(*der));
  if (der.error().code == base::Code::not_found) return std::optional<base::Bytes>();
  // With the terminal's rights no PIN is asked for: the card has dropped them.
  if (der.error().code == base::Code::pin_required) {
    return admin_refused("read_binary", smartcard::StatusWord{status::security}, state);
  }
  return der.error();
}

// Marked before the exchange and not after it: should marking fail, nothing has been exchanged and the step
// can be made again; made again after the exchange, it would exchange back.
base::Result<void> Iso7816Commands::activate(smartcard::Channel& card, CardState& state,
                                             CertificateName which) {
  const auto file = certificate_file(profile_, which, Slot::spare);
  if (!file) return file.error();
  if (const auto entered = enter(card, state, Application::jpki); !entered) return entered.error();
  if (const auto marked = mark_present(card, state, which); !marked) return marked.error();
  const base::Bytes id{static_cast<std::uint8_t>(*file >> 8), static_cast<std::uint8_t>(*file & 0xFF)};
  const auto answer =
      smartcard::exchange(card, Command({.cla = 0x00, .ins = 0x44, .p1 = 0x00, .p2 = 0x00}, id));
  if (!answer) return answer.error();
  if (!answer->status.ok()) return admin_refused("activate_file", answer->status, state);
  return {};
}

}  // namespace madoguchi::mynumber
