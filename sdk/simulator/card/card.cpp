#include "simulated_card/card.hpp"

#include <algorithm>

#include "machine.hpp"

namespace madoguchi::simulated_card {
namespace {

constexpr std::uint8_t iso = 0x00;
constexpr std::uint8_t jicsap = 0x80;
constexpr std::uint8_t get_response = 0xC0;
constexpr std::size_t max_short_answer = 256;

struct Row {
  std::uint8_t cla;
  std::uint8_t ins;
  Reply (*execute)(Machine&, const Command&);
};

constexpr Row rows[] = {
    {iso, 0x20, verify},        {iso, 0x24, change_reference_data}, {iso, 0x2C, reset_retry_counter},
    {iso, 0x44, activate_file}, {iso, 0x46, generate_key_pair},     {iso, 0x82, external_authenticate},
    {iso, 0x84, get_challenge}, {iso, 0x88, internal_authenticate}, {iso, 0xA4, select},
    {iso, 0xB0, read_binary},   {iso, 0xB2, read_record},           {iso, 0xCA, get_data},
    {iso, 0xD6, update_binary}, {jicsap, 0x2A, compute_signature},  {jicsap, 0x32, change_key},
};

// A class byte this card does not serve: other channels, secure messaging (only the card-surface input
// application has it, with keys that this card does not hold), chaining, proprietary classes.
std::optional<std::uint16_t> refuse_class(const smartcard::Command::Header& header) {
  if (header.cla == iso || header.cla == jicsap) return std::nullopt;
  if ((header.cla & 0x60) != 0) return (header.cla & 0x40) != 0 ? status::channel : status::unknown_class;
  if ((header.cla & 0x03) != 0) return status::channel;
  if ((header.cla & 0x0C) != 0)
    return header.ins == 0xA4 ? status::secure_messaging : status::secure_messaging_object;
  if ((header.cla & 0x10) != 0) return status::chaining;
  return status::unknown_class;
}

Reply execute(Machine& machine, const Command& command) {
  if (const auto refused = refuse_class(command.header)) return *refused;
  bool instruction_known = false;
  for (const auto& row : rows) {
    if (row.ins != command.header.ins) continue;
    if (row.cla == command.header.cla) return row.execute(machine, command);
    instruction_known = true;
  }
  return instruction_known ? status::unknown_class : status::unknown_instruction;
}

std::uint16_t more(std::size_t left) {
  return static_cast<std::uint16_t>(0x6100 | (left >= max_short_answer ? 0 : left));
}

// Hands out what an earlier answer had no room for.
Reply next_part(Session& session, const Command& command) {
  base::Bytes pending = std::move(session.pending);
  session.pending.clear();
  if (pending.empty()) return status::conditions;
  if (command.header.p1 != 0 || command.header.p2 != 0) return status::wrong_parameters;
  const std::size_t wanted = command.expected.value_or(max_short_answer);
  if (wanted > pending.size() && wanted < max_short_answer) {
    const auto size = static_cast<std::uint16_t>(pending.size());
    session.pending = std::move(pending);
    return static_cast<std::uint16_t>(status::wrong_expected | size);
  }
  const auto cut = pending.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, pending.size()));
  session.pending.assign(cut, pending.end());
  pending.erase(cut, pending.end());
  return {std::move(pending), session.pending.empty() ? status::ok : more(session.pending.size())};
}

// Fits an answer into what was asked for (ISO/IEC 7816-4 5.3.4): by 61xx where a short answer has no room for
// it, by 6Cxx where the host asked for less.
Reply fit(Session& session, const Command& command, Reply reply) {
  if (reply.data.empty() || (reply.status != status::ok && reply.status != status::end_of_file)) return reply;
  const std::size_t size = reply.data.size();
  const std::size_t wanted = command.expected.value_or(0);
  if (size <= wanted) return reply;
  if (wanted == 0 || size > max_short_answer) {
    session.pending = std::move(reply.data);
    return more(size);
  }
  return static_cast<std::uint16_t>(status::wrong_expected | (size & 0xFF));
}

base::Bytes encode(Reply reply) {
  reply.data.push_back(static_cast<std::uint8_t>(reply.status >> 8));
  reply.data.push_back(static_cast<std::uint8_t>(reply.status & 0xFF));
  return std::move(reply.data);
}

}  // namespace

const Application* Machine::application() const {
  return session.application ? &image.applications[*session.application] : nullptr;
}

bool Machine::change(const std::function<void(Application&)>& edit) {
  CardImage changed = image;
  edit(changed.applications[session.application.value()]);
  if (!memory.commit(changed)) return false;
  image = std::move(changed);
  return true;
}

Referenced referenced(const Machine& machine, std::uint8_t p2) {
  if ((p2 & 0xE0) != 0x80) return {.fault = status::wrong_parameters};
  const auto short_id = static_cast<std::uint16_t>(p2 & 0x1F);
  if (short_id == 0) {
    if (!machine.session.file) return {.fault = status::no_current_file};
    return {.id = *machine.session.file};
  }
  const auto* application = machine.application();
  if (application == nullptr || !application->has(short_id)) return {.fault = status::file_not_found};
  return {.id = short_id};
}

Card::Card(CardImage image, Memory& memory, KeySource keys)
    : image_(std::move(image)),
      memory_(&memory),
      keys_(std::move(keys)),
      session_(std::make_unique<Session>()) {}
Card::~Card() = default;
Card::Card(Card&&) noexcept = default;
Card& Card::operator=(Card&&) noexcept = default;

void Card::reset() {
  *session_ = {};
}

base::Bytes Card::transmit(base::ByteView command, const Disturbance& disturbance) {
  auto parsed = smartcard::parse_command(command);
  if (!parsed) {
    session_->pending.clear();
    return encode(status::wrong_length);
  }
  if (parsed->header.cla == iso && parsed->header.ins == get_response)
    return encode(next_part(*session_, *parsed));
  session_->pending.clear();
  Machine machine{image_, *memory_, *session_, keys_, disturbance};
  Reply reply = execute(machine, *parsed);
  // Only reference data needs it, but no command has a use for its data any more.
  base::wipe(parsed->data.data(), parsed->data.size());
  return encode(fit(*session_, *parsed, std::move(reply)));
}

}  // namespace madoguchi::simulated_card
