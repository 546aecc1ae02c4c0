// The counter of the methods' own tests, kept from one input to the next.
#pragma once

#include "support.hpp"

namespace madoguchi::fuzz {

// A new one after so many cases that looking through them would be all that it does.
api::test::Counter& a_counter();

}  // namespace madoguchi::fuzz
