// What a visitor is told before they go, in their words: what to bring, when and where, and from when it
// works.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "context.hpp"

namespace madoguchi::cli {

// A day or a time of the daemon's as it is said to a visitor; what is neither stays as it is.
std::string spoken_time(Lang lang, std::string_view time);
// "18:45" of a time of the daemon's.
std::string clock_of(std::string_view time);

struct NextTime {
  std::int64_t proof_months = 0;  // how old a representative's proof may be; 0: not known
  bool begun = false;             // the case has, so that it goes on and nothing is applied for
};
// Everything that is needed the next time, so that nobody comes a third time.
std::vector<std::string> things_to_bring(Lang lang, const boost::json::object& facts,
                                         const boost::json::object& decision, NextTime next = {});

// Does any finding have it?
bool any_of_severity(const boost::json::object& decision, std::string_view severity);

bool has_finding(const boost::json::object& decision, std::string_view code);

// Whoever represents nobody by law comes as a proxy does.
bool comes_as_proxy(const boost::json::object& facts, const boost::json::object& decision);

// Once no more can be done today; `facts` and `decision` may be of a case or of a refusal to open one.
void tell_about_next_time(const Context& context, client::Client& client, const boost::json::object& facts,
                          const boost::json::object& decision, bool begun = false);

// The same of a case, of which some may be done: of the rest.
void tell_about_next_time(const Context& context, client::Client& client, const boost::json::object& visit);
// The certificates' last day, the office and its telephone, beside whatever else is told.
void tell_until_when_and_where(const Context& context, client::Client& client,
                               const boost::json::object& visit);
// Has any of its certificates been begun with, or is done?
bool has_touched_card(const boost::json::object& visit);
// The case's decision without what is done: PINs that are lost are set anew.
boost::json::object decision_of_rest(const boost::json::object& visit);
// Forgotten or locked, as the case has it.
bool is_lost(const boost::json::object& visit, std::string_view pin);

// Of a completed case: which service works from when.
void tell_what_works(const Context& context, client::Client& client, const std::string& id);

}  // namespace madoguchi::cli
