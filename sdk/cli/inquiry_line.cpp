#include "inquiry_line.hpp"

namespace madoguchi::cli {

InquiryLine::InquiryLine(CommandTree& tree) : tree_(tree) {
  auto* inquiry = tree_.named(tree_.app, "inquiry", "help.inquiry");
  inquiry->require_subcommand(1);
  add_list(*inquiry);
  tree_.add_case(*tree_.command(*inquiry, "show", "help.inquiry.show",
                                [this] { return show_one_inquiry(tree_.context, id_); }),
                 id_);
  add_letter(*inquiry);
  add_steps(*inquiry);
}

void InquiryLine::add_list(CLI::App& inquiry) {
  auto* list = tree_.command(inquiry, "list", "help.inquiry.list",
                             [this] { return list_inquiries(tree_.context, list_); });
  list->add_option("--office", list_.office, tree_.text("help.inquiry.office"));
  list->add_option("--phase", list_.phase, tree_.text("help.inquiry.phase"))
      ->check(
          CLI::IsMember({"to_mail", "mailed", "returned", "lapsed", "second_visit", "overdue", "lapsing"}));
  list->add_option("--within-days", list_.within_days, tree_.text("help.inquiry.within_days"))
      ->check(CLI::Range(0, 365));
}

void InquiryLine::add_letter(CLI::App& inquiry) {
  auto* letter = tree_.command(inquiry, "letter", "help.inquiry.letter", [this] {
    letter_.id = id_;
    return print_inquiry(tree_.context, letter_);
  });
  tree_.add_case(*letter, id_);
  tree_.add_sheet(*letter, letter_.sheet);
  letter->add_option("--holder", letter_.holder, tree_.text("help.inquiry.holder"))->type_name("JSON|@FILE");
  tree_.add_day(*letter, "--return-by", letter_.return_by, "help.inquiry.return_by");
  letter->add_option("--letter-number", letter_.letter_number, tree_.text("help.inquiry.letter_number"));
  letter
      ->add_option("--template-version", letter_.template_version,
                   tree_.text("help.inquiry.template_version"))
      ->capture_default_str();
  letter->add_flag("--anew", letter_.anew, tree_.text("help.inquiry.anew"));
  tree_.add_staff(*letter, letter_.staff);
}

void InquiryLine::add_steps(CLI::App& inquiry) {
  auto* mailed = add_step(inquiry, "mailed", "help.inquiry.mailed");
  tree_.add_day(*mailed, "--on", step_.on, "help.inquiry.on");
  tree_.add_day(*mailed, "--return-by", step_.return_by, "help.inquiry.return_by");
  mailed->add_flag("--again", step_.again, tree_.text("help.inquiry.again"));
  auto* returned = add_step(inquiry, "returned", "help.inquiry.returned");
  tree_.add_day(*returned, "--on", step_.on, "help.inquiry.on");
  add_step(inquiry, "lapsed", "help.inquiry.lapsed");
}

CLI::App* InquiryLine::add_step(CLI::App& inquiry, const char* verb, Key help) {
  auto* step = tree_.command(inquiry, verb, help, [this, verb] {
    step_.id = id_;
    return record_inquiry(tree_.context, verb, step_);
  });
  tree_.add_case(*step, id_);
  tree_.add_staff(*step, step_.staff);
  return step;
}

}  // namespace madoguchi::cli
