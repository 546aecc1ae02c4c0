// The whole development CA without its network: one folder, one clock, every protocol.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "simulated_ca/cmp_server.hpp"
#include "simulated_ca/faults.hpp"
#include "simulated_issuer/ca_folder.hpp"
#include "simulated_issuer/register.hpp"

namespace madoguchi::simulated_ca {

// For several threads at once; they take turns.
class Service {
 public:
  // `clock` must outlive the service.
  static base::Result<std::unique_ptr<Service>> open(const std::filesystem::path& folder,
                                                     const base::Clock& clock);

  CmpAnswer cmp(base::ByteView request);
  base::Result<base::Bytes> ocsp(base::ByteView request);
  base::Result<base::Bytes> crl(simulated_issuer::Kind kind);
  // See FaultPlan::add(); `order` is JSON text.
  base::Result<void> control(std::string_view order);
  // {faults: [...], received: {cr: 2, ...}}, JSON text.
  [[nodiscard]] std::string state() const;

 private:
  Service(simulated_issuer::CaFolder folder, simulated_issuer::Register issued, const base::Clock& clock)
      : folder_(std::move(folder)), issued_(std::move(issued)), clock_(clock) {}

  mutable std::mutex mutex_;
  simulated_issuer::CaFolder folder_;
  simulated_issuer::Register issued_;
  const base::Clock& clock_;
  FaultPlan faults_;
  std::unique_ptr<CmpServer> cmp_;
};

}  // namespace madoguchi::simulated_ca
