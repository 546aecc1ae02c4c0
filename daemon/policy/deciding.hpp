// A decision in the making: every rule is a member function that reads facts and policy and says what it
// finds.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"
#include "policy/decision.hpp"

namespace madoguchi::policy {

inline constexpr std::array both_certificates{Certificate::authentication, Certificate::signature};

class Deciding {
 public:
  Deciding(const Policy& policy, const Facts& facts, const Schedule& changes, const Outlook& outlook);
  Decision run(Tracer* tracer);

 private:
  struct Step;
  static const std::array<Step, 21> steps;

  // decide.cpp: who, where, which day
  [[nodiscard]] bool lacks_capacity() const;
  [[nodiscard]] bool passed(const std::optional<base::Date>& last_day) const;
  Finding& say(std::string_view code, std::string_view key, std::initializer_list<Param> params = {});
  [[nodiscard]] bool only_applying() const;
  void channel();
  void new_issuance();
  void residence();
  [[nodiscard]] bool not_told() const;
  void expiry_check();

  // decide_certificates.cpp
  [[nodiscard]] bool in_force(const CertificateFacts& c) const;
  [[nodiscard]] const CertificateFacts& as_taken(Certificate c) const;
  [[nodiscard]] bool pin_tells(Certificate c) const;
  [[nodiscard]] bool barred(Certificate c) const;
  [[nodiscard]] base::Date opens_on(const CertificateFacts& c) const;
  [[nodiscard]] Action action(Certificate c) const;
  [[nodiscard]] bool does(Action action) const;
  [[nodiscard]] bool anything_to_do() const;
  [[nodiscard]] bool issuing() const;
  [[nodiscard]] std::optional<base::Date> authentication_cap() const;
  [[nodiscard]] std::optional<base::Date> counter_day() const;
  [[nodiscard]] bool ends_with_card(Certificate c) const;
  [[nodiscard]] bool held_back() const;
  [[nodiscard]] Until unavailable_until() const;
  void certificate_states();
  void actions();
  void window();
  void nothing_to_do();
  void previews();
  void cap();
  void card();

  // decide_visit.cpp
  void ask_pins();
  [[nodiscard]] std::vector<Pin> judged_pins() const;
  [[nodiscard]] std::vector<Pin> pins_in(std::initializer_list<PinState> states) const;
  [[nodiscard]] std::vector<Pin> lost_for_expiry() const;
  void nothing_to_reset();
  void expiry_check_pins();
  bool expiry_elsewhere();
  [[nodiscard]] bool identity_asked() const;
  [[nodiscard]] int brought(const std::vector<AcceptedDocument>& accepted, Person of) const;
  [[nodiscard]] bool visitor_identified() const;
  [[nodiscard]] bool holder_identified() const;
  void pins();
  void identity();
  void also_brought_by_holder();
  [[nodiscard]] std::optional<base::Date> noticed_end() const;
  void notice();
  void fee();

  // decide_office.cpp
  [[nodiscard]] Service role_service() const;
  [[nodiscard]] std::vector<Service> needed() const;
  [[nodiscard]] bool offers_all(const Office& office) const;
  [[nodiscard]] Text done_elsewhere(bool only_now);
  [[nodiscard]] const Policy& rules_on(base::Date day) const;
  [[nodiscard]] const Calendar& calendar_on(base::Date day) const;
  void told(const Office& office, base::Date day);
  void opening();
  void services();
  void limits();
  [[nodiscard]] std::optional<base::Date> first_bookable(const ReservationRule& rule) const;
  void reservation();
  void crowding();
  void holidays();

  const Policy& policy_;
  const Facts& facts_;
  const Schedule& changes_;
  const Outlook outlook_;
  const Office* office_;
  base::Date day_;
  int minute_;  // of the day
  Role acting_;
  std::optional<base::Date> doubtful_;
  Decision decision_;
};

}  // namespace madoguchi::policy
