// madoguchi-ca: the development CA as a program.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>

#include "simulated_ca/http_server.hpp"
#include "simulated_ca/listing.hpp"
#include "simulated_ca/service.hpp"

namespace {

using namespace madoguchi;

class SystemClock final : public base::Clock {
 public:
  [[nodiscard]] base::Instant now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

int complain(const base::Fault& fault) {
  std::cerr << "madoguchi-ca: " << base::describe(fault) << '\n';
  return 1;
}

struct Arguments {
  std::string folder;
  std::uint16_t port = 0;
  std::vector<std::string> faults;
  bool json = false;
  std::string serial;
  int reason = 0;
};

base::Result<simulated_issuer::Register> open_register(const std::string& path) {
  auto folder = simulated_issuer::CaFolder::load(path);
  if (!folder) return folder.error();
  return simulated_issuer::Register::open(*folder);
}

int init(const Arguments& arguments) {
  auto folder = simulated_issuer::CaFolder::create(arguments.folder);
  if (!folder) return complain(folder.error());
  auto issued = simulated_issuer::Register::open(*folder);
  return issued ? 0 : complain(issued.error());
}

int serve(const Arguments& arguments) {
  const SystemClock clock;
  auto service = simulated_ca::Service::open(arguments.folder, clock);
  if (!service) return complain(service.error());
  for (const auto& fault : arguments.faults) {
    if (auto done = (*service)->control(fault); !done) return complain(done.error());
  }
  auto server = simulated_ca::HttpServer::listen(**service, arguments.port);
  if (!server) return complain(server.error());
  std::cout << boost::json::serialize(boost::json::object{{"port", (*server)->port()}}) << std::endl;
  (*server)->run(true);
  return 0;
}

int list(const Arguments& arguments) {
  auto issued = open_register(arguments.folder);
  if (!issued) return complain(issued.error());
  auto entries = issued->all();
  if (!entries) return complain(entries.error());
  boost::json::array rows;
  for (const auto& entry : *entries) {
    if (arguments.json) {
      rows.push_back(simulated_ca::to_json(entry));
    } else {
      std::cout << entry.serial << "  " << simulated_issuer::to_string(entry.kind) << "  "
                << (entry.revocation ? "revoked" : "good") << "  "
                << (entry.registration.confirmed ? "confirmed" : "unconfirmed") << "  until "
                << base::format_date(base::date_in_japan(entry.not_after)) << "  " << entry.subject << '\n';
    }
  }
  if (arguments.json) std::cout << boost::json::serialize(rows) << '\n';
  return 0;
}

int revoke(const Arguments& arguments) {
  auto issued = open_register(arguments.folder);
  if (!issued) return complain(issued.error());
  auto revoked = issued->revoke(arguments.serial, {SystemClock().now(), arguments.reason});
  if (!revoked) return complain(revoked.error());
  std::cout << (*revoked ? "revoked\n" : "revoked before\n");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "A certification authority for development: JPKI's profile, real CMP, OCSP and CRLs, on loopback "
      "only.");
  app.require_subcommand(1);
  Arguments arguments;
  const auto add = [&](const char* name, const char* text) {
    auto* command = app.add_subcommand(name, text);
    command->add_option("DIR", arguments.folder, "the CA's folder")->required();
    return command;
  };
  auto* init_command = add("init", "Make a new CA: keys, certificates, an empty register.");
  auto* serve_command = add("serve", "Answer on 127.0.0.1 until SIGTERM; prints {\"port\": N} when ready.");
  serve_command->add_option("--port", arguments.port, "0: any free one")->capture_default_str();
  serve_command->add_option("--fault", arguments.faults,
                            "misbehave, e.g. '{\"fault\": \"lose_reply\", \"body\": \"cr\"}'");
  auto* issued_command = add("issued", "Everything issued, oldest first.");
  issued_command->add_flag("--json", arguments.json);
  auto* revoke_command = add("revoke", "Revoke a certificate.");
  revoke_command->add_option("SERIAL", arguments.serial, "hexadecimal, lower case")->required();
  revoke_command->add_option("--reason", arguments.reason, "CRLReason (RFC 5280)")->check(CLI::Range(0, 10));
  CLI11_PARSE(app, argc, argv);

  if (init_command->parsed()) return init(arguments);
  if (serve_command->parsed()) return serve(arguments);
  if (issued_command->parsed()) return list(arguments);
  return revoke_command->parsed() ? revoke(arguments) : 1;
}
