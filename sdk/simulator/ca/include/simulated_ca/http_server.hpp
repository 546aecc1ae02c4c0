// The development CA on loopback: POST /pkix/, POST /ocsp, GET /crl/<kind>, GET and POST /control.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.hpp"
#include "simulated_ca/service.hpp"

namespace madoguchi::simulated_ca {

class HttpServer {
 public:
  // Listens on 127.0.0.1 and nowhere else; port 0: any free one. conflict when the port is taken. `service`
  // must outlive the server.
  static base::Result<std::unique_ptr<HttpServer>> listen(Service& service, std::uint16_t port);
  virtual ~HttpServer() = default;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  // Serves on a few threads until stop(), or with `signals` until SIGINT or SIGTERM; connections are then
  // closed.
  virtual void run(bool signals) = 0;
  // From any thread.
  virtual void stop() = 0;
};

}  // namespace madoguchi::simulated_ca
