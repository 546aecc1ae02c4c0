#include "extension/manifest.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "reserved.hpp"

namespace madoguchi::extension {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_text = 64;

// Remembers the first thing that is wrong.
class Reader {
 public:
  explicit Reader(const json::object& object, std::string path = {})
      : object_(object), path_(std::move(path)) {}

  std::string text(std::string_view key) {
    const auto* value = find(key);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    if (text == nullptr || text->empty() || text->size() > longest_text) {
      complain(key, "expected a text of 1 to 64 characters");
      return {};
    }
    return std::string(*text);
  }

  std::uint32_t number(std::string_view key) {
    const auto* value = find(key);
    const auto* number = value == nullptr ? nullptr : value->if_int64();
    if (number == nullptr || *number < 0 || *number > 65'535) {
      complain(key, "expected a whole number");
      return 0;
    }
    return static_cast<std::uint32_t>(*number);
  }

  const json::value* find(std::string_view key) {
    known_.push_back(key);
    return object_.if_contains(key);
  }

  void complain(std::string_view key, std::string_view what) {
    if (wrong_.empty()) wrong_.append(path_).append(key).append(": ").append(what);
  }

  // What is wrong, unknown members included; empty if nothing is.
  std::string finish() {
    for (const auto& member : object_) {
      if (std::find(known_.begin(), known_.end(), member.key()) == known_.end())
        complain(member.key(), "unknown");
    }
    return wrong_;
  }

 private:
  const json::object& object_;
  std::string path_;
  std::vector<std::string_view> known_;
  std::string wrong_;
};

Hooks read_hooks(Reader& reader) {
  Hooks hooks;
  const auto* value = reader.find("hooks");
  const auto* list = value == nullptr ? nullptr : value->if_array();
  if (list == nullptr) {
    reader.complain("hooks", "expected a list");
    return hooks;
  }
  for (const auto& item : *list) {
    const auto* text = item.if_string();
    const auto* found =
        text == nullptr ? hook_names.end() : std::find(hook_names.begin(), hook_names.end(), *text);
    if (found == hook_names.end()) {
      reader.complain("hooks", "expected decide, schedule, advance or call");
    } else {
      hooks.add(static_cast<Hook>(found - hook_names.begin()));
    }
  }
  return hooks;
}

void read_abi(Reader& reader, Manifest& manifest) {
  const auto* value = reader.find("abi");
  const auto* abi = value == nullptr ? nullptr : value->if_object();
  if (abi == nullptr) return reader.complain("abi", "expected {major, minor}");
  Reader inside(*abi, "abi.");
  manifest.abi_major = inside.number("major");
  manifest.abi_minor = inside.number("minor");
  if (const auto wrong = inside.finish(); !wrong.empty()) reader.complain("abi", wrong);
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

base::Fault refused(std::string what) {
  return base::make_fault(base::Code::plugin_failed, "manifest: " + std::move(what));
}

}  // namespace

bool is_plugin_name(std::string_view name) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (name.empty() || name.size() > longest_text || !lower(name.front()) || name.back() == '-') return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return lower(c) || (c >= '0' && c <= '9') || c == '-'; });
}

base::Result<Manifest> parse_manifest(std::string_view text) {
  if (text.size() > longest_manifest) return refused("longer than 16 KiB");
  json::value document;
  if (const auto wrong = base::parse_json(text, document)) return refused("not JSON: " + wrong->problem);
  if (!document.is_object()) return refused("not an object");
  Reader reader(document.get_object());
  Manifest manifest;
  manifest.name = reader.text("name");
  manifest.version = reader.text("version");
  manifest.vendor = reader.text("vendor");
  read_abi(reader, manifest);
  manifest.hooks = read_hooks(reader);
  manifest.library = reader.text("library");
  manifest.sha256 = reader.text("sha256");
  if (!is_plugin_name(manifest.name)) reader.complain("name", "expected lower-case letters, digits and '-'");
  if (is_cores_name(manifest.name)) reader.complain("name", "reserved: \"" + manifest.name + ".\" is core's");
  if (manifest.library.find('/') != std::string::npos)
    reader.complain("library", "expected a name without a folder");
  if (!is_digest(manifest.sha256)) reader.complain("sha256", "expected 64 digits in lower-case hexadecimal");
  if (auto wrong = reader.finish(); !wrong.empty()) return refused(std::move(wrong));
  return manifest;
}

}  // namespace madoguchi::extension
