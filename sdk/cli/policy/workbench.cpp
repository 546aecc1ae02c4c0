#include "workbench.hpp"

#include <algorithm>
#include <fstream>

#include "base/json.hpp"

namespace madoguchi::policy_tools {

namespace fs = std::filesystem;

base::Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || fs::is_directory(path))
    return base::make_fault(base::Code::not_found, path + ": cannot be opened");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

namespace {

std::vector<std::string> files_of(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with("policy") && name.ends_with(".yaml")) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::optional<Opened> open_policy(const Setting& setting, const std::string& path) {
  Opened opened;
  for (const auto& file : files_of(path)) {
    auto text = read_file(file);
    if (!text) {
      setting.err << text.error().inner << "\n";
      return std::nullopt;
    }
    opened.texts.push_back({file, std::move(*text)});
  }
  if (opened.texts.empty()) {
    setting.err << path << ": no policy*.yaml in this folder\n";
    return std::nullopt;
  }
  opened.book = settings::load_policy_book(opened.texts, read_file);
  return opened;
}

std::optional<Opened> open_valid_policy(const Setting& setting, const std::string& path) {
  auto opened = open_policy(setting, path);
  if (!opened || opened->book.value) return opened;
  say(setting.err, opened->book.complaints, "error");
  return std::nullopt;
}

Rules& VersionRules::of(const policy::Policy& version) {
  auto& rules = rules_[&version];
  if (!rules) rules = std::make_unique<Rules>(setting_, version);
  return *rules;
}

policy::Outlook VersionRules::outlook(base::Date day, const policy::Policy& version,
                                      const policy::Policy& changed) {
  if (book_.versions.size() == 1) return {};
  return {[this, year = day.year(), &version, &changed](base::Date then) -> policy::DayRules {
            const auto found = book_.on(then);
            if (!found) return {};
            if (found->get() == &version) return {&changed, nullptr};
            auto& rules = of(**found);
            if (!rules.complaints().empty()) return {};
            const auto changes = rules.schedule(year);
            return changes ? policy::DayRules{found->get(), *changes} : policy::DayRules{};
          },
          {}};
}

void say(std::ostream& to, const std::vector<settings::Complaint>& complaints, std::string_view kind) {
  for (const auto& complaint : complaints) to << to_text(complaint) << " [" << kind << "]\n";
}

std::optional<boost::json::value> read_json(const Setting& setting, const std::string& file_or_text) {
  const bool itself = file_or_text.starts_with('{');
  auto text = itself ? base::Result<std::string>(file_or_text) : read_file(file_or_text);
  if (!text) {
    setting.err << text.error().inner << "\n";
    return std::nullopt;
  }
  boost::json::value value;
  const auto wrong = base::parse_json(*text, value);
  if (!wrong) return value;
  setting.err << (itself ? "the facts" : file_or_text) << ": " << wrong->problem << " (byte " << wrong->offset
              << ")\n";
  return std::nullopt;
}

std::string text_of(const Setting& setting, const policy::Text& text) {
  return setting.language == Language::ja ? text.ja : text.en;
}

std::string place_of(const policy::Rule& rule) {
  if (rule.origin.file.empty()) return rule.key;
  return rule.key + " (" + rule.origin.file + ":" + std::to_string(rule.origin.line) + ":" +
         std::to_string(rule.origin.column) + ")";
}

}  // namespace madoguchi::policy_tools
