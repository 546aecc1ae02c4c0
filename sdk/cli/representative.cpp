#include "representative.hpp"

#include <chrono>

#include "base/calendar.hpp"
#include "facts.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// 民法 art. 4: below that age parents represent; only somebody older can be an adult ward.
constexpr int adult_at = 18;

base::Date today() {
  return base::date_in_japan(base::Instant(std::chrono::duration_cast<base::Instant::duration>(
      std::chrono::system_clock::now().time_since_epoch())));
}

bool is_adult(const json::object& facts) {
  const auto* holder = object_at(facts, "holder");
  const auto born = holder != nullptr ? base::parse_date(text_at(*holder, "birth_date")) : std::nullopt;
  return born && base::age_on(*born, today()) >= adult_at;
}

bool yes(const Context& context, Key question) {
  const auto answer = ask_for(context, question);
  return answer == "yes" || answer == "はい";
}

void ask(const Context& context, bool adult, RepresentativeOptions& options) {
  if (adult) {
    if (!options.adult_ward) options.adult_ward = yes(context, "ask.adult_ward");
    return;
  }
  if (options.relationship.empty()) {
    const auto answer = ask_for(context, "ask.relationship");
    options.relationship = answer == "1" ? "parent" : answer == "2" ? "guardian" : "other";
  }
  if (!options.same_household) options.same_household = yes(context, "ask.same_household");
  if (!options.domicile_in_city) options.domicile_in_city = yes(context, "ask.domicile_in_city");
}

}  // namespace

int complete_representative(const Context& context, bool may_ask, RepresentativeOptions options,
                            json::object& facts) {
  if (may_ask) ask(context, is_adult(facts), options);
  if (context.interrupts.pending()) return fail(context, client::make_error(client::reasons::interrupted));
  auto& visitor = object_in(facts, "visitor");
  visitor["role"] = "legal_representative";
  if (options.relationship.empty() && options.adult_ward.value_or(false)) options.relationship = "guardian";
  if (!options.relationship.empty()) visitor["relationship"] = options.relationship;
  if (options.same_household) visitor["same_household"] = *options.same_household;
  auto& holder = object_in(facts, "holder");
  if (options.adult_ward) holder["adult_ward"] = *options.adult_ward;
  if (options.domicile_in_city) holder["domicile_in_city"] = *options.domicile_in_city;
  return done;
}

}  // namespace madoguchi::cli
