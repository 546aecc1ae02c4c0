// The pieces of a line's canonical form.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace madoguchi::audit {

// Appends `,"key":"value"`, escaped as JSON asks for and no further.
void add_text(std::string& to, std::string_view key, std::string_view value);
// Appends `,"key":digits`.
void add_number(std::string& to, std::string_view key, std::string_view digits);
// A string's member; empty where there is none.
std::string_view text_of(const boost::json::object& object, std::string_view key);
// SHA-256 in hexadecimal.
std::string hash_of(std::string_view text);

}  // namespace madoguchi::audit
