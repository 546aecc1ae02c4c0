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
  }
}

// A version that ends while another is in force leaves no gap.
void check_gaps(const policy::Versions& versions, std::vector<Complaint>& complaints) {
  for (std::size_t i = 1; i < versions.size(); ++i) {
    const auto& later = *versions[i];
    if (!later.effective_from) continue;
    const policy::Versions earlier(versions.begin(), versions.begin() + static_cast<std::ptrdiff_t>(i));
    if (policy::in_force(earlier, base::add_days(*later.effective_from, -1))) continue;
    const auto& last = *earlier[policy::nearest(earlier, base::add_days(*later.effective_from, -1))];
    // Several that begin on the same day are complained about already.
    if (!last.effective_to || *last.effective_to >= *later.effective_from) continue;
    complaints.push_back(about(later, "effective_from",
                               "nothing is in force between " + base::format_date(*last.effective_to) +
                                   " and " + base::format_date(*later.effective_from)));
  }
}

}  // namespace

base::Result<Version> PolicyBook::on(base::Date day) const {
  const auto index = policy::in_force(versions, day);
  if (!index) return index.error();
  return versions[*index];
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
  check_gaps(book.versions, loaded.complaints);
  if (loaded.complaints.empty() && !book.versions.empty()) loaded.value = std::move(book);
  return loaded;
}

}  // namespace madoguchi::settings
