// What the authority says of a certificate, as a clerk is told, and whether it is asked.
#pragma once

#include <boost/json/object.hpp>

#include "authority/status_inquiry.hpp"
#include "counter/desk.hpp"
#include "rpc/method.hpp"

namespace madoguchi::api {

// {status, source, as_of, reason, ja, en}.
boost::json::object told_of(const authority::CertificateStatus& status);

// A case as clients see it: the store keeps no words.
boost::json::object told_of(const renewal::Case& visit);

// Whether the authority is asked in a call that reads certificates of a case's card.
rpc::Param status_param();
counter::AskStatus asked_status(const boost::json::object& params);

}  // namespace madoguchi::api
