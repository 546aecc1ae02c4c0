// The facts of a case: from the command line, from a file, and from the clerk.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "commands.hpp"

namespace madoguchi::cli {

// What an option gives, a JSON object or @FILE; nothing if that is empty. Exit code `done`, or that of the
// complaint.
int read_object(const Context& context, const std::string& given, Key no_file, Key not_an_object,
                boost::json::object& object);

// A part of the facts, made if it is not there.
boost::json::object& object_in(boost::json::object& facts, std::string_view key);

// Empty, too, when there is nobody to ask.
std::string ask_for(const Context& context, Key prompt);

// The other options over them; office and birth date are asked for where nobody gave them.
int complete_facts(const Context& context, client::Client& client, const RenewOptions& options,
                   boost::json::object& facts);

// Among those of the city, by number or id; empty, too, when there is nobody to ask.
std::string ask_for_office(const Context& context, client::Client& client);

// PINs that the holder does not know any more.
void add_forgotten(const std::vector<std::string>& pins, boost::json::object& facts);

// Does the daemon refuse because a rule leaves it to the clerk, who has given no reason?
bool needs_reason(const client::RpcError& refusal);

// Asks the clerk for the reason without which the daemon refused to go on. False: it refused for another
// cause, there is nobody to ask, or no answer.
bool ask_reason(const Context& context, const client::RpcError& refusal, std::string& reason);

// Asks the clerk for the one fact that the daemon could not use, where that is one which people type. False:
// it is none of those, there is nobody to ask, or no answer.
bool ask_again(const Context& context, client::Client& client, const client::RpcError& refusal,
               boost::json::object& facts);

}  // namespace madoguchi::cli
