#include "shapes.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <utility>

namespace madoguchi::api {
namespace {

namespace json = boost::json;

// A dot before a name stands for where the shapes are.
constexpr std::array<std::pair<std::string_view, std::string_view>, 19> shapes{{
    {"Words", R"({"type":"object","required":["ja","en"],
      "properties":{"ja":{"type":"string"},"en":{"type":"string"}},"description":"for people, in both languages"})"},
    {"Tries", R"({"type":"object","description":"tries left of each PIN that the card has; 0: locked",
      "properties":{"signature":{"type":"integer"},"authentication":{"type":"integer"},
        "resident_register":{"type":"integer"}}})"},
    {"PolicyUsed", R"({"type":"object","required":["municipality","version","digest"],
      "properties":{"municipality":{"type":"string"},"version":{"type":"string"},
        "digest":{"type":"string","description":"sha256 of the effective policy, in hexadecimal"}}})"},
    {"CertificateDates", R"({"type":"object","required":["serial","expires_on"],
      "properties":{"serial":{"type":"string","description":"hexadecimal"},
        "issued_on":{"type":"string","format":"date"},
        "expires_on":{"type":"string","format":"date","description":"its last day"}}})"},
    {"CertificateStanding", R"({"type":"object","required":["status","source"],
      "properties":{"status":{"enum":["good","revoked","unknown"],"description":"never good by silence"},
        "source":{"enum":["ocsp","crl","none"],"description":"who has said so"},
        "as_of":{"type":"string","format":"date-time","description":"when that was so"},
        "reason":{"type":"string","description":"why it is unknown"},
        "serial":{"type":"string","description":"of a case: whose it is"},
        "ja":{"type":"string"},"en":{"type":"string"}}})"},
    {"CaseCertificate", R"({"type":"object","required":["action","phase","preview_expires_on"],
      "properties":{"action":{"enum":["renew","issue_new"]},
        "phase":{"enum":["planned","key_intended","key_unknown","key_made","request_signed","enrolling","write_intended",
          "written","activation_intended","activation_unknown","in_use","confirming","confirmed","revoking","done",
          "refusing","failed","handed_over"],
          "description":"how far it has come; handed_over: to the official terminal; done: nothing is left to do"},
        "preview_expires_on":{"type":"string","format":"date"},
        "key_to_be_made":{"type":"boolean","description":"one is still to be made, the first or another in place of one that was given up: the day that it is made on decides"},
        "old":{"$ref":".CertificateDates"},"new":{"$ref":".CertificateDates"},
        "proof":{"$ref":".Proof"},
        "differs_from_preview":{"type":"boolean","description":"the new last day is not the one foretold"},
        "confirmation_unclear":{"type":"boolean","description":"the back office has to ask the authority"},
        "revocation_unclear":{"type":"boolean","description":"the back office has to ask the authority"},
        "refusal_unclear":{"type":"boolean","description":"the authority may keep a certificate as good that was given back: the back office has to ask it"}}})"},
    {"Proof", R"({"type":"object","required":["verdict","findings"],
      "description":"what the card has shown of a certificate that the official terminal was to issue",
      "properties":{"verdict":{"enum":["unchanged","not_looked_at","differs","proved"]},
        "findings":{"type":"array","items":{"type":"object","required":["point","ja","en"],
          "properties":{"point":{"type":"string","description":"e.g. unread: only its PIN opens it; unasked: the PIN has yet to show that its key works"},
            "found":{"type":"string"},"expected":{"type":"string"},"ja":{"type":"string"},"en":{"type":"string"}}}},
        "acceptable":{"type":"boolean","description":"cases.issue takes it in `accept`, with a reason"},
        "accepted":{"type":"boolean","description":"a clerk has, without proof"},
        "advice":{"$ref":".Words"}}})"},
    {"TerminalSheet", R"({"type":"object","required":["steps"],
      "description":"what the clerk has to do at the official terminal, in this order",
      "properties":{"handed_over_at":{"type":"string","format":"date-time"},
        "steps":{"type":"array","items":{"type":"object","required":["step","ja","en"],
          "properties":{"step":{"type":"string","description":"e.g. take_card, renew, bring_back"},
            "certificate":{"enum":["signature","authentication"]},
            "pin":{"enum":["signature","authentication","resident_register"]},
            "expires_on":{"type":"string","format":"date","description":"the last day that the new one has to have"},
            "ja":{"type":"string"},"en":{"type":"string"}}}}}})"},
    {"Case", R"({"type":"object",
      "required":["id","revision","state","channel","facts","decision","pins","certificates"],
      "properties":{"id":{"type":"string"},
        "revision":{"type":"integer","description":"another one with every change"},
        "state":{"enum":["open","waiting","ready","issuing","attention","partly_completed","completed","cancelled"]},
        "channel":{"enum":["cmp","terminal"],"description":"who writes the certificates"},
        "opened_at":{"type":"string","format":"date-time"},"updated_at":{"type":"string","format":"date-time"},
        "staff":{"type":"string","description":"who opened it"},
        "facts":{"$ref":".Facts"},"decision":{"$ref":".Decision"},
        "pins":{"type":"object","description":"what has come of each PIN so far; one that nobody has entered is not there",
          "additionalProperties":{"enum":["unverified","matched","mismatched","locked","reset","forgotten"]}},
        "reader":{"type":"string"},
        "card":{"type":"string","description":"the card's identity: the same card has the same one"},
        "certificates":{"type":"object","description":"since the issuing began",
          "properties":{"signature":{"$ref":".CaseCertificate"},"authentication":{"$ref":".CaseCertificate"}}},
        "terminal":{"$ref":".TerminalSheet"},
        "certificate_status":{"type":"object","description":"what the authority says of those that were read of the card, as far as it was asked",
          "properties":{"signature":{"$ref":".CertificateStanding"},"authentication":{"$ref":".CertificateStanding"}}},
        "held_by":{"type":"array","description":"what a case in `waiting` waits for",
          "items":{"type":"object","required":["plugin","ja","en"],"properties":{"plugin":{"type":"string"},
            "ja":{"type":"string"},"en":{"type":"string"}}}},
        "attention":{"type":"object","required":["reason","ja","en","look_at"],
          "description":"what needs a person, and what to look at first",
          "properties":{"reason":{"type":"string","description":"as data.reason of an error"},
            "ja":{"type":"string"},"en":{"type":"string"},"look_at":{"$ref":".Words"}}},
        "cancel_reason":{"type":"string"},
        "card_gone":{"type":"boolean","description":"cancelled as one whose card is lost, broken or replaced"}}})"},
    {"Entry", R"({"type":"object","required":["at","kind","ja","en"],
      "properties":{"at":{"type":"string","format":"date-time"},
        "kind":{"type":"string","description":"e.g. case.opened; new ones may come"},
        "ja":{"type":"string"},"en":{"type":"string"},
        "details":{"type":"object","additionalProperties":true,"description":"by kind, e.g. staff, certificate, pin, reason"}}})"},
    {"Service", R"({"type":"object","required":["service","name","estimate"],
      "description":"with none of available_from, by and immediate there is no information",
      "properties":{"service":{"type":"string"},"name":{"$ref":".Words"},"estimate":{"const":true},
        "available_from":{"type":"string","description":"RFC 3339, or a date where only the day is known"},
        "by":{"type":"string","format":"date","description":"at the latest by the end of that day"},
        "immediate_if_applied_from":{"type":"string","format":"date-time",
          "description":"where it has to be applied for and nobody has said when: applied for from then on it works at once, before then as `by` says"},
        "immediate":{"type":"boolean"}}})"},
    {"Contact", R"({"type":"object","properties":{"phone":{"type":"string"},"fax":{"type":"string"},
        "url":{"type":"string"}}})"},
    {"Office", R"({"type":"object","required":["office","name","kind"],
      "properties":{"office":{"type":"string","description":"its id"},"name":{"$ref":".Words"},
        "kind":{"type":"string","description":"main, centre, branch..."},
        "queue_label":{"$ref":".Words"},"queue_url":{"type":"string"},
        "service_minutes":{"type":"integer"},"daily_limit":{"type":"integer"},"may_close_early":{"type":"boolean"},
        "reservations":{"type":"array","items":{"type":"object","required":["need","how"],
          "properties":{"need":{"type":"string"},"how":{"$ref":".Words"}}}},
        "contact":{"$ref":".Contact"}}})"},
    {"SheetCertificate", R"({"type":"object","required":["certificate","title","done"],
      "properties":{"certificate":{"enum":["signature","authentication"]},"title":{"$ref":".Words"},
        "done":{"type":"boolean"},"serial":{"type":"string"},"issuer":{"type":"string"},
        "issued_on":{"type":"string","format":"date"},"expires_on":{"type":"string","format":"date"},
        "open_questions":{"type":"array","items":{"$ref":".Words"},
          "description":"what the back office still has to ask the authority"},
        "unread":{"type":"boolean","description":"a clerk has accepted it without anybody having read it"},
        "replaces":{"$ref":".CertificateDates"},
        "old":{"$ref":".CertificateDates","description":"where the new one is not done"},
        "on_card":{"$ref":".CertificateDates",
          "description":"where the card came back from the official terminal with another one than was decided: that one"},
        "usable_until":{"type":"string","format":"date",
          "description":"where the new one is not done and nothing was done to the old one: its last day"}}})"},
    {"Sheet", R"({"type":"object","required":["kind","case","title","printed_at","certificates"],
      "properties":{"kind":{"enum":["completed","incident"]},"case":{"type":"string"},"title":{"$ref":".Words"},
        "printed_at":{"type":"string","format":"date-time"},"staff":{"type":"string"},
        "office":{"type":"string"},"office_name":{"$ref":".Words"},"municipality":{"$ref":".Words"},
        "contact":{"$ref":".Contact"},"card":{"type":"string"},
        "certificates":{"type":"array","items":{"$ref":".SheetCertificate"}},
        "remaining":{"$ref":".Words","description":"where a part is done: what the holder does about the rest"},
        "next_opening":{"type":"string","format":"date-time","description":"where a part is done: when the office opens next"},
        "completed_at":{"type":"string","format":"date-time"},"fee_yen":{"type":"integer"},
        "services":{"type":"array","items":{"$ref":".Service"}},"caveat":{"$ref":".Words"},
        "reason":{"type":"object","required":["code","ja","en"],"description":"of an incident: as data.reason of an error",
          "properties":{"code":{"type":"string"},"ja":{"type":"string"},"en":{"type":"string"}}},
        "look_at":{"$ref":".Words","description":"of an incident: what to do first"},
        "timeline":{"type":"array","items":{"$ref":".Entry"},"description":"of an incident"}}})"},
    {"AuditStatement", R"({"type":"object","required":["statement","seq","hash","at","key","signature"],
      "description":"where the log stands, signed with the daemon's key",
      "properties":{"statement":{"enum":["head","base","checkpoint"]},"seq":{"type":"integer"},
        "hash":{"type":"string","description":"of the entry with that number, hexadecimal"},
        "at":{"type":"string","format":"date-time"},"key":{"type":"string","description":"which key"},
        "signature":{"type":"string","description":"base64"}}})"},
    {"Plugin", R"({"type":"object","required":["name","isolate","state","calls","failures"],
      "properties":{"name":{"type":"string"},"isolate":{"enum":["none","process"]},"version":{"type":"string"},
        "vendor":{"type":"string"},"sha256":{"type":"string"},"hooks":{"type":"array","items":{"type":"string"}},
        "signer":{"type":["string","null"],"description":"null: not signed"},
        "state":{"type":"string","description":"ready, or why it is not asked"},
        "calls":{"type":"integer"},"failures":{"type":"integer"},"last_failure":{"type":"string"},
        "methods":{"type":"array","items":{"type":"string"}},"landlock":{"type":"boolean"},
        "resident_bytes":{"type":"integer"},"reason":{"type":"string","description":"why it was refused"}}})"},
    {"PolicyInForce", R"({"type":"object","required":["municipality","version","digest","notices"],
      "properties":{"municipality":{"type":"string"},"version":{"type":"string"},"digest":{"type":"string"},
        "municipality_code":{"type":"string"},"source":{"type":"string"},
        "effective_from":{"type":"string","format":"date"},"effective_to":{"type":"string","format":"date"},
        "notices":{"type":"array","items":{"type":"string"},"description":"remarks about the files, each with its place; none of them keeps the policy from being valid"},
        "offices":{"type":"array","items":{"type":"object","required":["office","name"],
          "properties":{"office":{"type":"string"},"name":{"$ref":".Words"}}}}}})"},
    {"Event", R"({"type":"object","required":["subscription","topic","seq","at","type","data"],
      "description":"params of the notification events.notify",
      "properties":{"subscription":{"type":"integer"},
        "topic":{"enum":["readers","cases","policy","plugins","queue"]},
        "seq":{"type":"integer","description":"over all topics: a subscriber to some of them misses those of the others"},
        "at":{"type":"string","format":"date-time"},
        "type":{"type":"string","description":"of cases: case.opened, case.updated, case.progress, case.attention, case.completed, case.cancelled; of readers: reader.added, reader.removed, card.inserted, card.removed, service.up, service.down, and pin.* of card.check_expiry; a plugin's begin with its name. resync, of any topic: events are lost (data.lost of them, data.reason: overflow or unknown_since), read everything anew; what follows continues after its seq. New types may come"},
        "case":{"type":"string"},"reader":{"type":"string"},
        "data":{"type":"object","additionalProperties":true,"description":"of cases: state where it may have changed; of case.progress: certificate, step, n of `of`, ja, en"}}})"},
}};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// A document of its own becomes a shape among others: its references start elsewhere.
void define_document(rpc::MethodTable& table, std::string_view name, std::string text) {
  replace_all(text, "#/definitions/", "#/components/schemas/" + std::string(name) + "/definitions/");
  auto shape = json::parse(text).as_object();
  shape.erase("$schema");
  // What is required together: with a reader it is the card that tells the rest.
  shape.erase("allOf");
  table.define(name, json::serialize(shape));
}

}  // namespace

void define_shape(rpc::MethodTable& table, std::string_view name, std::string schema) {
  replace_all(schema, R"("$ref":".)", R"("$ref":"#/components/schemas/)");
  table.define(name, schema);
}

void add_shapes(rpc::MethodTable& table) {
  for (const auto& [name, schema] : shapes) define_shape(table, name, std::string(schema));
  add_error_details(table);
  define_document(table, "Facts", facts_document);
  define_document(table, "Decision", decision_document);
}

}  // namespace madoguchi::api
