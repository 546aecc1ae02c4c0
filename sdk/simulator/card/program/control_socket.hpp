// A Unix socket that takes one JSON object a line and answers each with one.
#pragma once

#include <poll.h>

#include <boost/json/object.hpp>
#include <functional>
#include <list>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "descriptor.hpp"

namespace madoguchi::simulated_card {

class ControlSocket {
 public:
  using Handler = std::function<boost::json::object(const boost::json::object&)>;

  // Replaces a socket that an earlier run left behind. Readable by this user only.
  static base::Result<ControlSocket> listen(const std::string& path, Handler handler);
  ControlSocket(ControlSocket&&) = default;
  ~ControlSocket();

  // What to wait for; give the same entries back, in this order, after the wait.
  void add_to(std::vector<pollfd>& waits) const;
  void serve(const std::vector<pollfd>& waits, std::size_t first);

 private:
  struct Client {
    Descriptor socket;
    std::string buffer;
  };
  ControlSocket(Descriptor socket, std::string path, Handler handler)
      : socket_(std::move(socket)), path_(std::move(path)), handler_(std::move(handler)) {}
  // false when the client has gone.
  bool serve(Client& client);
  std::string answer(std::string_view line);

  Descriptor socket_;
  std::string path_;
  Handler handler_;
  std::list<Client> clients_;
};

}  // namespace madoguchi::simulated_card
