// What `data.details` of an error may have in it, by reason: a shape `Details.<reason>` beside those of
// answers.
#include <array>
#include <string_view>
#include <utility>

#include "shapes.hpp"

namespace madoguchi::api {
namespace {

// Of several reasons alike. Details may be missing, and so may each member.
constexpr std::string_view place =
    R"("pointer":{"type":"string","description":"RFC 6901, into the parameters"},
  "expected":{"type":"string","description":"what would be right, in English"})";
constexpr std::string_view words =
    R"("ja":{"type":"string","description":"as data.ja"},"en":{"type":"string","description":"as data.en"},)";
constexpr std::string_view next =
    R"("call":{"type":"string","description":"the method with which it can go on"})";
constexpr std::string_view pin = R"("pin":{"enum":["signature","authentication","resident_register"]},
  "tries_left":{"type":"integer","minimum":0},"application":{"type":"string","description":"of the card"},
  "status":{"type":"string","description":"the card's word, hexadecimal"},)";
constexpr std::string_view card = R"("command":{"type":"string","description":"that the card was given"},
  "application":{"type":"string","description":"of the card"},"status":{"type":"string","description":"its word, hexadecimal"})";
constexpr std::string_view plugin = R"("plugin":{"type":"string","description":"its name"})";

struct Row {
  std::string_view reason;
  std::array<std::string_view, 3> members;
};

constexpr std::array rows{
    Row{"parse_error",
        {R"("offset":{"type":"integer","description":"in bytes"},"problem":{"type":"string"})", "", ""}},
    Row{"invalid_request", {place, "", ""}},
    Row{"invalid_params", {place, "", ""}},
    Row{"internal", {R"("incident":{"type":"string","description":"that the log carries"})", "", ""}},
    Row{"forbidden",
        {R"("uid":{"type":"integer","description":"of whoever has connected"},"topic":{"type":"string","description":"that is not theirs"})",
         "", ""}},
    Row{"overloaded",
        {R"("max_message_bytes":{"type":"integer"},"connections":{"type":"integer"},"subscriptions":{"type":"integer"},
           "in_flight":{"type":"integer","description":"the limit that was reached, each of them"})",
         "", ""}},
    Row{"conflict",
        {R"("state":{"type":"string","description":"of the case"},"revision":{"type":"integer","description":"that it has now"},
           "cannot":{"type":"string","description":"what is not possible here: pinpad, typed, write_card, terminal, channel"},
           "entry":{"enum":["pinpad"],"description":"how the PIN is to be entered"},
           "needs":{"type":"string","description":"the parameter without which it does not go on"},
           "unfinished":{"type":"array","items":{"type":"string"},"description":"cases with the same card"},
           "damaged":{"type":"array","items":{"type":"string"},"description":"those among them that cannot be read: they are passed over (beside), and not gone on with"},
           "already":{"type":"string","description":"what has been done"},
           "outcome":{"type":"string","description":"of the decision"},
           "missing":{"type":"array","items":{"type":"string"},"description":"by the decision"},"channel":{"enum":["cmp","terminal"]},
           "certificate":{"enum":["signature","authentication"]},
           "pin":{"enum":["signature","authentication","resident_register"]},
           "differs":{"type":"object","additionalProperties":true},"changed":{"type":"object","additionalProperties":true,"description":"facts, each with what it was and is"},
           "findings":{"type":"array","items":{"type":"string"},"description":"codes that the decision of today has more than that of the case"},
           "plugin":{"type":"string","description":"that has refused"},)",
         words, next}},
    Row{"reader.busy",
        {R"("case":{"type":"string","description":"whose own work it is, which ends by itself"},
           "retry_after_ms":{"type":"integer","description":"after which to try again; absent: not known"})",
         "", ""}},
    Row{"reader.gone", {R"("reader":{"type":"string"})", "", ""}},
    Row{"card.absent", {R"("other_ways":{"$ref":".Words","description":"to find the last day"})", "", ""}},
    Row{"card.unknown", {card, "", ""}},
    Row{"card.refused", {card, "", ""}},
    Row{"card.different",
        {R"("differs":{"type":"array","description":"facts that the first visit told otherwise",
             "items":{"type":"object","properties":{"pointer":{"type":"string","description":"as cases.update takes it"},"told":{"type":"string"},"card":{"type":"string","description":"what it has"}}}},
           "needs":{"enum":["reader","visit"],"description":"the parameter, or the fact, without which the card that lies there is not taken"},)",
         words, next}},
    Row{"pin.required", {pin, words, next}},
    Row{"pin.wrong", {pin, words, ""}},
    Row{"pin.locked",
        {pin, R"("other_ways":{"$ref":".Words","description":"to find the last day"},)", words}},
    Row{"pin.malformed",
        {pin,
         R"("min_length":{"type":"integer"},"max_length":{"type":"integer"},"characters":{"enum":["digits","letters_and_digits"]},)",
         words}},
    Row{"pin.last_try", {pin, words, ""}},
    Row{"pin.tries_changed", {pin, words, ""}},
    Row{"pin.timeout", {pin, words, ""}},
    Row{"pin.cancelled", {pin, words, ""}},
    Row{"policy.blocked",
        {R"("decision":{"$ref":".Decision"},
           "needs":{"enum":["override_reason"],"description":"the parameter without which it does not go on"},
           "changed":{"type":"object","additionalProperties":true,"description":"facts, each with what it was and is"},)",
         words, next}},
    Row{"policy.invalid",
        {R"("complaints":{"type":"array","items":{"type":"string"},"description":"each with its place"})", "",
         ""}},
    Row{"policy.not_in_force",
        {R"("ended_on":{"type":"string","format":"date"},"begins_on":{"type":"string","format":"date"})", "",
         ""}},
    Row{"authority.unreachable",
        {R"("sent":{"type":"boolean","description":"whether the authority may have it"},"certificate":{"enum":["signature","authentication"]},"http_status":{"type":"integer"},)",
         words, next}},
    Row{"authority.rejected",
        {R"("certificate":{"enum":["signature","authentication"]},"status":{"type":"string"},"failure":{"type":"string"},"http_status":{"type":"integer"},)",
         words, next}},
    Row{"authority.mismatch",
        {R"("differs":{"type":"string"},"certificate":{"enum":["signature","authentication"]},"set_aside":{"type":"boolean"},)",
         words, next}},
    Row{"authority.clock",
        {R"("seconds":{"type":"integer"},"certificate":{"enum":["signature","authentication"]})", "", ""}},
    Row{"plugin.failed", {plugin, R"(,"complaints":{"type":"array","items":{"type":"string"}})", ""}},
    Row{"plugin.timeout", {plugin, "", ""}},
};

}  // namespace

void add_error_details(rpc::MethodTable& table) {
  for (const auto& row : rows) {
    std::string schema = R"({"type":"object","properties":{)";
    for (const auto members : row.members) schema.append(members);
    // Rows are put together of pieces that end with a comma where another may follow.
    if (schema.ends_with(',')) schema.pop_back();
    define_shape(table, "Details." + std::string(row.reason), schema.append("}}"));
  }
}

}  // namespace madoguchi::api
