#include "command_line.hpp"

#include <chrono>
#include <cstdlib>
#include <optional>

#include "audit_line.hpp"
#include "base/calendar.hpp"
#include "care_line.hpp"
#include "command_tree.hpp"
#include "inquiry_line.hpp"
#include "privacy_line.hpp"
#include "queue_line.hpp"
#include "visitor_line.hpp"

namespace madoguchi::cli {
namespace {

// The commands, and the places where their options land.
class CommandLine {
 public:
  CommandLine(Context& context, Output& out) : context_(context), out_(out), tree_(context), app_(tree_.app) {
    app_.set_help_flag("-h,--help", text("help.help"));
    app_.set_version_flag("--version", MADOGUCHI_VERSION, text("help.version"));
    app_.add_option("--socket", context_.socket, text("help.socket"))->type_name("PATH");
    app_.add_option("--lang", lang_, text("help.lang"))->check(CLI::IsMember({"ja", "en"}));
    app_.add_flag("--json")->description(text("help.json"));
    app_.footer(text("help.exit_codes"));
    add_readers();
    add_offices();
    add_expiry();
    add_renew();
    add_cases();
    inquiry_.emplace(tree_);
    add_events();
    queue_.emplace(tree_);
    audit_.emplace(tree_);
    care_.emplace(tree_);
    privacy_.emplace(tree_);
    add_call();
    add_policy();
    add_holidays();
    add_plugin();
    add_completion();
  }

  int run(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() == 0) {
        return show_help(error);
      }
      const int code = refuse(error);
      Output::complain(text("help.more"));
      return code;
    }
    return tree_.chosen();
  }

 private:
  [[nodiscard]] std::string text(Key key) const { return tree_.text(key); }
  CLI::App* named(CLI::App& parent, const char* name, Key help) { return tree_.named(parent, name, help); }
  CLI::App* command(CLI::App& parent, const char* name, Key help, std::function<int()> action) {
    return tree_.command(parent, name, help, std::move(action));
  }
  void add_staff(CLI::App& to, std::string& staff) { tree_.add_staff(to, staff); }

