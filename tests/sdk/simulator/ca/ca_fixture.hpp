// A CA folder of the test's own (a copy: its keys are made once a build), one holder with both certificates,
// and restarts.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "../../../temporary_folder.hpp"
#include "simulated_ca/cmp_server.hpp"
#include "simulated_issuer/ca_folder.hpp"
#include "simulated_issuer/issue.hpp"
#include "simulated_issuer/register.hpp"

namespace madoguchi::simulated_ca {

using simulated_issuer::CaFolder;
using simulated_issuer::CertificateHandle;
using simulated_issuer::Entry;
using simulated_issuer::from_der;
using simulated_issuer::Handle;
using simulated_issuer::Kind;
using simulated_issuer::to_der;
using std::chrono::January;
using std::chrono::year;

// OpenSSL reads the system's clock, so a test cannot choose another day; it counts from today.
class SystemClock final : public base::Clock {
 public:
  [[nodiscard]] base::Instant now() const override;
};

using tests::TemporaryFolder;

// Cards' keys 0 to 4, made once a build; each test has a register of its own.
EVP_PKEY* key_number(std::size_t number);
base::Bytes spki_of(EVP_PKEY* key);
base::Bytes spki_of(const X509* certificate);
base::Bytes subject_of(const X509* certificate);
base::Bytes alternative_names_of(const X509* certificate);

class CaTest : public testing::Test {
 protected:
  CaTest();

  // As after the program was ended and started again.
  void restart();
  void plan(const std::string& fault);
  base::Date today() const { return base::date_in_japan(clock_.now()); }
  base::Date in_months(int months) const { return base::add_months_clamped(today(), months); }
  // A certificate of that kind, entered as the card factory does; ends on `last_day`.
  Entry enter(Kind kind, EVP_PKEY* key, base::Date last_day, const simulated_issuer::Holding& holding = {});
  Entry entry(const std::string& serial) { return issued_->find(serial).value().value(); }
  Entry entry_of(const X509* certificate);

  SystemClock clock_;
  TemporaryFolder temporary_;
  CaFolder folder_;
  std::unique_ptr<simulated_issuer::Register> issued_;
  FaultPlan faults_;
  std::unique_ptr<CmpServer> server_;
  Entry signature_, authentication_;  // the holder's, about to end; keys 0 and 1
};

}  // namespace madoguchi::simulated_ca
