#include "queue_line.hpp"

#include <cstdlib>

namespace madoguchi::cli {

QueueLine::QueueLine(CommandTree& tree) : tree_(tree) {
  if (const char* office = std::getenv("MADOGUCHI_OFFICE")) options_.office = office;
  auto* queue = tree_.named(tree_.app, "queue", "help.queue");
  queue->require_subcommand(1);
  tree_.command(*queue, "status", "help.queue.status", [this] { return show_queue(tree_.context); });
  add_tickets(*queue);
  add_publishing(*queue);
}

void QueueLine::add_publishing(CLI::App& queue) {
  auto* publish = tree_.command(queue, "publish", "help.queue.publish",
                                [this] { return publish_queue(tree_.context, folder_, follow_); });
  publish->add_option("DIR", folder_, tree_.text("help.queue.folder"))
      ->required()
      ->check(CLI::ExistingDirectory);
  publish->add_flag("-f,--follow", follow_, tree_.text("help.queue.follow"));
}

void QueueLine::add_tickets(CLI::App& queue) {
  auto* take =
      add_desk(queue, "take", "help.queue.take", [this] { return take_ticket(tree_.context, options_); });
  take->add_option("PROCEDURE", options_.procedure, tree_.text("help.queue.procedure"))
      ->capture_default_str();
  take->add_flag("--priority", options_.priority, tree_.text("help.queue.priority"));
  take->add_flag("--accept-closed", options_.accept_closed, tree_.text("help.queue.accept_closed"));
  auto* call =
      add_desk(queue, "call", "help.queue.call", [this] { return call_next(tree_.context, options_); });
  call->add_option("WINDOW", options_.window, tree_.text("help.queue.window"))->required();
  call->add_option("--procedure", options_.only, tree_.text("help.queue.only"))->delimiter(',');
  const auto of_a_ticket = [this, &queue](const char* name, const char* verb, Key help) {
    auto* made =
        add_desk(queue, name, help, [this, verb] { return move_ticket(tree_.context, verb, options_); });
    made->add_option("TICKET", options_.ticket, tree_.text("help.queue.ticket"))->required();
    return made;
  };
  of_a_ticket("recall", "recall", "help.queue.recall")
      ->add_option("--window", options_.window, tree_.text("help.queue.other_window"));
  of_a_ticket("no-show", "no_show", "help.queue.no_show");
  of_a_ticket("served", "serve", "help.queue.served");
  of_a_ticket("gone", "withdraw", "help.queue.gone");
}

CLI::App* QueueLine::add_desk(CLI::App& queue, const char* name, Key help, std::function<int()> action) {
  auto* made = tree_.command(queue, name, help, std::move(action));
  made->add_option("--office", options_.office, tree_.text("help.office"));
  tree_.add_staff(*made, options_.staff);
  return made;
}

}  // namespace madoguchi::cli
