// What a case waits for, in the words of its hold: from the letter to its last day, and who ends the waiting.
#pragma once

#include <madoguchi/step.hpp>
#include <string>

#include "inquiry.hpp"

namespace proxy_two_visit {

struct Words {
  std::string ja;
  std::string en;
};

// Of an inquiry that has a letter.
Words waits_for(const Inquiry& inquiry);

// Of a letter that is out with the days of another one that asked otherwise.
Words not_told_apart();

// Of what makes another letter follow. `told_since`: no second visit, but of a PIN that was told since the
// letter was posted.
Words why_again(bool told_since);

// Of the visit at which it goes on: the proxy's second, or that of somebody who needs no answer.
Words came_again(const Inquiry& inquiry, bool by_proxy);

}  // namespace proxy_two_visit
