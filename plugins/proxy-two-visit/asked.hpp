// What the letter asks the holder about.
#pragma once

#include <madoguchi/json.hpp>
#include <madoguchi/visit.hpp>
#include <optional>

#include "rules.hpp"

namespace proxy_two_visit {

namespace json = madoguchi::plugin::json;

// {certificate, action} of the certificates that the visit is about; never empty. Beside the decision's own
// actions: `reset_pin`, where the visit is for that, and `undecided`, where the card has stayed with the
// holder.
json::array asked_certificates(const madoguchi::plugin::Visit& visit);

// As they are asked about by a letter of that last day: what is renewed as long as the certificate is in
// force is a new issuance after its last day, which may be before the letter's.
json::array mandate(json::array certificates, const madoguchi::plugin::Visit& visit,
                    madoguchi::plugin::Date return_by);

// The PINs that the form asks for; nothing where those of its certificates are.
std::optional<json::array> asked_pins(const madoguchi::plugin::Visit& visit);

// The PINs that the holder is asked about beside a renewal, because it needs them and they are forgotten or
// locked; none where the city initialises none for a proxy.
json::array asked_resets(const Rules& rules, const madoguchi::plugin::Visit& visit);

}  // namespace proxy_two_visit
