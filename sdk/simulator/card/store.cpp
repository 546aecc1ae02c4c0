#include "simulated_card/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace madoguchi::simulated_card {
namespace json = boost::json;
namespace {

constexpr int format_version = 1;

std::string text_of(std::uint16_t id) {
  const std::uint8_t bytes[] = {static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id & 0xFF)};
  return base::to_hex(bytes);
}

std::uint16_t id_of(std::string_view text) {
  const auto bytes = base::from_hex(text);
  if (!bytes || bytes->size() != 2) throw std::runtime_error("not a file id: " + std::string(text));
  return static_cast<std::uint16_t>((*bytes)[0] << 8 | (*bytes)[1]);
}

base::Bytes bytes_of(const json::value& value) {
  auto bytes = base::from_base64(std::string_view(value.as_string()));
  if (!bytes) throw std::runtime_error("not base64");
  return std::move(*bytes);
}

std::string string_of(const json::value& value) {
  return std::string(value.as_string());
}

std::string_view name(KeyUse use) {
  switch (use) {
    case KeyUse::authentication:
      return "authentication";
    case KeyUse::signature:
      return "signature";
    case KeyUse::internal:
      return "internal";
  }
  return "internal";
}

KeyUse use_of(std::string_view text) {
  for (const auto use : {KeyUse::authentication, KeyUse::signature, KeyUse::internal}) {
    if (name(use) == text) return use;
  }
  throw std::runtime_error("not a key's use: " + std::string(text));
}

json::array ids(const std::vector<std::uint16_t>& list) {
  json::array array;
  for (const auto id : list) array.emplace_back(text_of(id));
  return array;
}

std::vector<std::uint16_t> ids_of(const json::value& value) {
  std::vector<std::uint16_t> list;
  for (const auto& id : value.as_array()) list.push_back(id_of(std::string_view(id.as_string())));
  return list;
}

json::object write(const File& file) {
  return {{"content", base::to_base64(file.content)},
          {"record", file.record},
          {"never_readable", file.never_readable},
          {"read_pins", ids(file.read_pins)},
          {"administered", file.administered}};
}

json::object write(const Pin& pin) {
  return {{"salt", base::to_base64(pin.salt)},
          {"digest", base::to_base64(pin.digest)},
          {"max_tries", pin.max_tries},
          {"tries", pin.tries},
          {"change_by_jicsap", pin.change_by_jicsap}};
}

json::object write(const Key& key) {
  return {
      {"private_key", base::to_base64(key.private_key)}, {"use", name(key.use)}, {"pin", text_of(key.pin)}};
}

template <class T>
json::object write_all(const std::map<std::uint16_t, T>& things) {
  json::object object;
  for (const auto& [id, thing] : things) object[text_of(id)] = write(thing);
  return object;
}

File read_file(const json::object& object) {
  return {.content = bytes_of(object.at("content")),
          .record = object.at("record").as_bool(),
          .never_readable = object.at("never_readable").as_bool(),
          .read_pins = ids_of(object.at("read_pins")),
          .administered = object.at("administered").as_bool()};
}

Pin read_pin(const json::object& object) {
  Pin pin{.salt = bytes_of(object.at("salt")),
          .digest = bytes_of(object.at("digest")),
          .max_tries = object.at("max_tries").to_number<int>(),
          .tries = object.at("tries").to_number<int>(),
          .change_by_jicsap = object.at("change_by_jicsap").as_bool()};
  // The counter has to fit into 63Cx.
  if (pin.max_tries < 1 || pin.max_tries > 15 || pin.tries < 0 || pin.tries > pin.max_tries) {
    throw std::runtime_error("tries out of range");
  }
  return pin;
}

Key read_key(const json::object& object) {
  return {.private_key = bytes_of(object.at("private_key")),
          .use = use_of(std::string_view(object.at("use").as_string())),
          .pin = id_of(std::string_view(object.at("pin").as_string()))};
}

template <class T>
std::map<std::uint16_t, T> read_all(const json::value& value, T (*read)(const json::object&)) {
  std::map<std::uint16_t, T> things;
  for (const auto& member : value.as_object()) things[id_of(member.key())] = read(member.value().as_object());
  return things;
}

json::object write(const Application& application) {
  return {{"aid", base::to_hex(application.aid)},     {"name", application.name},
          {"administered", application.administered}, {"opaque", ids(application.opaque)},
          {"files", write_all(application.files)},    {"pins", write_all(application.pins)},
          {"keys", write_all(application.keys)}};
}

Application read_application(const json::object& object) {
  const auto aid = base::from_hex(std::string_view(object.at("aid").as_string()));
  if (!aid || aid->empty()) throw std::runtime_error("not an application identifier");
  return {.aid = *aid,
          .name = string_of(object.at("name")),
          .files = read_all<File>(object.at("files"), read_file),
          .pins = read_all<Pin>(object.at("pins"), read_pin),
          .keys = read_all<Key>(object.at("keys"), read_key),
          .opaque = ids_of(object.at("opaque")),
          .administered = object.at("administered").as_bool()};
}

CardImage read_image(const json::object& object) {
  if (object.at("version").to_number<int>() != format_version)
    throw std::runtime_error("another format's version");
  CardImage image{.kind = string_of(object.at("kind")),
                  .name = string_of(object.at("name")),
                  .atr = bytes_of(object.at("atr")),
                  .terminal_key = bytes_of(object.at("terminal_key")),
                  .applications = {},
                  .data_objects = {}};
  for (const auto& member : object.at("data_objects").as_object()) {
    image.data_objects[id_of(member.key())] = bytes_of(member.value());
  }
  for (const auto& application : object.at("applications").as_array()) {
    image.applications.push_back(read_application(application.as_object()));
  }
  return image;
}

bool write_synced(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return false;
  bool written = true;
  while (written && !text.empty()) {
    const auto count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    written = count > 0;
    if (written) text.remove_prefix(static_cast<std::size_t>(count));
  }
  written = written && ::fsync(file) == 0;
  return ::close(file) == 0 && written;
}

bool sync_folder_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = ::fsync(file) == 0;
  ::close(file);
  return synced;
}

}  // namespace

std::string to_json(const CardImage& image) {
  json::object data_objects;
  for (const auto& [tag, value] : image.data_objects) data_objects[text_of(tag)] = base::to_base64(value);
  json::array applications;
  for (const auto& application : image.applications) applications.emplace_back(write(application));
  const json::object object{{"version", format_version},
                            {"kind", image.kind},
                            {"name", image.name},
                            {"atr", base::to_base64(image.atr)},
                            {"terminal_key", base::to_base64(image.terminal_key)},
                            {"data_objects", std::move(data_objects)},
                            {"applications", std::move(applications)}};
  return json::serialize(object);
}

base::Result<CardImage> from_json(std::string_view text) {
  try {
    return read_image(json::parse(text).as_object());
  } catch (const std::exception& error) {
    return base::make_fault(base::Code::invalid_params, std::string("not a card's state: ") + error.what());
  }
}

base::Result<CardImage> load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::make_fault(base::Code::not_found, "no card's state at " + path);
  return from_json(std::string(std::istreambuf_iterator<char>(file), {}));
}

bool FileMemory::commit(const CardImage& image) {
  const std::string fresh = path_ + ".new";
  return write_synced(fresh, to_json(image)) && std::rename(fresh.c_str(), path_.c_str()) == 0 &&
         sync_folder_of(path_);
}

}  // namespace madoguchi::simulated_card
