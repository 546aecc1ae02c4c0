#include "simulated_card/personalise.hpp"

#include <algorithm>

#include "smartcard/tlv.hpp"

namespace madoguchi::simulated_card {
namespace {

using smartcard::make_tlv;

constexpr std::uint8_t filler = 0xFF;
constexpr std::uint8_t present = 0x8F;
constexpr std::uint8_t contact_atr[] = {0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14};
// No source confirms how often the codes printed on the card may be tried.
constexpr int code_tries = 10;

base::Bytes bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

void append(base::Bytes& to, base::ByteView more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::string compact(base::Date date) {
  std::string text = base::format_date(date);
  std::erase(text, '-');
  return text;
}

// YYMMDD with the year of the Japanese era, as printed on the card and used for its codes.
std::string era_date(base::Date date) {
  using std::chrono::year;
  struct Era {
    base::Date first_day;
  };
  static constexpr Era eras[] = {{year(2019) / 5 / 1},
                                 {year(1989) / 1 / 8},
                                 {year(1926) / 12 / 25},
                                 {year(1912) / 7 / 30},
                                 {year(1868) / 1 / 25}};
  const auto era =
      std::find_if(std::begin(eras), std::end(eras), [&](const Era& e) { return e.first_day <= date; });
  const int number = static_cast<int>(date.year()) - static_cast<int>(era->first_day.year()) + 1;
  const std::string year_text = std::to_string(number);
  return (year_text.size() < 2 ? "0" : "") + year_text + compact(date).substr(4);
}

base::Bytes certificate_file(base::ByteView der) {
  base::Bytes content(std::max(layout::certificate_file_size, der.size()), filler);
  std::copy(der.begin(), der.end(), content.begin());
  return content;
}

Pin make_pin(std::string_view value, int max_tries, int tries, bool jicsap = false) {
  Pin pin{.salt = {}, .digest = {}, .max_tries = max_tries, .tries = tries, .change_by_jicsap = jicsap};
  if (value.empty()) return pin;
  set_pin(pin, bytes(value));
  pin.tries = tries;
  return pin;
}

// Absent altogether on a face-authentication card; there without a value on a card that was never given one.
void add_pin(Application& application, std::uint16_t id, PinKind kind, const Citizen& citizen,
             bool jicsap = false) {
  if (citizen.kind == CitizenKind::face_authentication) return;
  const auto value = citizen.pins.find(kind);
  const bool set = value != citizen.pins.end();
  application.pins[id] =
      make_pin(set ? value->second : "", max_tries(kind), set ? citizen.tries.at(kind) : 0, jicsap);
}

void put(base::Bytes& into, std::size_t offset, std::string_view text) {
  std::copy(text.begin(), text.end(), into.begin() + static_cast<std::ptrdiff_t>(offset));
}

// PKCS#11's CK_TOKEN_INFO, numbers in 32 bits big-endian.
base::Bytes token_information(const Citizen& citizen) {
  base::Bytes info(160, ' ');
  put(info, 0, "JPKIAPICCTOKEN2");
  put(info, 32, "JPKI");
  put(info, 64, "SIMULATED");
  put(info, 80, "0" + citizen.card_number);
  const std::uint32_t numbers[] = {0x0000040D, 0, 0, 0, 0, 16, 6};
  std::size_t at = 96;
  for (const auto number : numbers) {
    for (int shift = 24; shift >= 0; shift -= 8)
      info[at++] = static_cast<std::uint8_t>(number >> shift & 0xFF);
  }
  std::fill_n(info.begin() + 124, 16, filler);
  put(info, 140, "0301");
  std::fill_n(info.begin() + 144, 16, '9');
  return info;
}

Application make_jpki(const Personalisation& order) {
  Application jpki{.aid = {0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01},
                   .name = std::string(layout::jpki),
                   .files = {},
                   .pins = {},
                   .keys = {},
                   .opaque = {0x0005, 0x0010, 0x0016, 0x0019, 0x001C, 0x001E},
                   .administered = true};
  const auto certificate = [&](std::uint16_t id, base::ByteView der, std::vector<std::uint16_t> pins) {
    jpki.files[id] = {.content = certificate_file(der), .read_pins = std::move(pins), .administered = true};
  };
  certificate(layout::signature_certificate, order.signature.certificate, {layout::signature_pin});
  certificate(layout::signature_issuer, order.signature_issuer, {});
  certificate(layout::authentication_certificate, order.authentication.certificate, {});
  certificate(layout::authentication_issuer, order.authentication_issuer, {});
  jpki.files[layout::token_information] = {.content = token_information(order.citizen), .read_pins = {}};
  jpki.files[layout::presence] = {
      .content = {order.signature.certificate.empty() ? std::uint8_t{0} : present,
                  order.authentication.certificate.empty() ? std::uint8_t{0} : present, 0},
      .read_pins = {},
      .administered = true};
  jpki.files[0x0009] = {.content = base::Bytes(16, filler), .never_readable = true, .read_pins = {}};
  jpki.keys[layout::signature_key] = {order.signature.private_key, KeyUse::signature, layout::signature_pin};
  jpki.keys[layout::authentication_key] = {order.authentication.private_key, KeyUse::authentication,
                                           layout::authentication_pin};
  if (order.layout == Layout::spare) {
    certificate(layout::spare_signature_certificate, {}, {layout::signature_pin});
    certificate(layout::spare_authentication_certificate, {}, {});
    jpki.keys[layout::spare_signature_key] = {{}, KeyUse::signature, layout::signature_pin};
    jpki.keys[layout::spare_authentication_key] = {{}, KeyUse::authentication, layout::authentication_pin};
  }
  add_pin(jpki, layout::signature_pin, PinKind::signature, order.citizen);
  add_pin(jpki, layout::authentication_pin, PinKind::authentication, order.citizen);
  return jpki;
}

Application other(std::string_view name, std::uint8_t eighth, std::uint8_t ninth) {
  return {.aid = {0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, eighth, ninth},
          .name = std::string(name),
          .files = {},
          .pins = {},
          .keys = {},
          .opaque = {},
          .administered = false};
}

Application make_resident_register(const Citizen& citizen) {
  auto juki = other(layout::resident_register, 0x04, 0x01);
  juki.administered = true;
  juki.opaque = {0x0002};
  add_pin(juki, layout::resident_pin, PinKind::resident_register, citizen, true);
  return juki;
}

std::string code_b(const Citizen& citizen) {
  return era_date(citizen.birth) + compact(citizen.card_expires_on).substr(0, 4) + citizen.security_code;
}

// The card's face as data (images, signed by the issuer) is not made up here: its files are there and stay
// closed.
Application make_card_surface(const Citizen& citizen) {
  auto surface = other(layout::card_surface, 0x04, 0x02);
  for (std::uint16_t id = 0x0001; id <= 0x0005; ++id) {
    surface.files[id] = {.content = base::Bytes(16, filler), .never_readable = true, .read_pins = {}};
  }
  surface.pins[0x0011] = make_pin(era_date(citizen.birth), code_tries, code_tries);
  surface.pins[0x0012] = make_pin(code_b(citizen), code_tries, code_tries);
  surface.pins[0x0013] = make_pin(citizen.individual_number, code_tries, code_tries);
  return surface;
}

base::Bytes four_attributes(const Citizen& citizen) {
  const base::Bytes fields[] = {
      make_tlv(0xDF22, bytes(citizen.name)), make_tlv(0xDF23, bytes(citizen.address)),
      make_tlv(0xDF24, bytes(compact(citizen.birth))), make_tlv(0xDF25, bytes(std::string(1, citizen.sex)))};
  base::Bytes offsets;
  std::size_t at = 0;
  base::Bytes body;
  for (const auto& field : fields) {
    offsets.push_back(static_cast<std::uint8_t>(at >> 8));
    offsets.push_back(static_cast<std::uint8_t>(at & 0xFF));
    at += field.size();
    append(body, field);
  }
  auto content = make_tlv(0xDF21, offsets);
  append(content, body);
  return make_tlv(0xFF20, content);
}

Application make_card_surface_input(const Citizen& citizen) {
  auto input = other(layout::card_surface_input, 0x04, 0x08);
  auto number = make_tlv(0xFF10, bytes(citizen.individual_number));
  number.resize(17, filler);
  input.files[0x0001] = {.content = std::move(number), .read_pins = {0x0011, 0x0014}};
  input.files[0x0002] = {.content = four_attributes(citizen), .read_pins = {0x0011, 0x0015}};
  add_pin(input, 0x0011, PinKind::card_surface_input, citizen);
  input.pins[0x0012] = make_pin("", 3, 0);  // locked on every card that was looked at
  input.pins[0x0014] = make_pin(citizen.individual_number, code_tries, code_tries);
  input.pins[0x0015] = make_pin(code_b(citizen), code_tries, code_tries);
  return input;
}

Application make_common(const Personalisation& order) {
  const auto& citizen = order.citizen;
  auto common = other(layout::common, 0x01, 0x00);
  common.administered = true;
  common.opaque = {0x0002};
  base::Bytes record{0x01, 0x1C};
  append(record, bytes(citizen.card_number + citizen.municipality + compact(citizen.card_expires_on)));
  common.files[layout::card_record] = {.content = std::move(record), .record = true, .read_pins = {}};
  common.keys[layout::internal_key] = {order.internal_key, KeyUse::internal, 0};
  add_pin(common, layout::resident_pin, PinKind::resident_register, citizen, true);
  return common;
}

void leave_out_files(CardImage& image) {
  auto& jpki = *image.find(layout::jpki);
  for (const auto id : {layout::presence, layout::signature_certificate, layout::signature_issuer})
    jpki.files.erase(id);
  image.find(layout::common)->files.erase(layout::card_record);
}

void cut_files(CardImage& image) {
  auto& jpki = *image.find(layout::jpki);
  jpki.files.at(layout::token_information).content.resize(31);
  auto& certificate = jpki.files.at(layout::authentication_certificate).content;
  std::fill(certificate.begin() + 700, certificate.end(), filler);  // as a torn write leaves it
}

}  // namespace

std::string_view name(Layout layout) {
  return layout == Layout::spare ? "spare" : "single";
}

CardImage personalise(const Personalisation& order) {
  const auto& citizen = order.citizen;
  const base::ByteView atr = contact_atr;
  CardImage image{
      .kind = std::string(name(citizen.kind)),
      .name = citizen.name,
      .atr = {atr.begin(), atr.end()},
      .terminal_key = order.terminal_key,
      .applications = {make_jpki(order), make_resident_register(citizen), make_card_surface(citizen),
                       make_card_surface_input(citizen), make_common(order)},
      .data_objects = {}};
  image.data_objects[0x0045] = make_tlv(0x45, bytes(citizen.card_number));
  image.data_objects[0x00F0] = make_tlv(0xF0, bytes(citizen.municipality));
  image.data_objects[0x00F2] = make_tlv(0xF2, bytes(compact(citizen.card_expires_on)));
  image.data_objects[0x5F51] = make_tlv(0x5F51, atr.subspan(1));
  if (citizen.kind == CitizenKind::absent_files) leave_out_files(image);
  if (citizen.kind == CitizenKind::truncated_files) cut_files(image);
  return image;
}

}  // namespace madoguchi::simulated_card
