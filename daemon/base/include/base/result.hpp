// A value or a fault. GCC 12 has no std::expected in C++20; Boost.System has its like.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include "base/fault.hpp"

namespace madoguchi::base {

template <class T>
using Result = boost::system::result<T, Fault>;

// Called by Result::value() on a fault: taking a value that is not there is a programming error.
[[noreturn]] void throw_exception_from_error(const Fault& fault, const boost::source_location& where);

}  // namespace madoguchi::base