  // What is not understood is named only as far as it cannot be a PIN in the wrong place.
  int refuse(const CLI::ParseError& error) {
    for (const auto& word : app_.remaining(true)) {
      if (word.starts_with("--"))
        return fail_usage(context_, "usage.unknown", {word.substr(0, word.find('='))});
      if (word.starts_with("-")) return fail_usage(context_, "usage.unknown", {word.substr(0, 2)});
      if (app_.get_subcommands().empty()) return fail_usage(context_, "usage.unknown", {word});
      return fail_usage(context_, "usage.too_much");
    }
    if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::RequiredError)) {
      return fail_usage(context_, "usage.bad_value", {error.what()});
    }
    if (app_.get_subcommands().empty()) return fail_usage(context_, "usage.no_command");
    const std::string_view what = error.what();
    return fail_usage(context_, "usage.required", {what.substr(0, what.find(' '))});
  }

  int show_help(const CLI::ParseError& error) {
    out_.raw(dynamic_cast<const CLI::CallForVersion*>(&error) != nullptr ? std::string(error.what()) + "\n"
                                                                         : app_.help());
    return finish(context_);
  }

  CLI::Option* add_form(CLI::App& to, FormOptions& form) {
    auto* source = to.add_option("--form-source", form.source, text("help.form_source"))
                       ->check(CLI::IsMember({"notice", "city", "none"}));
    tree_.add_day(to, "--form-expires", form.expires_on, "help.form_expires")->needs(source);
    auto* sealed = to.add_flag_callback(
        "--sealed", [&form] { form.sealed = true; }, text("help.sealed"));
    to.add_flag_callback(
          "--unsealed", [&form] { form.sealed = false; }, text("help.unsealed"))
        ->excludes(sealed);
    return source;
  }

  void add_pins(CLI::App& to, PinOptions& pins) {
    to.add_flag("--pin-stdin", pins.from_stdin, text("help.pin_stdin"));
    to.add_flag("--pin-pad", pins.at_pad, text("help.pin_pad"));
    to.add_flag("--accept-last-try", pins.accept_last_try, text("help.accept_last_try"));
    to.add_option("--entered-by", pins.entered_by, text("help.entered_by"))
        ->check(CLI::IsMember({"holder", "staff"}));
  }

  void add_readers() {
    command(app_, "readers", "help.readers", [this] { return list_readers(context_); });
    auto* card = command(app_, "card", "help.card", [this] { return show_card_in(context_, card_); });
    card->add_option("READER", card_.reader, text("help.reader"));
    card->add_flag("--with-pin", card_.with_pin, text("help.with_pin"));
    card->add_flag("--status", card_.status, text("help.status"));
    add_staff(*card, card_.staff);
    add_pins(*card, card_.pins);
  }

  void add_offices() {
    auto* offices =
        command(app_, "offices", "help.offices", [this] { return show_offices(context_, office_); });
    offices->add_option("OFFICE", office_.office, text("help.offices.office"));
    offices->add_option("--at", office_.at, text("help.offices.at"))->type_name("RFC3339");
  }

  void add_expiry() {
    auto* expiry = command(app_, "expiry", "help.expiry", [this] { return check_expiry(context_, expiry_); });
    if (const char* office = std::getenv("MADOGUCHI_OFFICE")) expiry_.office = office;
    expiry->add_option("--reader", expiry_.card.reader, text("help.reader"));
    expiry->add_option("--birth-date", expiry_.birth_date, text("help.birth_date"))->type_name("YYYY-MM-DD");
    expiry->add_option("--office", expiry_.office, text("help.office"));
    expiry->add_flag("--proxy", expiry_.proxy, text("help.proxy"));
    tree_.add_day(*expiry, "--card-expires", expiry_.card_expires, "fact.card.expires_on");
    add_staff(*expiry, expiry_.card.staff);
    add_pins(*expiry, expiry_.card.pins);
  }

  void add_renew() {
    auto* made = command(app_, "renew", "help.renew", [this] { return renew(context_, renew_); });
    const char* office = std::getenv("MADOGUCHI_OFFICE");
    if (office != nullptr) renew_.office = office;
    made->add_option("--reader", renew_.reader, text("help.reader"));
    made->add_option("--birth-date", renew_.birth_date, text("help.birth_date"))->type_name("YYYY-MM-DD");
    made->add_option("--office", renew_.office, text("help.office"));
    made->add_option("--wanted", renew_.wanted, text("help.wanted"))
        ->delimiter(',')
        ->check(CLI::IsMember({"signature", "authentication"}));
    tree_.add_day(*made, "--card-expires", renew_.card_expires, "fact.card.expires_on");
    made->add_option("--facts", renew_.facts, text("help.facts"))->type_name("JSON|@FILE");
    made->add_option("--ticket", renew_.ticket, text("help.ticket"))->type_name("NUMBER");
    auto* proxy = made->add_flag("--proxy", renew_.proxy, text("help.proxy"));
    add_form(*made, renew_.form)->needs(proxy);
    add_visitor(tree_, *made, *proxy, renew_);
    add_documents(tree_, *made, renew_.documents);
    made->add_option("--override-reason", renew_.override_reason, text("help.override_reason"));
    made->add_option("--beside", renew_.beside, text("help.beside"))->type_name("CASE");
    add_staff(*made, renew_.staff);
    add_pins(*made, renew_.pins);
  }

  void add_cases() {
    auto* cases = command(app_, "cases", "help.cases", [this] { return list_cases(context_, list_); });
    cases->require_subcommand(0, 1);
    const auto add_list_options = [this](CLI::App& to) {
      to.add_option("--state", list_.states, text("help.state"))->delimiter(',');
      to.add_option("--card", list_.card, text("help.card_number"));
      to.add_option("--limit", list_.limit, text("help.limit"))
          ->check(CLI::Range(1, 500))
          ->capture_default_str();
      to.add_option("--cursor", list_.cursor, text("help.cursor"));
    };
    add_list_options(*cases);
    add_list_options(
        *command(*cases, "list", "help.cases.list", [this] { return list_cases(context_, list_); }));
    const auto add_id = [this](CLI::App* to) { tree_.add_case(*to, id_); };
    add_id(command(*cases, "show", "help.cases.show", [this] { return show_one_case(context_, id_); }));
    add_id(
        command(*cases, "timeline", "help.cases.timeline", [this] { return show_timeline(context_, id_); }));

    auto* receipt = command(*cases, "receipt", "help.cases.receipt", [this] {
      receipt_.id = id_;
      return print_receipt(context_, receipt_);
    });
    add_id(receipt);
    tree_.add_sheet(*receipt, receipt_.sheet);
    receipt->add_flag("--incident", receipt_.incident, text("help.incident"));

    auto* resume = command(*cases, "resume", "help.cases.resume", [this] {
      resume_.id = id_;
      return resume_case(context_, resume_);
    });
    add_id(resume);
    auto* reader = resume->add_option("--reader", resume_.reader, text("help.other_reader"));
    resume->add_flag("--no-card", resume_.no_card, text("help.no_card"))->excludes(reader);
    auto* again = resume->add_flag("--second-visit", resume_.second_visit, text("help.second_visit"));
    add_form(*resume, resume_.form)->excludes(again);
    add_todays_visitor(tree_, *resume, *again, resume_.visitor);
    if (const char* here = std::getenv("MADOGUCHI_OFFICE")) resume_.office_here = here;
    resume->add_option("--office", resume_.office, text("help.other_office"));
    tree_.add_day(*resume, "--card-expires", resume_.card_expires, "fact.card.expires_on");
    resume->add_option("--ticket", resume_.ticket, text("help.ticket"))->type_name("NUMBER");
    resume->add_flag("--retry-pins", resume_.retry_pins, text("help.retry_pins"));
    add_forgotten(tree_, *resume, resume_.forgotten);
    add_set_anew(tree_, *resume, resume_.pins.set_anew);
    add_documents(tree_, *resume, resume_.documents);
    resume->add_option("--override-reason", resume_.override_reason, text("help.override_reason"));
    resume->add_option("--beside", resume_.beside, text("help.beside"))->type_name("CASE");
    add_staff(*resume, resume_.staff);
    add_pins(*resume, resume_.pins);

    auto* cancel = command(*cases, "cancel", "help.cases.cancel",
                           [this] { return cancel_case(context_, id_, reason_, staff_, card_gone_); });
    add_id(cancel);
    cancel->add_option("--reason", reason_, text("help.reason"))->required();
    cancel->add_flag("--card-gone", card_gone_, text("help.card_gone"));
    add_staff(*cancel, staff_);
  }

  void add_events() {
    auto* events = command(app_, "events", "help.events", [this] { return show_events(context_, events_); });
    events->add_flag("-f,--follow", events_.follow, text("help.follow"));
    events->add_option("--topic", events_.topics, text("help.topic"))->delimiter(',');
    events->add_option("--since", events_.since, text("help.since"))->check(CLI::NonNegativeNumber);
  }

  void add_call() {
    auto* call =
        command(app_, "call", "help.call", [this] { return call_method(context_, method_, params_); });
    call->add_option("METHOD", method_, text("help.method"))->required();
    call->add_option("JSON", params_, text("help.params"))->capture_default_str();
  }

  using Tool = std::function<int(const policy_tools::Setting&, policy_tools::Format)>;

  CLI::App* policy_command(CLI::App& parent, const char* name, Key help, Tool tool) {
    return command(parent, name, help,
                   [this, tool = std::move(tool)] { return run_policy_tool(context_, policy_, tool); });
  }

  void add_policy_file(CLI::App& to) {
    to.add_option("POLICY", policy_.policy, text("help.policy.file"))->required()->type_name("PATH");
  }

  void add_policy() {
    auto* policy = named(app_, "policy", "help.policy");
    policy->require_subcommand(1);
    policy->add_option("--plugins", policy_.plugins, text("help.policy.plugins"))->type_name("DIR");
    policy->add_option("--format", policy_.format, text("help.policy.format"))
        ->check(CLI::IsMember({"text", "json", "junit"}))
        ->capture_default_str();
    const auto& o = policy_;
    auto* check = policy_command(*policy, "check", "help.policy.check", [&o](const auto& s, auto format) {
      return policy_tools::check(s, {o.policy, o.config, o.plugins}, format);
    });
    add_policy_file(*check);
    check->add_option("--config", policy_.config, text("help.policy.config"))->type_name("FILE");
    auto* test = policy_command(*policy, "test", "help.policy.test", [&o](const auto& s, auto format) {
      return policy_tools::test(s, {o.paths, o.policy, format, o.coverage});
    });
    test->add_option("PATH", policy_.paths, text("help.policy.tests"))->required();
    test->add_option("--policy", policy_.policy, text("help.policy.under_test"))->type_name("DIR");
    test->add_flag("--coverage", policy_.coverage, text("help.policy.coverage"));
    auto* explain = policy_command(
        *policy, "explain", "help.policy.explain",
        [&o](const auto& s, auto format) { return policy_tools::explain(s, o.policy, o.other, format); });
    add_policy_file(*explain);
    explain->add_option("FACTS", policy_.other, text("help.policy.facts"))
        ->required()
        ->type_name("JSON|FILE");
    add_policy_file(*policy_command(*policy, "show", "help.policy.show", [&o](const auto& s, auto format) {
      return policy_tools::show(s, o.policy, format);
    }));
    auto* diff = policy_command(*policy, "diff", "help.policy.diff", [&o](const auto& s, auto format) {
      return policy_tools::diff(s, o.policy, o.other, format);
    });
    diff->add_option("OLD", policy_.policy, text("help.policy.file"))->required()->type_name("PATH");
    diff->add_option("NEW", policy_.other, text("help.policy.file"))->required()->type_name("PATH");
    auto* replay = policy_command(*policy, "replay", "help.policy.replay", [&o](const auto& s, auto format) {
      return policy_tools::replay(s, o.policy, o.other, format);
    });
    add_policy_file(*replay);
    replay->add_option("CASES", policy_.other, text("help.policy.cases"))->required()->type_name("FILE");
    auto* init = policy_command(*policy, "init", "help.policy.init", [&o](const auto& s, auto) {
      return policy_tools::init(s, o.policy, o.other);
    });
    init->add_option("ID", policy_.policy, text("help.policy.id"))->required();
    init->add_option("FILE", policy_.other, text("help.policy.new_file"))->type_name("FILE");
  }

  void add_holidays() {
    auto* holidays = named(app_, "holidays", "help.holidays");
    holidays->require_subcommand(1);
    const auto this_year = static_cast<int>(
        base::date_in_japan(base::Instant(std::chrono::duration_cast<base::Instant::duration>(
                                std::chrono::system_clock::now().time_since_epoch())))
            .year());
    policy_.first_year = this_year - 1;
    policy_.last_year = this_year + 1;
    const auto& o = policy_;
    auto* import = policy_command(*holidays, "import", "help.holidays.import", [&o](const auto& s, auto) {
      return policy_tools::import_holidays(s, o.other, o.first_year, o.last_year);
    });
    import->add_option("CSV", policy_.other, text("help.holidays.csv"))->required()->type_name("FILE");
    import->add_option("--from", policy_.first_year, text("help.holidays.from"))->capture_default_str();
    import->add_option("--to", policy_.last_year, text("help.holidays.to"))->capture_default_str();
  }

  void add_plugin() {
    auto* plugin = named(app_, "plugin", "help.plugin");
    plugin->require_subcommand(1);
    auto* made =
        command(*plugin, "new", "help.plugin.new", [this] { return new_plugin(context_, name_, folder_); });
    made->add_option("NAME", name_, text("help.plugin.name"))->required();
    made->add_option("DIR", folder_, text("help.plugin.folder"))->required();
    auto* check =
        command(*plugin, "check", "help.plugin.check", [this] { return check_plugin(context_, check_); });
    check->add_option("MANIFEST", check_.manifest, text("help.plugin.manifest"))->required();
    check->add_option("--section", check_.section, text("help.plugin.section"))->type_name("FILE");
    check->add_option("--calls", check_.calls, text("help.plugin.calls"))
        ->check(CLI::Range(10, 10'000'000))
        ->capture_default_str();
    auto* sign =
        command(*plugin, "sign", "help.plugin.sign", [this] { return sign_plugin(context_, sign_); });
    sign->add_option("MANIFEST", sign_.manifest, text("help.plugin.manifest"))->required();
    sign->add_option("--certificate", sign_.certificate, text("help.plugin.certificate"))->required();
    sign->add_option("--key", sign_.key, text("help.plugin.key"))->required();
  }

  void add_completion() {
    auto* completion =
        command(app_, "completion", "help.completion", [this] { return print_completion(context_, app_); });
    completion->add_flag_callback(
        "--methods", [this] { tree_.chosen = [this] { return print_methods(context_); }; },
        text("help.methods"));
  }

  Context& context_;
  Output& out_;
  CommandTree tree_;
  CLI::App& app_;
  std::optional<InquiryLine> inquiry_{};
  std::optional<QueueLine> queue_{};
  std::optional<CareLine> care_{};
  std::optional<AuditLine> audit_{};
  std::optional<PrivacyLine> privacy_{};
  std::string lang_;
  CardOptions card_;
  OfficeOptions office_;
  ExpiryOptions expiry_;
  std::string id_;
  std::string reason_;
  bool card_gone_ = false;
  std::string staff_;
  std::string method_;
  std::string params_ = "{}";
  RenewOptions renew_;
  ResumeOptions resume_;
  ListOptions list_;
  ReceiptOptions receipt_;
  EventOptions events_;
  PolicyOptions policy_;
  std::string name_;
  std::string folder_;
  PluginCheckOptions check_;
  PluginSignOptions sign_;
};

// Known before the arguments are understood, so that a complaint about them has the form that was asked for.
bool wants_json(int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    if (std::string_view(argv[i]) == "--json") return true;
  }
  return false;
}

}  // namespace

int run(int argc, const char* const* argv) {
  const Interrupts interrupts;
  Output out(interrupts, choose_language(argc, argv));
  if (wants_json(argc, argv)) out.use_json();
  Context context{interrupts, out};
  CommandLine line(context, out);
  return line.run(argc, argv);
}

}  // namespace madoguchi::cli
