// madoguchi-card: makes simulated My Number Cards, puts them into vpcd's readers, and shows what they hold.

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <iostream>
#include <random>

#include "describe.hpp"
#include "runner.hpp"
#include "simulated_card/store.hpp"

namespace {

using namespace madoguchi;
using namespace madoguchi::simulated_card;

constexpr int exit_failed = 1;

int complain(const base::Fault& fault) {
  std::cerr << "madoguchi-card: " << base::describe(fault) << '\n';
  return exit_failed;
}

base::Date today_in_japan() {
  return base::date_in_japan(
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

std::string check_date(const std::string& text) {
  return base::parse_date(text) ? std::string() : "not a date (YYYY-MM-DD): " + text;
}

// `NAME=VALUE` of --pin and --tries.
std::pair<PinKind, std::string> named_value(const std::string& text) {
  const auto equals = text.find('=');
  const auto pin = pin_kind_named(std::string_view(text).substr(0, equals));
  if (!pin || equals == std::string::npos) throw CLI::ValidationError("expected PIN=VALUE: " + text);
  return {*pin, text.substr(equals + 1)};
}

struct MakeOptions {
  std::string ca, citizen, out, layout = "spare", keys;
  std::string today, birth, issued, expires, card_expires;
  std::uint64_t seed = 0;
  std::vector<std::string> pins, tries;
};

Order order_of(const MakeOptions& options, bool seeded) {
  const auto date = [](const std::string& text) {
    return text.empty() ? std::nullopt : base::parse_date(text);
  };
  Order order{.kind = kind_named(options.citizen).value(),
              .today = date(options.today).value_or(today_in_japan()),
              .seed = seeded ? options.seed : std::random_device{}(),
              .birth = date(options.birth),
              .issued_on = date(options.issued),
              .expires_on = date(options.expires),
              .card_expires_on = date(options.card_expires),
              .tries = {},
              .pins = {}};
  for (const auto& text : options.pins) order.pins.insert(named_value(text));
  for (const auto& text : options.tries) {
    const auto [pin, count] = named_value(text);
    int& tries = order.tries[pin] = -1;
    std::from_chars(count.data(), count.data() + count.size(), tries);
  }
  return order;
}

KeySource keys_of(const std::string& folder) {
  return folder.empty() ? generate_rsa_2048 : ready_keys(folder);
}

int make(const MakeOptions& options, bool seeded) {
  const auto folder = simulated_issuer::CaFolder::load(options.ca);
  if (!folder) return complain(folder.error());
  const auto made =
      make_card(*folder, order_of(options, seeded),
                options.layout == "single" ? Layout::single : Layout::spare, keys_of(options.keys));
  if (!made) return complain(made.error());
  if (!FileMemory(options.out).commit(made->image)) {
    return complain(base::make_fault(base::Code::storage_unavailable, "cannot write " + options.out));
  }
  std::cout << boost::json::serialize(describe(*made, options.out)) << '\n';
  return 0;
}

int run(RunOptions options, const std::string& keys, const std::vector<std::string>& specs) {
  FaultPlan faults;
  for (const auto& spec : specs) {
    if (const auto armed = faults.arm(spec); !armed) return complain(armed.error());
  }
  options.keys = keys_of(keys);
  const auto runner = Runner::start(std::move(options), std::move(faults));
  if (!runner) return complain(runner.error());
  (*runner)->run();
  return 0;
}

void print_slot(std::string_view title, const boost::json::object& slot) {
  std::cout << "  " << title << ": ";
  if (slot.at("certificate").is_null()) {
    std::cout << "no certificate";
  } else {
    const auto& certificate = slot.at("certificate").as_object();
    std::cout << certificate.at("issued_on").as_string().c_str() << " to "
              << certificate.at("expires_on").as_string().c_str() << ", serial "
              << certificate.at("serial").as_string().c_str() << ", "
              << certificate.at("subject").as_string().c_str();
  }
  std::cout << (slot.at("key").is_null() ? "; no key" : "; key " + std::string(slot.at("key").as_string()))
            << '\n';
}

int show(const std::string& file, bool as_json) {
  const auto image = load(file);
  if (!image) return complain(image.error());
  const auto card = describe(*image);
  if (as_json) {
    std::cout << boost::json::serialize(card) << '\n';
    return 0;
  }
  std::cout << image->name << ", " << image->kind << '\n';
  for (const auto* key : {"card_number", "card_expires_on", "layout"}) {
    if (const auto* value = card.if_contains(key))
      std::cout << "  " << key << ": " << value->as_string().c_str() << '\n';
  }
  for (const auto& member : card.at("tries").as_object()) {
    std::cout << "  tries left, " << member.key() << ": " << member.value().as_int64() << '\n';
  }
  if (const auto* slots = card.if_contains("slots")) {
    for (const auto& member : slots->as_object()) print_slot(member.key(), member.value().as_object());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Simulated My Number Cards for development and tests. Nobody on them exists.",
               "madoguchi-card");
  app.require_subcommand(1);

  MakeOptions make_options;
  auto* make_command =
      app.add_subcommand("make", "make a card of a synthetic citizen; prints its PINs and dates as JSON");
  const auto kinds = kind_names();
  const CLI::Validator date(check_date, "YYYY-MM-DD");
  make_command->add_option("--ca", make_options.ca, "the development CA's folder")->required();
  make_command->add_option("--citizen", make_options.citizen, "what the counter meets")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(kinds.begin(), kinds.end())));
  make_command->add_option("--out", make_options.out, "the card's state file")->required();
  make_command->add_option("--layout", make_options.layout, "with or without a spare key slot")
      ->check(CLI::IsMember({"spare", "single"}));
  constexpr const char* keys_help = "a folder of keys made beforehand, each to be taken once";
  make_command->add_option("--keys", make_options.keys, keys_help);
  make_command
      ->add_option("--today", make_options.today, "the day that dates are relative to; now by default")
      ->check(date);
  make_command->add_option("--birth", make_options.birth, "the holder's birth")->check(date);
  make_command->add_option("--issued", make_options.issued, "the day card and certificates were made")
      ->check(date);
  make_command->add_option("--expires", make_options.expires, "the certificates' last day")->check(date);
  make_command->add_option("--card-expires", make_options.card_expires, "the card's last day")->check(date);
  make_command
      ->add_option("--pin", make_options.pins,
                   "PIN=VALUE; signature, authentication, resident_register or card_surface_input")
      ->allow_extra_args(false);
  make_command->add_option("--tries", make_options.tries, "PIN=TRIES left")->allow_extra_args(false);
  auto* seed =
      make_command->add_option("--seed", make_options.seed, "same seed, same person, numbers and PINs");

  RunOptions run_options;
  std::vector<std::string> faults;
  std::string run_keys;
  auto* run_command = app.add_subcommand("run", "put the card into a reader of vpcd, until SIGTERM");
  run_command->add_option("--state", run_options.state, "the card's state file")->required();
  run_command->add_option("--port", run_options.port, "the reader's TCP port")->required();
  run_command->add_option("--host", run_options.host, "where pcscd runs")->capture_default_str();
  run_command->add_option("--control", run_options.control,
                          "a Unix socket that takes one JSON object a line");
  run_command->add_option("--log", run_options.log, "commands and answers, without PINs");
  run_command->add_option("--keys", run_keys, keys_help);
  run_command->add_flag("--absent", run_options.absent, "start outside the reader");
  run_command->add_option("--fault", faults, "KIND[:key=value,...]; see README.md")->allow_extra_args(false);

  std::string stocked;
  int stock_count = 0;
  auto* stock_command = app.add_subcommand("stock", "make keys beforehand, for --keys");
  stock_command->add_option("folder", stocked, "where to put them")->required();
  stock_command->add_option("--count", stock_count, "how many")->required()->check(CLI::PositiveNumber);

  std::string shown;
  bool as_json = false;
  auto* show_command = app.add_subcommand("show", "show what a card holds");
  show_command->add_option("file", shown, "the card's state file")->required();
  show_command->add_flag("--json", as_json, "as JSON");

  try {
    app.parse(argc, argv);
    if (make_command->parsed()) return make(make_options, seed->count() > 0);
    if (run_command->parsed()) return run(run_options, run_keys, faults);
    if (stock_command->parsed()) {
      const auto done = stock(stocked, stock_count);
      return done ? 0 : complain(done.error());
    }
    if (show_command->parsed()) return show(shown, as_json);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::cerr << "madoguchi-card: " << error.what() << '\n';
    return exit_failed;
  }
  return 0;
}
