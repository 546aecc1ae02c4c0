#include "describe.hpp"

#include <boost/json.hpp>

#include "simulated_card/keys.hpp"

namespace madoguchi::simulated_card {
namespace json = boost::json;
namespace {

json::value certificate(const Application& jpki, std::uint16_t id) {
  const auto found = jpki.files.find(id);
  if (found == jpki.files.end()) return nullptr;
  const auto summary = summarise(found->second.content);
  if (!summary) return nullptr;
  return {{"serial", summary->serial},
          {"subject", summary->subject},
          {"issued_on", base::format_date(summary->issued_on)},
          {"expires_on", base::format_date(summary->expires_on)}};
}

// The first bytes of the public key's hash, so that a key can be told from another; null for an empty slot.
json::value key(const Application& jpki, std::uint16_t id) {
  const auto found = jpki.keys.find(id);
  if (found == jpki.keys.end() || found->second.private_key.empty()) return nullptr;
  const auto hash = base::sha256(public_key_info(found->second.private_key));
  return json::value(base::to_hex(base::ByteView(hash).first(8)));
}

json::object slot(const Application& jpki, std::uint16_t certificate_id, std::uint16_t key_id) {
  return {{"certificate", certificate(jpki, certificate_id)}, {"key", key(jpki, key_id)}};
}

json::object tries(const CardImage& image) {
  struct Row {
    std::string_view application;
    std::uint16_t id;
    PinKind kind;
  };
  static constexpr Row rows[] = {
      {layout::jpki, layout::signature_pin, PinKind::signature},
      {layout::jpki, layout::authentication_pin, PinKind::authentication},
      {layout::resident_register, layout::resident_pin, PinKind::resident_register},
      {layout::card_surface_input, 0x0011, PinKind::card_surface_input}};
  json::object object;
  for (const auto& row : rows) {
    const auto* application = image.find(row.application);
    if (application == nullptr) continue;
    const auto found = application->pins.find(row.id);
    if (found != application->pins.end()) object[name(row.kind)] = found->second.tries;
  }
  return object;
}

// The 28 digits of the common application's record: card number, municipality, last day.
std::string record_digits(const CardImage& image, std::size_t from, std::size_t count) {
  const auto* common = image.find(layout::common);
  if (common == nullptr) return {};
  const auto found = common->files.find(layout::card_record);
  if (found == common->files.end() || found->second.content.size() < 2 + from + count) return {};
  const auto begin = found->second.content.begin() + static_cast<std::ptrdiff_t>(2 + from);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

json::object describe(const CardImage& image) {
  json::object object{
      {"kind", image.kind}, {"name", image.name}, {"card_number", record_digits(image, 0, 15)}};
  const std::string last_day = record_digits(image, 20, 8);
  if (!last_day.empty()) {
    object["card_expires_on"] =
        last_day.substr(0, 4) + "-" + last_day.substr(4, 2) + "-" + last_day.substr(6);
  }
  object["tries"] = tries(image);
  const auto* jpki = image.find(layout::jpki);
  if (jpki == nullptr) return object;
  const bool spare = jpki->keys.contains(layout::spare_signature_key);
  object["layout"] = name(spare ? Layout::spare : Layout::single);
  json::object slots{
      {"signature", slot(*jpki, layout::signature_certificate, layout::signature_key)},
      {"authentication", slot(*jpki, layout::authentication_certificate, layout::authentication_key)}};
  if (spare) {
    slots["spare_signature"] = slot(*jpki, layout::spare_signature_certificate, layout::spare_signature_key);
    slots["spare_authentication"] =
        slot(*jpki, layout::spare_authentication_certificate, layout::spare_authentication_key);
  }
  object["slots"] = std::move(slots);
  return object;
}

json::object describe(const MadeCard& made, const std::string& file) {
  const auto& citizen = made.citizen;
  json::object pins;
  for (const auto& [kind, value] : citizen.pins) pins[name(kind)] = value;
  json::object object = describe(made.image);
  object["file"] = file;
  object["birth"] = base::format_date(citizen.birth);
  object["sex"] = std::string(1, citizen.sex);
  object["address"] = citizen.address;
  object["card_number"] = citizen.card_number;
  object["issued_on"] = base::format_date(citizen.issued_on);
  object["expires_on"] = base::format_date(citizen.expires_on);
  object["card_expires_on"] = base::format_date(citizen.card_expires_on);
  object["pins"] = std::move(pins);
  return object;
}

}  // namespace madoguchi::simulated_card
