// A proxy's reply form, and the way from the first visit to the second.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "commands.hpp"

namespace madoguchi::cli {

// Asks the clerk whether there is a form, if nothing was told. Exit code `done`, or that of the complaint.
int ask_for_form(const Context& context, FormOptions& form);
// Whether it is sealed has to be said of every form: one that is not, by mistake, costs another letter.
int complete_form(const Context& context, bool may_ask, FormOptions& form);
// Behind the documents that are there; nothing without a form.
void add_form(const FormOptions& form, boost::json::object& facts);

// What makes a visit the second: visit, first_visit_on and, as the only document so far, the form that was
// posted. Nothing is added once that visit has been received, unless it is `again`, on another day. Exit code
// `done`, or that of the complaint.
int add_second_visit(const Context& context, client::Client& client, const std::string& id, bool sealed,
                     bool again, boost::json::object& facts);

// The exit code when the decision allows no more today than what has been recorded, with what the visitor is
// told before they go.
std::optional<int> not_to_be_done_today(const Context& context, client::Client& client,
                                        const boost::json::object& visit);

// How a PIN of a proxy's that did not match is entered again, where one did not.
void tell_of_slip(const Context& context, const boost::json::object& visit);

// Does the case wait for the holder's answer?
bool waits_for_answer(const boost::json::object& visit);

}  // namespace madoguchi::cli
