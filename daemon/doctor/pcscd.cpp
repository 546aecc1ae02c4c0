#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "doctor/examinations.hpp"

namespace madoguchi::doctor {
namespace {

namespace json = boost::json;

// 0, or errno.
int connects(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return ENAMETOOLONG;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const int error =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
  ::close(fd);
  return error;
}

Finding service(const std::string& socket, const smartcard::Survey& survey) {
  json::object facts{{"path", socket}};
  if (survey.service == smartcard::Survey::Service::runs) return {State::ok, "pcscd.ok", std::move(facts)};
  const int error = connects(socket);
  if (error == EACCES) return {State::wrong, "pcscd.no_permission", std::move(facts)};
  if (error != 0) {
    facts["why"] = socket + ": " + std::generic_category().message(error);
    return {State::wrong, "pcscd.not_running", std::move(facts)};
  }
  // It listens, and does not serve this user.
  if (survey.service == smartcard::Survey::Service::refuses)
    return {State::wrong, "pcscd.polkit", std::move(facts)};
  facts["why"] = survey.why;
  return {State::wrong, "pcscd.not_running", std::move(facts)};
}

}  // namespace

std::filesystem::path pcscd_socket() {
  // As libpcsclite chooses it.
  const char* named = std::getenv("PCSCLITE_CSOCK_NAME");
  return named != nullptr ? named : "/run/pcscd/pcscd.comm";
}

void examine_readers(const std::filesystem::path& socket, const smartcard::Survey& survey, const Tell& tell) {
  tell(service(socket.string(), survey));
  if (survey.service != smartcard::Survey::Service::runs) return;
  if (survey.readers.empty()) return tell({State::wrong, "reader.none", {}});
  tell({State::ok, "reader.ok", {{"count", survey.readers.size()}}});
  bool card = false;
  for (const auto& reader : survey.readers) {
    if (reader.mute) {
      tell({State::attention, "card.mute", {{"reader", reader.name}}});
    } else if (reader.present) {
      tell({State::ok, "card.ok", {{"reader", reader.name}}});
    }
    card = card || reader.mute || reader.present;
  }
  if (!card) tell({State::ok, "card.none", {}});
}

}  // namespace madoguchi::doctor
