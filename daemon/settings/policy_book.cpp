#include "settings/policy_book.hpp"

#include <algorithm>

namespace madoguchi::settings {
namespace {

using Version = std::shared_ptr<const policy::Policy>;

Complaint about(const policy::Policy& policy, const std::string& key, std::string message) {
  const auto at = policy.origin(key);
  return {at.file, {std::max(at.line, 1), std::max(at.column, 1)}, key, std::move(message)};
}

void check_neighbours(const policy::Policy& earlier, const policy::Policy& later,
                      std::vector<Complaint>& complaints) {
  if (earlier.municipality.id != later.municipality.id) {
    complaints.push_back(
        about(later, "municipality.id", "another municipality than in " + earlier.origin("version").file));
  }
  if (earlier.effective_from == later.effective_from) {
    complaints.push_back(about(later, later.effective_from ? "effective_from" : "version",
                               "begins on the same day as " + earlier.origin("version").file));
  } else if (earlier.effective_to && base::add_days(*earlier.effective_to, 1) < *later.effective_from) {
    complaints.push_back(about(later, "effective_from",
                               "nothing is in force between " + base::format_date(*earlier.effective_to) +
                                   " and " + base::format_date(*later.effective_from)));
  }
}

}  // namespace

Version PolicyBook::on(base::Date day) const {
  Version best = versions.front();
  for (const auto& version : versions) {
    if (!version->effective_from || *version->effective_from <= day) best = version;
  }
  return best;
}

Loaded<PolicyBook> load_policy_book(const std::vector<PolicyText>& texts, const ReadFile& read) {
  Loaded<PolicyBook> loaded;
  PolicyBook book;
  for (const auto& [file, text] : texts) {
    auto one = load_policy(text, file, read);
    loaded.complaints.insert(loaded.complaints.end(), one.complaints.begin(), one.complaints.end());
    if (one.value) book.versions.push_back(std::make_shared<const policy::Policy>(std::move(*one.value)));
  }
  std::stable_sort(book.versions.begin(), book.versions.end(), [](const Version& a, const Version& b) {
    return a->effective_from < b->effective_from;  // none at all comes first
  });
  for (std::size_t i = 1; i < book.versions.size(); ++i) {
    check_neighbours(*book.versions[i - 1], *book.versions[i], loaded.complaints);
  }
  if (loaded.complaints.empty() && !book.versions.empty()) loaded.value = std::move(book);
  return loaded;
}

}  // namespace madoguchi::settings
