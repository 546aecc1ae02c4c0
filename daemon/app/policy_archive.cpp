#include "policy_archive.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <exception>
#include <iterator>

#include "sealed_file.hpp"

namespace madoguchi::app {
namespace {

using base::Code;
using base::make_fault;
namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view suffix = ".policy";
constexpr std::string_view pointer_name = "last-accepted";
constexpr std::size_t digest_length = 64;

base::Fault damaged(const fs::path& file) {
  return make_fault(Code::storage_unavailable, file.string() + ": damaged; its digest does not fit");
}

json::object to_json(const ReadPolicy& policy) {
  json::array texts;
  for (const auto& [file, text] : policy.source.texts) {
    texts.push_back(json::object{{"file", file}, {"text", text}});
  }
  json::object named;
  for (const auto& [file, text] : policy.source.named) named[file] = text;
  json::array versions;
  for (const auto& version : policy.book.versions) {
    versions.push_back(json::object{{"version", version->version}, {"digest", version->digest}});
  }
  return {{"path", policy.source.path},
          {"texts", std::move(texts)},
          {"named", std::move(named)},
          {"versions", std::move(versions)}};
}

// Throws for another shape: a file may have the digest that it names and still be of another program, or of a
// later version of this one.
PolicySource from_json(const json::object& object) {
  PolicySource source;
  source.path = object.at("path").as_string();
  for (const auto& text : object.at("texts").as_array()) {
    source.texts.push_back(
        {std::string(text.at("file").as_string()), std::string(text.at("text").as_string())});
  }
  for (const auto& [file, text] : object.at("named").as_object()) {
    source.named.emplace(file, std::string(text.as_string()));
  }
  return source;
}

template <class Read>
auto as_shaped(const fs::path& file, const Read& read) -> base::Result<decltype(read())> {
  try {
    return read();
  } catch (const std::exception&) {
    return make_fault(Code::storage_unavailable, file.string() + ": not of the shape that the daemon writes");
  }
}

base::Result<json::object> parsed(const fs::path& file, std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error || !value.is_object()) return damaged(file);
  return std::move(value.get_object());
}

}  // namespace

base::Result<PolicyArchive> PolicyArchive::open(fs::path folder) {
  if (const auto made = make_own_folder(folder); !made) return made.error();
  PolicyArchive archive(std::move(folder));
  archive.look_around();
  return archive;
}

void PolicyArchive::look_around() {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const auto name = entry.path().stem().string();
    if (entry.path().extension() != suffix || name.size() != digest_length) continue;
    const auto object = snapshot(name);
    if (!object) continue;  // damaged: nothing to be had from it
    auto digests = as_shaped(entry.path(), [&] {
      std::set<std::string> all;
      for (const auto& version : object->at("versions").as_array())
        all.emplace(version.at("digest").as_string());
      return all;
    });
    if (digests) versions_[name] = std::move(*digests);
  }
}

base::Result<json::object> PolicyArchive::snapshot(const std::string& name) const {
  const auto file = folder_ / (name + std::string(suffix));
  const auto text = read_own(file);
  if (!text) return text.error();
  if (digest_of(*text) != name) return damaged(file);
  return parsed(file, *text);
}

// Its first line is the digest of the rest.
base::Result<json::object> PolicyArchive::pointer() const {
  const auto file = folder_ / pointer_name;
  const auto text = read_own(file);
  if (!text) return text.error();
  if (text->size() <= digest_length || (*text)[digest_length] != '\n') return damaged(file);
  const auto rest = std::string_view(*text).substr(digest_length + 1);
  if (digest_of(rest) != text->substr(0, digest_length)) return damaged(file);
  return parsed(file, rest);
}

base::Result<std::string> PolicyArchive::snapshot_named(const json::object& pointer) const {
  return as_shaped(folder_ / pointer_name, [&] { return std::string(pointer.at("snapshot").as_string()); });
}

base::Result<void> PolicyArchive::accept(const ReadPolicy& policy, const json::array& plugins) {
  const auto text = json::serialize(to_json(policy));
  const auto name = digest_of(text);
  const auto last = json::serialize(json::object{{"snapshot", name}, {"plugins", plugins}});
  if (const auto known = pointer(); known && json::serialize(*known) == last && snapshot(name)) return {};
  if (!snapshot(name)) {
    const auto written = write_durably(folder_ / (name + std::string(suffix)), text);
    if (!written) return written;
  }
  auto& digests = versions_[name];
  for (const auto& version : policy.book.versions) digests.insert(version->digest);
  return write_durably(folder_ / pointer_name, digest_of(last) + "\n" + last);
}

base::Result<LastAccepted> PolicyArchive::last_accepted() const {
  const auto known = pointer();
  if (!known) return known.error();
  const auto name = snapshot_named(*known);
  if (!name) return name.error();
  const auto object = snapshot(*name);
  if (!object) return object.error();
  return as_shaped(folder_ / (*name + std::string(suffix)), [&] {
    return LastAccepted{from_json(*object), known->at("plugins").as_array()};
  });
}

base::Result<PolicySource> PolicyArchive::holding(const std::string& version_digest) const {
  for (const auto& [name, digests] : versions_) {
    if (!digests.contains(version_digest)) continue;
    const auto object = snapshot(name);
    if (!object) continue;
    auto source = as_shaped(folder_ / (name + std::string(suffix)), [&] { return from_json(*object); });
    if (source) return source;
  }
  return make_fault(Code::not_found, "no stored policy with the digest " + version_digest);
}

void PolicyArchive::keep_only(const std::set<std::string>& version_digests) {
  const auto known = pointer();
  // Without knowing which is the last one, none is removed.
  if (!known) return;
  const auto last = snapshot_named(*known);
  if (!last) return;
  for (auto each = versions_.begin(); each != versions_.end();) {
    const auto& digests = each->second;
    const bool needed =
        each->first == *last || std::any_of(digests.begin(), digests.end(), [&](const std::string& digest) {
          return version_digests.contains(digest);
        });
    std::error_code error;
    if (!needed) fs::remove(folder_ / (each->first + std::string(suffix)), error);
    each = needed || error ? std::next(each) : versions_.erase(each);
  }
}

}  // namespace madoguchi::app
