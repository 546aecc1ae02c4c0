#include "simulated_ca/service.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "simulated_ca/certificate_status.hpp"

namespace madoguchi::simulated_ca {

base::Result<std::unique_ptr<Service>> Service::open(const std::filesystem::path& path,
                                                     const base::Clock& clock) {
  auto folder = simulated_issuer::CaFolder::load(path);
  if (!folder) return folder.error();
  auto issued = simulated_issuer::Register::open(*folder);
  if (!issued) return issued.error();
  std::unique_ptr<Service> service(new Service(*std::move(folder), *std::move(issued), clock));
  auto cmp = CmpServer::open(service->folder_, service->issued_, service->faults_, clock);
  if (!cmp) return cmp.error();
  service->cmp_ = *std::move(cmp);
  return service;
}

CmpAnswer Service::cmp(base::ByteView request) {
  const std::scoped_lock lock(mutex_);
  return cmp_->handle(request);
}

base::Result<base::Bytes> Service::ocsp(base::ByteView request) {
  const std::scoped_lock lock(mutex_);
  return answer_ocsp(folder_, issued_, request, clock_.now());
}

base::Result<base::Bytes> Service::crl(simulated_issuer::Kind kind) {
  const std::scoped_lock lock(mutex_);
  return make_crl(folder_, issued_, kind, clock_.now());
}

base::Result<void> Service::control(std::string_view order) {
  boost::json::error_code error;
  const auto parsed = boost::json::parse(boost::json::string_view(order.data(), order.size()), error);
  if (error) return base::make_fault(base::Code::invalid_params, "fault order: " + error.message());
  const std::scoped_lock lock(mutex_);
  return faults_.add(parsed);
}

std::string Service::state() const {
  const std::scoped_lock lock(mutex_);
  boost::json::object received;
  for (const auto& [body, count] : cmp_->received()) received[body] = count;
  return boost::json::serialize(
      boost::json::object{{"faults", faults_.describe()}, {"received", std::move(received)}});
}

}  // namespace madoguchi::simulated_ca
