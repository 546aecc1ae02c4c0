// What the authority says of a certificate, as a clerk is told.
#pragma once

#include <boost/json/object.hpp>

#include "authority/status_inquiry.hpp"

namespace madoguchi::api {

// {status, source, as_of, reason, ja, en}.
boost::json::object told_of(const authority::CertificateStatus& status);

}  // namespace madoguchi::api
