// The parts of a policy file, each read by a function of its own.
#pragma once

#include <string>
#include <vector>

#include "policy/policy.hpp"
#include "section.hpp"
#include "settings/policy_file.hpp"

namespace madoguchi::settings {

// Lower-case letters, digits, '-' and '_': ids are written into URLs, file names and front ends.
void read_id(Section& section, std::string& into);

// policy_offices.cpp: phone, fax, url, under the key `contact`.
void read_contact(Section& section, policy::Contact& contact);

// policy_rules.cpp: window, validity, notice, documents, pins, fees
void read_rules(Section& root, policy::Policy& policy);
// policy_offices.cpp
void read_reception(Section& section, policy::ReceptionRule& rule, Need need);
void read_offices(Section& root, policy::Policy& policy);
void read_crowding(Section& root, policy::Policy& policy);
// policy_calendar.cpp; gives the texts of the files that were named
std::string read_calendar(Section& root, policy::Policy& policy, const ReadFile& read);
// policy_words.cpp: availability and texts
void read_availability(Section& root, policy::Policy& policy);
void read_texts(Section& root, policy::Policy& policy);

}  // namespace madoguchi::settings
