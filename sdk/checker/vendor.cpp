// A plugin to start from, and its signature.
#include <algorithm>
#include <fstream>
#include <iterator>

#include "checker/checker.hpp"
#include "extension/manifest.hpp"
#include "extension/signing.hpp"

namespace madoguchi::checker {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::make_fault;

constexpr std::string_view model = "my-rules";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string with_underscores(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// "my-rules" as "MyRules".
std::string as_class(std::string_view name) {
  std::string result;
  bool upper = true;
  for (const char c : name) {
    if (c == '-') {
      upper = true;
    } else {
      result += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      upper = false;
    }
  }
  return result;
}

std::string renamed(std::string text, const std::string& name) {
  const std::string from(model);
  text = replaced(std::move(text), from, name);
  text = replaced(std::move(text), with_underscores(from), with_underscores(name));
  return replaced(std::move(text), as_class(from), as_class(name));
}

base::Result<base::Bytes> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return make_fault(Code::not_found, path.string() + ": cannot be read");
  return base::Bytes{std::istreambuf_iterator<char>(file), {}};
}

base::Result<void> write_file(const fs::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), std::ssize(bytes));
  file.close();
  if (!file) return make_fault(Code::internal, path.string() + ": cannot be written");
  return {};
}

}  // namespace

base::Result<fs::path> sign(const fs::path& manifest, const fs::path& certificate, const fs::path& key) {
  const auto text = read_file(manifest);
  if (!text) return text.error();
  const auto parsed = extension::parse_manifest({reinterpret_cast<const char*>(text->data()), text->size()});
  if (!parsed) return parsed.error();
  // What is signed is the library, through its digest: a stale manifest must not be.
  const auto library = read_file(manifest.parent_path() / parsed->library);
  if (!library) return library.error();
  if (base::to_hex(base::sha256(*library)) != parsed->sha256) {
    return make_fault(Code::conflict,
                      parsed->library + " is not the library that the manifest names; build again");
  }
  if (const auto may = extension::may_sign(certificate, parsed->vendor); !may) return may.error();
  const auto signature = extension::sign_manifest(*text, certificate, key);
  if (!signature) return signature.error();
  fs::path path = manifest.string() + ".p7s";
  const auto written =
      write_file(path, {reinterpret_cast<const char*>(signature->data()), signature->size()});
  if (!written) return written.error();
  return path;
}

base::Result<void> make_new(const fs::path& from, const std::string& name, const fs::path& folder) {
  if (!extension::is_plugin_name(name)) {
    return make_fault(Code::invalid_params, name + ": expected lower-case letters, digits and '-'");
  }
  std::error_code error;
  if (!fs::is_directory(from, error))
    return make_fault(Code::not_found, from.string() + ": no plugin to start from");
  if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    return make_fault(Code::conflict, folder.string() + ": is there already");
  }
  fs::create_directories(folder, error);
  for (const auto& file : fs::directory_iterator(from, error)) {
    const auto text = read_file(file.path());
    if (!text) return text.error();
    const auto into = folder / renamed(file.path().filename().string(), name);
    const auto written = write_file(into, renamed({text->begin(), text->end()}, name));
    if (!written) return written;
  }
  if (error) return make_fault(Code::internal, folder.string() + ": " + error.message());
  return {};
}

}  // namespace madoguchi::checker
