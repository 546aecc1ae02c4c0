// When a reply form (照会書兼回答書) is good: sealed, and in date by its source.
#pragma once

#include <madoguchi/section.hpp>
#include <madoguchi/visit.hpp>
#include <optional>
#include <string>
#include <vector>

namespace proxy_two_visit {

using namespace madoguchi::plugin;

struct Flaws {
  bool expired = false;
  bool unsealed = false;
  [[nodiscard]] int count() const { return int{expired} + int{unsealed}; }
};

class FormRule {
 public:
  // `inquiry`: the city asks the holder by post before a PIN is initialised, which brings such a form even
  // where none is required otherwise.
  static FormRule read(Section& section, const City& city, bool inquiry);

  [[nodiscard]] const std::string& document() const { return document_; }
  [[nodiscard]] bool required() const { return required_; }
  [[nodiscard]] bool sealed() const { return sealed_; }

  // A form of which nobody said where it came from: at a second visit it is the one that the city posted
  // after the first.
  static bool from_city(const Visit& visit, const Document& form);

  // Of the form with the fewest, among those whose source counts; nothing when there is none.
  [[nodiscard]] std::optional<Flaws> best(const Visit& visit) const;
  // The same among those that the city posted, whether they count otherwise or not.
  [[nodiscard]] std::optional<Flaws> best_of_city(const Visit& visit) const;
  // Those that the city posted and that are good.
  [[nodiscard]] std::vector<Document> answers(const Visit& visit) const;
  // There is one that came with the notice, counts and is good.
  [[nodiscard]] bool of_notice(const Visit& visit) const;
  // 公的個人認証法施行規則 art. 5 (2): who reports a move for their household needs no answer of the
  // holder's.
  [[nodiscard]] bool waived(const Visit& visit) const;
  // The forms that were shown, as facts, to tell one attempt from another.
  [[nodiscard]] json::array shown(const json::object& facts) const;
  // The same, typed.
  [[nodiscard]] std::vector<Document> shown(const Visit& visit) const;
  // The last day of a form that the city issues on that day; nothing where the city's rules have no term.
  [[nodiscard]] std::optional<Date> term_from(Date issued_on) const;
  // The same in days; nothing likewise.
  [[nodiscard]] std::optional<int> term_days() const { return city_valid_days_; }

 private:
  [[nodiscard]] std::optional<Date> last_day(const Visit& visit, const Document& form) const;
  [[nodiscard]] bool end_unread(const Visit& visit, const Document& form) const;
  [[nodiscard]] Flaws flaws(const Visit& visit, const Document& form) const;
  template <class Counts>
  [[nodiscard]] std::optional<Flaws> best_where(const Visit& visit, const Counts& counts) const;

  void read_sources(Section& section);

  bool required_ = true;
  bool from_notice_ = true;
  bool from_city_ = true;
  bool endless_ = false;  // one without a day on it
  std::string document_;
  std::string waived_with_;
  bool sealed_ = true;
  bool notice_ends_with_certificate_ = true;
  std::optional<int> city_valid_days_;
};

}  // namespace proxy_two_visit
