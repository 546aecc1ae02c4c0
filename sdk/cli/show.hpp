// The daemon's documents in words for a clerk.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "context.hpp"

namespace madoguchi::cli {

// Words of the socket's as one text, each as word() has it.
std::string joined(const Context& context, const boost::json::array& words, std::string_view family);
std::string certificate_name(const Context& context, std::string_view name);
std::string pin_name(const Context& context, std::string_view name);
// "3 tries left", "locked", "the last try".
std::string tries_text(const Context& context, std::int64_t tries);

void show_reader(const Context& context, const boost::json::object& reader);
void show_card(const Context& context, const boost::json::object& card);
// A certificate as the card has it. The signature certificate's dates are known only after its PIN.
void show_on_card(const Context& context, std::string_view name, const boost::json::object& certificate);
// `facts`: of the visit, as far as they are known.
void show_decision(const Context& context, const boost::json::object& decision,
                   const boost::json::object& facts = {});
// The same of a case; nothing where it has none.
void show_decision_of(const Context& context, const boost::json::object& visit);
// One line, for lists.
void show_case_line(const Context& context, const boost::json::object& visit);
// All of it.
void show_case(const Context& context, const boost::json::object& visit);
// Each certificate's old and new last day.
void show_certificates(const Context& context, const boost::json::object& visit);
// At the official terminal: what is to be done there, and what the card has proved.
void show_terminal(const Context& context, const boost::json::object& visit);
void show_attention(const Context& context, const boost::json::object& visit);
// "[3/8] authentication certificate: the card made a new key".
std::string progress_text(const Context& context, const client::Event& event);

}  // namespace madoguchi::cli
