// The commands. Each gives the exit code.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "context.hpp"
#include "policy_tools/tools.hpp"

namespace CLI {
class App;
}

namespace madoguchi::cli {

int list_readers(const Context& context);

struct PinOptions {
  bool from_stdin = false;
  bool accept_last_try = false;
  bool at_pad = false;       // those of digits at the reader's own keys, without a question at the terminal
  std::string entered_by{};  // empty: see who_enters()
  std::vector<std::string> set_anew{};  // at the official terminal, as the clerk says
};
// The holder, unless a proxy has come: then the staff, who open the envelope.
std::string who_enters(const PinOptions& options, bool proxy);

struct CardOptions {
  std::string reader{};  // empty: the only one with a card in it
  bool with_pin = false;
  bool status = false;  // asks the authority whether the certificates are good
  std::string staff{};
  PinOptions pins{};
};
int show_card_in(const Context& context, CardOptions options);

// The last days, told to the holder with the PIN.
struct ExpiryOptions {
  std::string office{};
  std::string birth_date{};
  bool proxy = false;
  CardOptions card{};
  std::string card_expires{};  // as printed on one that does not tell it
};
int check_expiry(const Context& context, ExpiryOptions options);

// A proxy's 照会書兼回答書.
struct FormOptions {
  std::string source{};  // notice, city, none; empty: not told
  std::string expires_on{};
  std::optional<bool> sealed{};
};

// Who acts for a child or an adult ward by law; what nobody told stays open.
struct RepresentativeOptions {
  bool has_come = false;
  std::string relationship{};  // parent, guardian, other
  std::optional<bool> same_household{};
  std::optional<bool> domicile_in_city{};  // the holder's
  std::optional<bool> adult_ward{};
};

struct RenewOptions {
  std::string reader{};
  std::string birth_date{};
  std::string office{};
  std::string staff{};
  std::vector<std::string> wanted{};
  std::vector<std::string> documents{};
  std::string facts{};  // a JSON object, or @FILE; the options above win over it
  std::string override_reason{};
  std::vector<std::string> beside{};  // unfinished cases with the same card that are passed over
  std::string ticket{};  // of the waiting line; the reception is judged by the moment when it was taken
  bool proxy = false;
  RepresentativeOptions representative{};
  bool no_card = false;                  // the holder's card was not brought
  bool pins_only = false;                // PINs are set anew and nothing is issued
  std::vector<std::string> forgotten{};  // PINs
  FormOptions form{};
  PinOptions pins{};
  std::string card_expires{};  // as printed on one that does not tell it
};
int renew(const Context& context, RenewOptions options);

// Who has come to go on with a case; nothing told: whoever came before.
struct VisitorOptions {
  bool another = false;  // somebody else in the same role, whom no fact tells apart
  bool in_person = false;
  bool proxy = false;
  RepresentativeOptions representative{};
};

struct ResumeOptions {
  std::string id{};
  std::string reader{};
  std::string staff{};
  std::vector<std::string> documents{};  // seen since; beside those that the case knows of
  std::string override_reason{};
  std::vector<std::string> beside{};  // unfinished cases with the same card that are passed over
  bool second_visit = false;          // then the documents are all that was seen today beside the posted form
  bool no_card = false;               // the holder's card was not brought
  bool retry_pins = false;            // what did not match was a slip
  VisitorOptions visitor{};
  std::string ticket{};       // of the waiting line; the reception is judged by the moment when it was taken
  std::string office{};       // where the case goes on
  std::string office_here{};  // where this machine stands; for a case that is received anew
  std::vector<std::string> forgotten{};  // PINs
  FormOptions form{};
  PinOptions pins{};
  std::string card_expires{};  // as printed on one that does not tell it
};
int resume_case(const Context& context, ResumeOptions options);

struct ListOptions {
  std::vector<std::string> states{};
  std::string card{};
  std::string cursor{};
  int limit = 20;
};
int list_cases(const Context& context, const ListOptions& options);
int show_one_case(const Context& context, const std::string& id);
int show_timeline(const Context& context, const std::string& id);
int cancel_case(const Context& context, const std::string& id, const std::string& reason,
                const std::string& staff, bool card_gone);

// Sheets themselves are made by madoguchi-print (sdk/print).
struct SheetOptions {
  std::string format = "pdf";
  std::string output{};
  std::string templates{};  // a city's own; empty: those that came with the program
};
struct ReceiptOptions {
  std::string id{};
  bool incident = false;
  SheetOptions sheet{};
};
int print_receipt(const Context& context, const ReceiptOptions& options);

// The inquiry by post to the holder for whom a proxy has come (plugin proxy-two-visit).
struct InquiryListOptions {
  std::string office{};
  std::string phase{};   // also `overdue` and `lapsing`, which are phases to the back office
  int within_days = -1;  // -1: not given
};
int list_inquiries(const Context& context, const InquiryListOptions& options);
int show_one_inquiry(const Context& context, const std::string& id);
struct InquiryLetterOptions {
  std::string id{};
  std::string staff{};
  std::string holder{};  // a JSON object, or @FILE; what it lacks is asked for; the daemon is told none of it
  std::string return_by{};
  std::string letter_number{};
  std::string template_version = "1";
  bool anew = false;
  SheetOptions sheet{};
};
int print_inquiry(const Context& context, const InquiryLetterOptions& options);
struct InquiryStepOptions {
  std::string id{};
  std::string staff{};
  std::string on{};
  std::string return_by{};
  bool again = false;
};
// `verb`: mailed, returned or lapsed.
int record_inquiry(const Context& context, std::string_view verb, const InquiryStepOptions& options);

struct AuditExportOptions {
  std::int64_t since = -1;  // -1: not given
  std::string output{};     // empty: standard output
};
int export_audit(const Context& context, const AuditExportOptions& options);
struct AuditVerifyOptions {
  std::string file{};  // an export; empty: the daemon's own log
  std::vector<std::string> keys{};
};
int verify_audit(const Context& context, const AuditVerifyOptions& options);
int show_audit_key(const Context& context);

struct EventOptions {
  std::vector<std::string> topics{};
  std::int64_t since = -1;  // -1: not given
  bool follow = false;
};
int show_events(const Context& context, const EventOptions& options);

int show_queue(const Context& context);
// A clerk's side of the waiting line (plugin queue-board).
struct QueueOptions {
  std::string office{};
  std::string staff{};
  std::string procedure = "renewal";
  std::vector<std::string> only{};  // procedures; empty: all
  std::string ticket{};
  std::string window{};
  bool priority = false;
  bool accept_closed = false;
};
int take_ticket(const Context& context, const QueueOptions& options);
int call_next(const Context& context, const QueueOptions& options);
// `verb`: recall, no_show, serve or withdraw.
int move_ticket(const Context& context, std::string_view verb, const QueueOptions& options);
// Writes queue.json and queue.html into `folder`, each whole or not at all; with `follow` at every change of
// the line, and each minute, until Ctrl-C.
int publish_queue(const Context& context, const std::string& folder, bool follow);

// `params`: a JSON object, or `-` to read it from standard input.
int call_method(const Context& context, const std::string& method, const std::string& params);

struct PolicyOptions {
  std::string policy{};
  std::string other{};  // facts, cases, a second policy ... as the command says
  std::string plugins{};
  std::string config{};  // the daemon's
  std::string format = "text";
  std::vector<std::string> paths{};
  bool coverage = false;
  int first_year = 0;
  int last_year = 0;
};
struct OfficeOptions {
  std::string office{};  // empty: all of them, a line each
  std::string at{};      // RFC 3339; empty: now
};
int show_offices(const Context& context, const OfficeOptions& options);

// Runs what sdk/cli/policy offers and prints what it says.
int run_policy_tool(const Context& context, const PolicyOptions& options,
                    const std::function<int(const policy_tools::Setting&, policy_tools::Format)>& tool);

// `folder` empty or not there yet.
int new_plugin(const Context& context, const std::string& name, const std::string& folder);
struct PluginCheckOptions {
  std::string manifest{};
  std::string section{};  // a file with the JSON of a policy section; empty: {}
  int calls = 2'000;
};
int check_plugin(const Context& context, const PluginCheckOptions& options);
struct PluginSignOptions {
  std::string manifest{};
  std::string certificate{};
  std::string key{};
};
int sign_plugin(const Context& context, const PluginSignOptions& options);

// A script for bash, made from the command line's own description.
int print_completion(const Context& context, const CLI::App& app);
// The daemon's method names, one a line, for completion of `call`.
int print_methods(const Context& context);

// The login name, for calls that act for a person when nobody else is named.
std::string own_name();

}  // namespace madoguchi::cli
