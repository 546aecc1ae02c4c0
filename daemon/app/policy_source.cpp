#include "policy_source.hpp"

#include <algorithm>

#include "files.hpp"

namespace madoguchi::app {
namespace {

using base::Code;
using base::make_fault;
namespace fs = std::filesystem;

base::Fault unreadable(std::string why) {
  boost::json::array complaints{boost::json::string(why)};
  return make_fault(Code::policy_invalid, std::move(why), {{"complaints", std::move(complaints)}});
}

base::Result<std::vector<settings::PolicyText>> policy_texts(const fs::path& path) {
  std::vector<fs::path> files{path};
  std::error_code error;
  if (fs::is_directory(path, error)) {
    files.clear();
    for (const auto& entry : fs::directory_iterator(path, error)) {
      const auto name = entry.path().filename().string();
      if (name.starts_with("policy") && name.ends_with(".yaml")) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    if (files.empty()) return unreadable(path.string() + ": no policy*.yaml in this folder");
  }
  std::vector<settings::PolicyText> texts;
  for (const auto& file : files) {
    auto text = read_text(file);
    if (!text) return unreadable(text.error().inner);
    texts.push_back({file.string(), std::move(*text)});
  }
  return texts;
}

base::Result<settings::PolicyBook> load(const PolicySource& source, const settings::ReadFile& read) {
  auto book = settings::load_policy_book(source.texts, read);
  if (!book.value) return invalid_policy(book.complaints);
  return std::move(*book.value);
}

}  // namespace

base::Fault invalid_policy(const std::vector<settings::Complaint>& complaints) {
  boost::json::array listed;
  std::string all;
  for (const auto& complaint : complaints) {
    listed.emplace_back(to_text(complaint));
    all.append(all.empty() ? "" : "\n").append(to_text(complaint));
  }
  return make_fault(Code::policy_invalid, std::move(all), {{"complaints", std::move(listed)}});
}

base::Result<ReadPolicy> read_policy(const fs::path& path) {
  ReadPolicy all;
  all.source.path = path.string();
  auto texts = policy_texts(path);
  if (!texts) return texts.error();
  all.source.texts = std::move(*texts);
  // A file is read once, however many versions name it: all of them are of the same moment.
  auto& named = all.source.named;
  auto book = load(all.source, [&](const std::string& file) -> base::Result<std::string> {
    if (const auto known = named.find(file); known != named.end()) return known->second;
    auto text = read_text(file);
    if (text) named.emplace(file, *text);
    return text;
  });
  if (!book) return book.error();
  all.book = std::move(*book);
  return all;
}

base::Result<settings::PolicyBook> load_policy(const PolicySource& source) {
  return load(source, [&](const std::string& file) -> base::Result<std::string> {
    const auto found = source.named.find(file);
    if (found == source.named.end()) return make_fault(Code::not_found, file + ": not in the snapshot");
    return found->second;
  });
}

}  // namespace madoguchi::app
