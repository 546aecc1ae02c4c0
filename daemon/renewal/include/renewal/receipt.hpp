// What is printed for the holder when a case is complete, and for the clerk when one needs a person.
#pragma once

#include <boost/json/object.hpp>

#include "renewal/case.hpp"

namespace madoguchi::renewal {

// The sheet of a completed case: for each certificate what a copy of it states (電子証明書の写し,
// 公的個人認証法 施行規則 art. 10) and which one it replaces. The holder's name is not on it: the daemon
// keeps none. Of a case of which one certificate is done and another is not, whether that can yet be finished
// or not: which is which (`done` of each), until when the one from before serves (`usable_until`, where
// nothing has been done to it), and what the holder does about the rest (`remaining`). conflict while nothing
// is complete.
base::Result<boost::json::object> receipt_of(const Case& visit, base::Instant printed_at);

// The slip of a case that needs a person: what is certain about each certificate, and what to look at first.
// conflict when nothing is the matter.
base::Result<boost::json::object> incident_slip_of(const Case& visit, base::Instant printed_at);

}  // namespace madoguchi::renewal
