// What of the service's log may leave the house: of lines whose id the book of messages has, the time, the
// level and plain numbers. No text of a line, since anybody's words may stand in one.
#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <string_view>

namespace madoguchi::cli {

// Of a log in any of the three forms that the service writes; the last `most` lines that tell something.
boost::json::array log_without_texts(std::string_view log, std::size_t most);

}  // namespace madoguchi::cli
