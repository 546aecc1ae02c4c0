#include "visitor_line.hpp"

#include "documents.hpp"

namespace madoguchi::cli {

void add_documents(CommandTree& tree, CLI::App& to, std::vector<std::string>& documents) {
  const auto is_one = [&tree](const std::string& given) {
    return document_named(given) ? std::string() : tree.text("usage.document");
  };
  to.add_option("--document", documents, tree.text("help.document"))
      ->delimiter(',')
      ->type_name("TYPE[@YYYY-MM-DD][:copy]")
      ->check(is_one);
}

namespace {

void add_pin_names(CommandTree& tree, CLI::App& to, const char* name, std::vector<std::string>& pins,
                   Key help) {
  to.add_option(name, pins, tree.text(help))
      ->delimiter(',')
      ->check(CLI::IsMember({"authentication", "signature", "resident_register"}));
}

}  // namespace

void add_forgotten(CommandTree& tree, CLI::App& to, std::vector<std::string>& forgotten) {
  add_pin_names(tree, to, "--forgotten", forgotten, "help.forgotten");
}

void add_set_anew(CommandTree& tree, CLI::App& to, std::vector<std::string>& set_anew) {
  add_pin_names(tree, to, "--set-anew", set_anew, "help.set_anew");
}

CLI::Option* add_representative(CommandTree& tree, CLI::App& to, RepresentativeOptions& who) {
  auto* by_law = to.add_flag("--legal-representative", who.has_come, tree.text("help.representative"));
  to.add_option("--relationship", who.relationship, tree.text("help.relationship"))
      ->check(CLI::IsMember({"parent", "guardian", "other"}))
      ->needs(by_law);
  const auto either = [&](const char* name, std::optional<bool>& told, bool value, Key help) {
    return to
        .add_flag_callback(
            name, [&told, value] { told = value; }, tree.text(help))
        ->needs(by_law);
  };
  auto* same = either("--same-household", who.same_household, true, "help.same_household");
  either("--other-household", who.same_household, false, "help.other_household")->excludes(same);
  auto* here = either("--domicile-in-city", who.domicile_in_city, true, "help.domicile_in_city");
  either("--domicile-elsewhere", who.domicile_in_city, false, "help.domicile_elsewhere")->excludes(here);
  return by_law;
}

void add_visitor(CommandTree& tree, CLI::App& renew, CLI::Option& proxy, RenewOptions& options) {
  auto& who = options.representative;
  add_representative(tree, renew, who)->excludes(&proxy);
  // Of a ward who has come alone, too.
  renew.add_flag_callback(
      "--adult-ward", [&who] { who.adult_ward = true; }, tree.text("help.adult_ward"));
  renew.add_flag("--no-card", options.no_card, tree.text("help.no_card"));
  add_forgotten(tree, renew, options.forgotten);
  renew.add_flag("--pins-only", options.pins_only, tree.text("help.pins_only"));
}

void add_todays_visitor(CommandTree& tree, CLI::App& resume, CLI::Option& second_visit,
                        VisitorOptions& visitor) {
  resume.add_flag("--another-visitor", visitor.another, tree.text("help.another_visitor"));
  auto* holder = resume.add_flag("--in-person", visitor.in_person, tree.text("help.in_person"));
  auto* proxy = resume.add_flag("--proxy", visitor.proxy, tree.text("help.proxy"));
  auto* by_law = add_representative(tree, resume, visitor.representative);
  by_law->excludes(holder)->excludes(proxy)->excludes(&second_visit);
  holder->excludes(proxy)->excludes(&second_visit);
  resume
      .add_flag_callback(
          "--adult-ward", [&visitor] { visitor.representative.adult_ward = true; },
          tree.text("help.adult_ward"))
      ->needs(by_law);
}

}  // namespace madoguchi::cli
