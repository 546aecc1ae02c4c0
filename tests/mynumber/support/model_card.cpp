#include "support/model_card.hpp"

#include <algorithm>

#include "support/certificates.hpp"
#include "support/scripted_card.hpp"

namespace madoguchi::mynumber::testing {
namespace {

using smartcard::ReceivedCommand;
using smartcard::Response;
using smartcard::StatusWord;

Response only(std::uint16_t status) {
  return Response{.data = {}, .status = StatusWord{status}};
}

base::Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

std::size_t offset_of(const ReceivedCommand& command) {
  return static_cast<std::size_t>(command.header.p1) << 8 | command.header.p2;
}

}  // namespace

base::Bytes token_information(std::string_view label, std::string_view serial, char padding) {
  base::Bytes info(160, 0xFF);
  std::fill_n(info.begin(), 96, static_cast<std::uint8_t>(padding));
  std::copy(label.begin(), label.end(), info.begin());
  std::copy(serial.begin(), serial.end(), info.begin() + 80);
  return info;
}

base::Bytes in_file(base::Bytes content, std::size_t size) {
  content.resize(size, 0xFF);
  return content;
}

ModelCard::ModelCard() {
  ModelApplication& jpki = applications[Application::jpki];
  static const base::Bytes signature =
      make_certificate({.common_name = "SIGNATURE", .locality = "東京都", .serial = "51"});
  static const base::Bytes authentication = make_certificate();
  jpki.files[0x0001] = in_file(signature);
  jpki.files[0x0002] = in_file({});
  jpki.files[0x0003] = in_file({});
  jpki.files[0x0006] = token_information("JPKIAPICCTOKEN2", "0000000020500003");
  jpki.files[0x0008] = {0x8F, 0x8F, 0x00};
  jpki.files[0x000A] = in_file(authentication);
  jpki.files[0x000B] = in_file({});
  jpki.files[0x000C] = in_file({});
  jpki.pins[0x0018] = {"1234", 3};
  jpki.pins[0x001B] = {"PASSWORD1234", 5};
  applications[Application::resident_register].pins[0x001C] = {"1234", 3};
  ModelApplication& common = applications[Application::common];
  common.records[0x0001] = base::from_hex("011C").value();
  const base::Bytes digits = bytes_of("4000000127198431322120350217");
  common.records[0x0001].insert(common.records[0x0001].end(), digits.begin(), digits.end());
  common.pins[0x001C] = {"1234", 3};
}

base::Result<Response> ModelCard::transmit(const smartcard::Command& command) {
  ++sent;
  const auto received = smartcard::parse_command(base::from_hex(hex_of(command)).value());
  const Response response = answer(received.value());
  if (dead_) return base::make_fault(base::Code::card_removed, "no power");
  return response;
}

Response ModelCard::answer(const ReceivedCommand& command) {
  switch (command.header.ins) {
    case 0xA4:
      return select(command);
    case 0xB0:
      return read_binary(command);
    case 0xB2:
      return read_record();
    case 0x20:
      return verify(command);
    case 0x84:
      return Response{.data = base::Bytes(16, 0x5A), .status = StatusWord{0x9000}};
    case 0x82:
      return only(0x9000);
    case 0xD6:
      return update_binary(command);
    default:
      return only(0x6D00);
  }
}

Response ModelCard::select(const ReceivedCommand& command) {
  if (command.header.p1 == 0x04) {
    const std::map<std::string, Application> aids{{"d392f000260100000001", Application::jpki},
                                                  {"d3921000310001010401", Application::resident_register},
                                                  {"d3921000310001010100", Application::common}};
    const auto found = aids.find(base::to_hex(command.data));
    if (found == aids.end() || !applications.contains(found->second)) return only(0x6A82);
    current_ = found->second;
    file_ = 0;
    return only(0x9000);
  }
  const ModelApplication& application = applications[current_];
  const auto id = static_cast<std::uint16_t>(command.data.at(0) << 8 | command.data.at(1));
  if (!application.files.contains(id) && !application.records.contains(id) &&
      !application.pins.contains(id)) {
    return only(0x6A82);
  }
  file_ = id;
  return only(0x9000);
}

Response ModelCard::read_binary(const ReceivedCommand& command) {
  const ModelApplication& application = applications[current_];
  const auto file = application.files.find(file_);
  if (file == application.files.end()) return only(0x6981);
  if (current_ == Application::jpki && file_ == 0x0001 && !signature_readable) return only(0x6982);
  const std::size_t offset = offset_of(command);
  if (offset >= file->second.size()) return only(0x6B00);
  const base::ByteView rest = base::ByteView(file->second).subspan(offset);
  const base::ByteView cut = rest.first(std::min<std::size_t>(rest.size(), command.expected.value_or(0)));
  return Response{.data = base::Bytes(cut.begin(), cut.end()), .status = StatusWord{0x9000}};
}

Response ModelCard::read_record() {
  const ModelApplication& application = applications[current_];
  const auto record = application.records.find(file_);
  if (record == application.records.end()) return only(0x6981);
  if (record->second.empty()) return only(0x6A83);
  return Response{.data = record->second, .status = StatusWord{0x9000}};
}

Response ModelCard::verify(const ReceivedCommand& command) {
  auto& pins = applications[current_].pins;
  const auto pin = pins.find(file_);
  if (pin == pins.end()) return only(0x6981);
  const auto count = [&] { return static_cast<std::uint16_t>(0x63C0 | pin->second.tries); };
  if (command.data.empty()) return only(count());
  ++verifies_with_data;
  if (pin->second.tries == 0) return only(0x6984);
  if (command.data == bytes_of(pin->second.value)) return only(0x9000);
  --pin->second.tries;
  return only(count());
}

Response ModelCard::update_binary(const ReceivedCommand& command) {
  auto& files = applications[current_].files;
  const auto file = files.find(file_);
  if (file == files.end()) return only(0x6981);
  const std::size_t offset = offset_of(command);
  if (offset + command.data.size() > file->second.size()) return only(0x6B00);
  const std::size_t stored = std::min(command.data.size(), write_budget);
  std::copy_n(command.data.begin(), stored, file->second.begin() + static_cast<std::ptrdiff_t>(offset));
  write_budget -= stored;
  dead_ = dead_ || stored < command.data.size();
  return only(0x9000);
}

}  // namespace madoguchi::mynumber::testing
